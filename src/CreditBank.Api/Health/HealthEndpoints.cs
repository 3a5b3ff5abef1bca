using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CreditBank.Api.Health;

/// <summary>
/// <c>/health/live</c> says that the process runs; <c>/health/ready</c> whether it can do its work, part by part.
/// </summary>
internal static class HealthEndpoints
{
    /// <summary>The tag of checks that readiness asks.</summary>
    public const string Ready = "ready";

    public static void AddHealth(this IServiceCollection services)
    {
        services.AddHostedService<CalendarHealth>();
        services
            .AddHealthChecks()
            .AddCheck<StorageHealth>("database", tags: [Ready])
            .AddCheck<ProjectionHealth>("projections", tags: [Ready])
            .AddCheck<CalendarHealth>("calendar", tags: [Ready]);
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false, ResponseWriter = Write }).AllowAnonymous();
        app.MapHealthChecks(
                "/health/ready",
                new() { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = Write }
            )
            .AllowAnonymous();
    }

    private static Task Write(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new
            {
                status = Word(report.Status),
                checks = report.Entries.ToDictionary(
                    entry => entry.Key,
                    entry => new { status = Word(entry.Value.Status), entry.Value.Description }
                ),
            },
            JsonSerializerOptions.Web,
            context.RequestAborted
        );

    private static string Word(HealthStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}

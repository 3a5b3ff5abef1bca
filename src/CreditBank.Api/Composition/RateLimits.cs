using System.Globalization;
using System.Threading.RateLimiting;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using Microsoft.AspNetCore.Authorization;

namespace CreditBank.Api.Composition;

/// <summary>How often the same address may call without a token, a minute.</summary>
public sealed class RateLimitSettings
{
    /// <summary>Reads of what is public.</summary>
    public int PublicReads { get; init; } = 600;

    /// <summary>Evaluations without an account, which cost more.</summary>
    public int PublicEvaluations { get; init; } = 60;
}

/// <summary>Limits on what anyone may call; who brings a token is not limited here.</summary>
internal static class RateLimits
{
    public static void AddRateLimits(this IServiceCollection services, RateLimitSettings settings) =>
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                Of(context, settings)
            );
            options.OnRejected = async (rejected, _) =>
            {
                if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after))
                {
                    var seconds = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds));
                    rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                }

                await BareAnswers.Write(rejected.HttpContext);
            };
        });

    private static RateLimitPartition<string> Of(HttpContext context, RateLimitSettings settings)
    {
        var isOpen = context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        if (!isOpen || context.Caller() != Caller.Anonymous)
        {
            return RateLimitPartition.GetNoLimiter(string.Empty);
        }

        var address = context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        var isRead = HttpMethods.IsGet(context.Request.Method);
        return RateLimitPartition.GetFixedWindowLimiter(
            (isRead ? "read " : "evaluate ") + address,
            _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = isRead ? settings.PublicReads : settings.PublicEvaluations,
                Window = TimeSpan.FromMinutes(1),
                QueueLimit = 0,
            }
        );
    }
}

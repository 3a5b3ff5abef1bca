using System.Net.Http.Headers;
using CreditBank.Api;
using CreditBank.Api.Access;
using CreditBank.Api.AuditLog;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Postgres;
using JasperFx.CodeGeneration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Wolverine;

namespace CreditBank.Benchmarks;

/// <summary>Where benchmarks run: a real server that waits for the disk.</summary>
/// <param name="Postgres">The server.</param>
/// <param name="Scale">1 for the sizes of the targets; smaller for a quick look.</param>
/// <param name="Kept">Where the export of a million events is left behind; none deletes it.</param>
internal sealed record BenchmarkContext(ThrowawayPostgres Postgres, decimal Scale, string? Kept)
{
    /// <summary>A number of rows at this scale.</summary>
    public int Rows(int rows) => Math.Max(1, (int)(rows * Scale));

    /// <summary>The whole service in this process, on a database and a port of its own.</summary>
    /// <param name="auditLog">How the audit log runs; none for off.</param>
    public async Task<RunningService> Start(AuditLogSettings? auditLog = null)
    {
        var settings = new ServiceSettings
        {
            ConnectionString = await Postgres.CreateDatabaseAsync(),
            Keys = new VaultKeys([.. Enumerable.Range(1, 32).Select(number => (byte)number)]),
            Mode = new DeploymentMode(IsTrial: true, Authentication.DevelopmentIssuer),
            AuditLog = auditLog ?? AuditLogSettings.Off,
        };
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Service.Register(builder, settings);
        builder.Services.ConfigureWolverine(options =>
        {
            // The baselines' endpoints live here and have no pre-generated adapters.
            options.Discovery.IncludeAssembly(typeof(BenchmarkContext).Assembly);
            options.CodeGeneration.TypeLoadMode = TypeLoadMode.Dynamic;
        });
        var app = builder.Build();
        Service.Map(app);
        await app.StartAsync();
        return new RunningService(app, settings);
    }
}

/// <summary>A service that runs, and callers for it.</summary>
internal sealed class RunningService(WebApplication app, ServiceSettings settings) : IAsyncDisposable
{
    public const string InstitutionId = "bench";

    public T Get<T>()
        where T : class => app.Services.GetRequiredService<T>();

    /// <summary>A client with the token of a role.</summary>
    public HttpClient As(string role, string? institution = null, string? subject = null, string? account = null)
    {
        var token = IssueDevelopmentTokenEndpoint.Sign(
            new IssueDevelopmentToken
            {
                Roles = [role],
                Institution = institution,
                Subject = subject,
                Account = account,
            },
            settings.Keys,
            SystemClock.Instance.GetCurrentInstant()
        );
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromHours(1) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
        return client;
    }

    /// <summary>Registers the institution that posts.</summary>
    public async Task RegisterInstitution()
    {
        using var client = As(CallerRoles.Operator);
        const string Body = """
            {"institutionId":"bench","name":{"zh":"基准大学","en":"Benchmark University"},"kind":"university",
             "country":"CN","unifiedSocialCreditCode":"12310000000000019X",
             "accreditation":{"kinds":["academicCourse"],"from":"1990-01-01"}}
            """;
        await Send(client, "/v1/institutions", Body);
    }

    /// <summary>Registers another institution, abroad, that may post and receive what the shipped rules name.</summary>
    public async Task RegisterInstitution(string institutionId)
    {
        using var client = As(CallerRoles.Operator);
        var body =
            $"{{\"institutionId\":\"{institutionId}\","
            + $"\"name\":{{\"zh\":\"{institutionId}\",\"en\":\"{institutionId}\"}},"
            + "\"kind\":\"university\",\"country\":\"GB\","
            + "\"accreditation\":{\"kinds\":[\"academicCourse\"],\"from\":\"1990-01-01\"}}";
        await Send(client, "/v1/institutions", body);
    }

    /// <summary>Posts JSON and expects success.</summary>
    public static Task<string> Send(HttpClient client, string path, string json) =>
        Send(client, HttpMethod.Post, path, json);

    /// <summary>Sends JSON and expects success.</summary>
    public static async Task<string> Send(HttpClient client, HttpMethod method, string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? text
            : throw new InvalidOperationException($"{path} answered {response.StatusCode}: {text}");
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

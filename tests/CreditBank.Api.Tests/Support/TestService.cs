using Alba;
using CreditBank.Api.Access;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Postgres;
using JasperFx.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.Tests.Support;

/// <summary>
/// The whole service on a real database of its own; one for all tests of the assembly that do not ask for more.
/// </summary>
public sealed class TestService : IAsyncDisposable
{
    private const string ServiceRole = "test_service";

    private static readonly Lazy<Task<TestService>> Shared = new(() => StartAsync());

    /// <summary>The role that services run as, made once: it belongs to the server and not to a database.</summary>
    private static readonly Lazy<Task> Role = new(async () =>
        await (await ThrowawayPostgres.SharedAsync()).Server.EnsureRoleAsync(ServiceRole)
    );

    private TestService(IAlbaHost host, ServiceSettings settings)
    {
        Host = host;
        Settings = settings;
    }

    public IAlbaHost Host { get; }

    public ServiceSettings Settings { get; }

    /// <summary>The connection of the schema's owner, for what somebody with its password could do.</summary>
    public string OwnersConnection => Settings.OwnerConnectionString ?? Settings.ConnectionString;

    public IServiceProvider Services => Host.Services;

    public static Task<TestService> SharedAsync() => Shared.Value;

    /// <summary>A service of its own: other settings, another clock, a database nobody else touches.</summary>
    public static async Task<TestService> StartAsync(
        Func<ServiceSettings, ServiceSettings>? settings = null,
        Action<IServiceCollection>? services = null
    )
    {
        JasperFxEnvironment.AutoStartHost = true;
        var postgres = await ThrowawayPostgres.SharedAsync();
        var owner = await postgres.CreateDatabaseAsync();
        await Role.Value;
        var chosen = new ServiceSettings
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(owner)
            {
                Username = ServiceRole,
                Password = postgres.Server.Connection("postgres", ServiceRole).Password,
                MaxPoolSize = 30,
            }.ConnectionString,
            OwnerConnectionString = owner,
            Keys = new VaultKeys([.. Enumerable.Range(1, 32).Select(number => (byte)number)]),
            Mode = new DeploymentMode(IsTrial: true, Authentication.DevelopmentIssuer),
            Books = new(4),
        };
        chosen = settings?.Invoke(chosen) ?? chosen;
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        Service.Register(builder, chosen);
        services?.Invoke(builder.Services);
        return new TestService(await AlbaHost.For(builder, Service.Map), chosen);
    }

    /// <summary>A caller with these roles.</summary>
    public TestCaller As(string role, string? institution = null, string? account = null, string? subject = null) =>
        As([role], institution, account, subject);

    /// <summary>A caller with these roles.</summary>
    public TestCaller As(
        IReadOnlyList<string> roles,
        string? institution = null,
        string? account = null,
        string? subject = null
    )
    {
        var token = IssueDevelopmentTokenEndpoint.Sign(
            new IssueDevelopmentToken
            {
                Roles = roles,
                Institution = institution,
                Account = account,
                Subject = subject,
            },
            Settings.Keys,
            SystemClock.Instance.GetCurrentInstant()
        );
        return new TestCaller(Host.Server.CreateClient(), token.AccessToken);
    }

    /// <summary>A caller without a token.</summary>
    public TestCaller Anonymous() => new(Host.Server.CreateClient(), null);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

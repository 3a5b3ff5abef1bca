using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using CreditBank.Ledger.Audit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>A service with its audit log on, a database and a folder of its own.</summary>
public sealed class AuditService : IAsyncDisposable
{
    public const string Bank = "bank.example";

    private AuditService(TestService service, string folder) => (Service, Folder) = (service, folder);

    public TestService Service { get; }

    public string Folder { get; }

    public string TilesFolder => Path.Combine(Folder, "tiles");

    public AuditLogs Logs => Service.Services.GetRequiredService<AuditLogs>();

    public AuditLogStatus Status => Service.Services.GetRequiredService<AuditLogStatus>();

    public LogReader Reader => Service.Services.GetRequiredService<LogReader>();

    public LedgerBooks Books => Service.Services.GetRequiredService<LedgerBooks>();

    public static AuditLogSettings Settings(string folder) =>
        new()
        {
            IsOn = true,
            BankName = Bank,
            Seeds = [Seed(1)],
            Folder = Path.Combine(folder, "signed"),
            TilesFolder = Path.Combine(folder, "tiles"),
        };

    public static byte[] Seed(byte value) => [.. Enumerable.Repeat(value, 32)];

    /// <summary>Starts a service; with another one's database and folder, it is the same bank again.</summary>
    public static async Task<AuditService> StartAsync(
        Func<AuditLogSettings, AuditLogSettings>? change = null,
        AuditService? sameAs = null
    )
    {
        var folder = sameAs?.Folder ?? Directory.CreateTempSubdirectory("creditbank-audit-").FullName;
        var settings = Settings(folder);
        settings = change?.Invoke(settings) ?? settings;
        var service = await TestService.StartAsync(given =>
            given with
            {
                AuditLog = settings,
                ConnectionString = sameAs?.Service.Settings.ConnectionString ?? given.ConnectionString,
                OwnerConnectionString = sameAs?.Service.Settings.OwnerConnectionString ?? given.OwnerConnectionString,
            }
        );
        return new AuditService(service, folder);
    }

    /// <summary>Seals and signs everything there is.</summary>
    public Task CatchUpAsync() =>
        Service.Services.GetRequiredService<AuditLogWorker>().CatchUpAsync(CancellationToken.None);

    /// <summary>Compares a book with its log whole.</summary>
    public Task<IReadOnlyList<AuditAlarm>> SweepAsync(string book) =>
        Service.Services.GetRequiredService<SweepWorker>().RunAsync(book, CancellationToken.None);

    /// <summary>The newest checkpoint of a log, with its signature checked.</summary>
    public async Task<Checkpoint> CheckpointAsync(string log)
    {
        var signed = await Reader.CheckpointAsync(log, CancellationToken.None);
        Assert.NotNull(signed);
        Assert.True(signed.TryVerify(Logs.OriginOf(log), Logs.KeysOf(log), out var problem), problem);
        return signed.Checkpoint;
    }

    /// <summary>
    /// Runs SQL with the rights of the owner, as an attacker with the database's password would: the guard of the
    /// events is switched off around it and on again.
    /// </summary>
    public Task<int> SqlAsync(string sql) =>
        GuardedSqlAsync($"set session_replication_role = replica; {sql}; set session_replication_role = origin");

    /// <summary>Runs SQL with the guard on.</summary>
    public async Task<int> GuardedSqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Service.OwnersConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

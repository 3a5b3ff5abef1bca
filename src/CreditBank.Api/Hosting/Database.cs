using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Postgres;

namespace CreditBank.Api.Hosting;

/// <summary>
/// The database the service runs on: the embedded one it started itself, or a server of the operator's.
/// </summary>
internal sealed class Database(
    string connectionString,
    VaultKeys keys,
    AuditLogSettings auditLog,
    EmbeddedPostgres? embedded
) : IAsyncDisposable
{
    private const string CheckpointKeyFile = "checkpoint.key";
    private const string AuditFolder = "audit";

    public const string Name = "creditbank";

    public string ConnectionString => connectionString;

    public VaultKeys Keys => keys;

    /// <summary>How the audit log runs.</summary>
    public AuditLogSettings AuditLog => auditLog;

    /// <summary>The embedded database; none with a server of one's own.</summary>
    public EmbeddedPostgres? Embedded => embedded;

    public static async Task<Database> OpenAsync(
        IConfiguration configuration,
        StartOptions options,
        ILogger log,
        CancellationToken cancellation
    )
    {
        if (configuration.GetConnectionString("CreditBank") is { Length: > 0 } configured)
        {
            var auditLog = options.Audit.ToSettings(options.CheckpointSeeds(), null);
            return new Database(configured, options.ConfiguredKeys(), auditLog, null);
        }

        var folder = options.DataFolder is { } chosen ? Path.GetFullPath(chosen) : PostgresFolders.DefaultData();
        var embedded = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataFolder = folder },
            log,
            cancellation
        );
        await embedded.EnsureDatabaseAsync(Name, cancellation);
        return new Database(
            embedded.ConnectionString(Name),
            options.MasterKey is null ? MasterKeyFile.ReadOrCreate(folder) : options.ConfiguredKeys(),
            options.Audit.ToSettings(
                options.CheckpointKey is null
                    ? [KeyFile.ReadOrCreate(Path.Combine(folder, CheckpointKeyFile))]
                    : options.CheckpointSeeds(),
                Path.Combine(folder, AuditFolder)
            ),
            embedded
        );
    }

    public ValueTask DisposeAsync() => embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}

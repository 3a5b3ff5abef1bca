using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Postgres;

namespace CreditBank.Api.Hosting;

/// <summary>
/// The database the service runs on: the embedded one it started itself, or a server of the operator's.
/// </summary>
internal sealed class Database(
    string connectionString,
    string? ownerConnectionString,
    VaultKeys keys,
    AuditLogSettings auditLog,
    EmbeddedPostgres? embedded
) : IAsyncDisposable
{
    private const string CheckpointKeyFile = "checkpoint.key";

    /// <summary>Where the last signed checkpoints lie in the data folder.</summary>
    public const string AuditFolder = "audit";

    public const string Name = "creditbank";

    /// <summary>The role that the service runs as in the embedded database.</summary>
    public const string ServiceRole = "creditbank_service";

    /// <summary>The service's connection.</summary>
    public string ConnectionString => connectionString;

    /// <summary>The connection of the schema's owner; none where it was not given.</summary>
    public string? OwnerConnectionString => ownerConnectionString;

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
        if (Configured(configuration) is var (service, owner))
        {
            var auditLog = options.Audit.ToSettings(options.CheckpointSeeds(), null);
            return new Database(service, owner, options.ConfiguredKeys(), auditLog, null);
        }

        var folder = options.DataFolder is { } chosen ? Path.GetFullPath(chosen) : PostgresFolders.DefaultData();
        var embedded = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataFolder = folder },
            log,
            cancellation
        );
        await embedded.EnsureDatabaseAsync(Name, cancellation);
        await embedded.EnsureRoleAsync(ServiceRole, cancellation);
        return new Database(
            embedded.ConnectionString(Name, ServiceRole),
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

    /// <summary>The connections to a server of the operator's; none means the embedded database.</summary>
    /// <exception cref="StartRefusedException">Only the owner's is there.</exception>
    public static (string Service, string? Owner)? Configured(IConfiguration configuration)
    {
        var service = configuration.GetConnectionString("CreditBank");
        var owner = configuration.GetConnectionString("CreditBankOwner");
        if (string.IsNullOrEmpty(service))
        {
            return string.IsNullOrEmpty(owner)
                ? null
                : throw new StartRefusedException(
                    "ConnectionStrings__CreditBankOwner is given without ConnectionStrings__CreditBank: the service "
                        + "needs a role of its own."
                );
        }

        return (service, string.IsNullOrEmpty(owner) ? null : owner);
    }

    public ValueTask DisposeAsync() => embedded?.DisposeAsync() ?? ValueTask.CompletedTask;
}

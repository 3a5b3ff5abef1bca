using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CreditBank.Postgres;

/// <summary>
/// Copies the cluster of a data folder while its service runs, and puts a copy in its place again. PostgreSQL's own
/// low-level base backup (<c>pg_backup_start</c>, <c>pg_backup_stop</c>): it needs the server and nothing else, because
/// not every package brings <c>pg_basebackup</c>.
/// </summary>
public static class ClusterBackup
{
    /// <summary>The folder's name in a data folder and in a backup.</summary>
    public const string ClusterFolder = "cluster";

    private const string Label = "backup_label";
    private const string WriteAheadLog = "pg_wal";

    /// <summary>Folders that a server fills anew when it starts; they are kept, and what is in them is not.</summary>
    private static readonly HashSet<string> Emptied =
    [
        WriteAheadLog,
        "pg_dynshmem",
        "pg_notify",
        "pg_replslot",
        "pg_serial",
        "pg_snapshots",
        "pg_stat_tmp",
        "pg_subtrans",
    ];

    private static readonly HashSet<string> LeftOut = ["postmaster.pid", "postmaster.opts", Label, "tablespace_map"];

    /// <summary>Copies a cluster. The state of the copy is that of the moment at which this ends.</summary>
    /// <param name="options">The data folder; its server is used when it runs, else one is started meanwhile.</param>
    /// <param name="target">The folder that the cluster is copied into; it must not exist.</param>
    /// <param name="log">Told about every step that takes time.</param>
    /// <param name="ct">Gives up; what was copied is of no use then.</param>
    /// <returns>The position in the write-ahead log through which the copy goes.</returns>
    /// <exception cref="PostgresUnavailableException">There is no cluster, or its server cannot be reached.</exception>
    public static async Task<string> CopyAsync(
        EmbeddedPostgresOptions options,
        string target,
        ILogger log,
        CancellationToken ct = default
    )
    {
        var folder = new DataFolder(Path.GetFullPath(options.DataFolder));
        if (folder.Major() is null)
            throw new PostgresUnavailableException(
                PostgresUnavailableException.FolderForeign,
                $"There is no cluster in {folder.Root}: there is nothing to back up."
            );
        await using var own = await StartUnlessRunningAsync(options, log, ct);
        var settings = own?.Connection("postgres") ?? RunningConnection(folder);
        settings.Pooling = false;
        settings.CommandTimeout = 0;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(ct);

        // The slot keeps the log that the copy needs from being recycled; it goes with this session.
        var slot = $"creditbank_backup_{Environment.ProcessId}";
        await ScalarAsync(connection, $"select pg_create_physical_replication_slot('{slot}', true, true)::text", ct);
        await ScalarAsync(connection, "select pg_backup_start('creditbank', true)::text", ct);
        CopyFolder(folder.Cluster, target, IsCopied, ct);
        var (position, label) = await StopAsync(connection, ct);
        DurableCopy.Write(Path.Combine(target, Label), label);
        CopyFolder(Path.Combine(folder.Cluster, WriteAheadLog), Path.Combine(target, WriteAheadLog), _ => true, ct);
        return position;
    }

    /// <summary>
    /// Puts a copied cluster into a data folder. A cluster that is there is kept beside it under another name.
    /// </summary>
    /// <param name="source">The copied cluster.</param>
    /// <param name="dataFolder">A new or empty folder, or one of this service that does not run.</param>
    /// <param name="suffix">What the name of a replaced cluster ends with; no such name may exist yet.</param>
    /// <param name="within">Done while the data folder is held, after the cluster was put in place.</param>
    /// <param name="ct">Gives up; the data folder is as it was.</param>
    /// <exception cref="PostgresUnavailableException">The data folder is in use or holds something else.</exception>
    public static void Restore(
        string source,
        string dataFolder,
        string suffix,
        Action within,
        CancellationToken ct = default
    )
    {
        var folder = new DataFolder(Path.GetFullPath(dataFolder));
        folder.Create();
        using var held = FolderLock.Take(folder.Root);
        RequireNoServer(folder);
        var unfinished = folder.NewUnfinished();
        CopyFolder(source, unfinished, _ => true, ct);
        if (Directory.Exists(folder.Cluster))
            Directory.Move(folder.Cluster, folder.Cluster + suffix);
        Directory.Move(unfinished, folder.Cluster);
        within();
    }

    private static async Task<EmbeddedPostgres?> StartUnlessRunningAsync(
        EmbeddedPostgresOptions options,
        ILogger log,
        CancellationToken ct
    )
    {
        try
        {
            return await EmbeddedPostgres.StartAsync(options, log, ct);
        }
        catch (PostgresUnavailableException running) when (running.Code == PostgresUnavailableException.FolderInUse)
        {
            return null;
        }
    }

    /// <summary>How to reach the server of a running service, from what it noted in its file.</summary>
    private static NpgsqlConnectionStringBuilder RunningConnection(DataFolder folder)
    {
        var lines = File.Exists(folder.PidFile) ? File.ReadAllLines(folder.PidFile) : [];
        if (lines is not [_, _, _, var port, var socket, ..] || !folder.KnowsPasswordOf(EmbeddedPostgres.Owner))
            throw new PostgresUnavailableException(
                PostgresUnavailableException.StartFailed,
                $"A service holds {folder.Root}, and its PostgreSQL does not run. Try again in a minute."
            );
        return new NpgsqlConnectionStringBuilder
        {
            Host = socket.Length > 0 ? socket : "127.0.0.1",
            Port = int.Parse(port, CultureInfo.InvariantCulture),
            Database = "postgres",
            Username = EmbeddedPostgres.Owner,
            Password = folder.PasswordOf(EmbeddedPostgres.Owner),
            ApplicationName = "CreditBank backup",
            SslMode = SslMode.Disable,
        };
    }

    private static void RequireNoServer(DataFolder folder)
    {
        if (File.Exists(folder.PidFile) && Directory.Exists($"/proc/{File.ReadLines(folder.PidFile).First().Trim()}"))
            throw new PostgresUnavailableException(
                PostgresUnavailableException.FolderInUse,
                $"A PostgreSQL still runs on {folder.Cluster}. Stop it, or restore into another data folder."
            );
    }

    private static async Task<(string Position, byte[] Label)> StopAsync(
        NpgsqlConnection connection,
        CancellationToken ct
    )
    {
        const string Sql = "select lsn::text, labelfile from pg_backup_stop(wait_for_archive => false)";
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetString(0), System.Text.Encoding.UTF8.GetBytes(reader.GetString(1)));
    }

    private static async Task ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Whether a file of the cluster, named from the cluster on, goes into the copy.</summary>
    private static bool IsCopied(string path)
    {
        var top = path.Split('/')[0];
        return !Emptied.Contains(top)
            && !LeftOut.Contains(path)
            && !Path.GetFileName(path).StartsWith("pg_internal.init", StringComparison.Ordinal)
            && !path.Split('/').Any(part => part.StartsWith("pgsql_tmp", StringComparison.Ordinal));
    }

    /// <summary>
    /// Copies what is there. A file that the server removes meanwhile is none of the backup's: the log says so.
    /// </summary>
    private static void CopyFolder(string source, string target, Func<string, bool> isCopied, CancellationToken ct)
    {
        DurableCopy.MakeFolder(target);
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            ct.ThrowIfCancellationRequested();
            var path = Path.GetRelativePath(source, entry.FullName);
            if (entry.LinkTarget is not null)
                throw new PostgresUnavailableException(
                    PostgresUnavailableException.FolderForeign,
                    $"{entry.FullName} leads out of the data folder; a backup would not hold it."
                );
            if (entry is DirectoryInfo)
            {
                if (!path.Contains('/') || isCopied(path + "/any"))
                    DurableCopy.MakeFolder(Path.Combine(target, path));
            }
            else if (isCopied(path.Replace('\\', '/')))
                DurableCopy.CopyIfThere(entry.FullName, Path.Combine(target, path));
        }
    }
}

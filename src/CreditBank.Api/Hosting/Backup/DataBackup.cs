using System.Globalization;
using CreditBank.Api.AuditLog;
using CreditBank.Ledger.Audit;
using CreditBank.Postgres;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.Hosting.Backup;

/// <summary>
/// Backs a data folder up whole, while its service runs: the cluster, the keys, the passwords, and the last signed
/// checkpoints. A backup holds keys: who reads it reads every name in the vault.
/// </summary>
internal static class DataBackup
{
    private const string Unfinished = ".unfinished";
    private const string CheckpointFiles = "*.checkpoint";

    private static readonly InstantPattern Stamp = InstantPattern.CreateWithInvariantCulture("yyyyMMdd'T'HHmmss'Z'");

    /// <summary>Writes a backup.</summary>
    /// <param name="dataFolder">The data folder of the embedded database.</param>
    /// <param name="target">Where to; nothing may be there yet. It gets this name only when it is complete.</param>
    /// <param name="log">Told what takes time.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was done, in words.</returns>
    /// <exception cref="StartRefusedException">Something is there already.</exception>
    public static async Task<string> WriteAsync(
        string dataFolder,
        string target,
        ILogger log,
        CancellationToken cancellation
    )
    {
        target = Path.GetFullPath(target);
        var unfinished = target + Unfinished;
        if (Path.Exists(target) || Path.Exists(unfinished))
        {
            throw new StartRefusedException($"{target} or {unfinished} exists already: choose another name.");
        }

        DurableCopy.MakeFolder(unfinished);
        // The signed checkpoints first: the cluster that is copied afterwards continues each of them.
        CopySigned(Path.Combine(dataFolder, Database.AuditFolder), Path.Combine(unfinished, Database.AuditFolder));
        foreach (var file in KeysOf(dataFolder))
        {
            DurableCopy.Copy(file, Path.Combine(unfinished, Path.GetFileName(file)));
        }

        var position = await ClusterBackup.CopyAsync(
            new EmbeddedPostgresOptions { DataFolder = dataFolder },
            Path.Combine(unfinished, ClusterBackup.ClusterFolder),
            log,
            cancellation
        );
        RequireSameKeys(dataFolder, unfinished);
        var files = BackupSums.Write(unfinished);
        Directory.Move(unfinished, target);
        var keys = File.Exists(Path.Combine(target, MasterKeyFile.FileName))
            ? "The master key is in it: keep it as you keep the key."
            : "The master key was configured and is not in it: keep it elsewhere.";
        return $"{files:n0} files in {target}, through {position}. {keys}";
    }

    /// <summary>
    /// Puts a backup in the place of what a data folder holds. What was there is kept under names that end in
    /// <c>.replaced-</c> and the time; newer signed checkpoints stay, so that the older state is noticed.
    /// </summary>
    /// <param name="backup">A folder that <see cref="WriteAsync"/> wrote.</param>
    /// <param name="dataFolder">A new or empty folder, or one whose service is stopped.</param>
    /// <param name="now">For the names of what is replaced.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was done, in words.</returns>
    /// <exception cref="StartRefusedException">The backup is incomplete or was altered.</exception>
    public static string Restore(string backup, string dataFolder, Instant now, CancellationToken cancellation)
    {
        BackupSums.Check(backup);
        var suffix = $".replaced-{Stamp.Format(now)}";
        var newer = 0;
        ClusterBackup.Restore(
            Path.Combine(backup, ClusterBackup.ClusterFolder),
            dataFolder,
            suffix,
            () =>
            {
                foreach (var file in KeysOf(backup))
                {
                    ReplaceKey(file, Path.Combine(dataFolder, Path.GetFileName(file)), suffix);
                }

                newer = RestoreSigned(
                    Path.Combine(backup, Database.AuditFolder),
                    Path.Combine(dataFolder, Database.AuditFolder)
                );
            },
            cancellation
        );
        var words =
            newer == 0
                ? "Nothing that was signed is later than the backup."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{newer} logs were signed after the backup was taken: the service will say so and sign nothing "
                        + $"for them. See specs/runbooks/backup-and-restore.md."
                );
        return $"Restored into {dataFolder}. {words}";
    }

    private static IEnumerable<string> KeysOf(string folder) =>
        Directory.EnumerateFiles(folder, "*.key").Concat(Directory.EnumerateFiles(folder, "password-*"));

    /// <summary>A cluster beside another master key than the one that seals its ring opens for nobody.</summary>
    private static void RequireSameKeys(string dataFolder, string copies)
    {
        var changed = KeysOf(dataFolder)
            .FirstOrDefault(file => !IsSame(file, Path.Combine(copies, Path.GetFileName(file))));
        if (changed is not null)
        {
            throw new StartRefusedException(
                $"{changed} was replaced while it was backed up. Remove {copies} and begin again."
            );
        }
    }

    private static bool IsSame(string file, string copy) =>
        File.Exists(copy) && File.ReadAllText(file) == File.ReadAllText(copy);

    private static void CopySigned(string source, string target)
    {
        DurableCopy.MakeFolder(target);
        if (Directory.Exists(source))
        {
            foreach (var file in Directory.EnumerateFiles(source, CheckpointFiles))
            {
                DurableCopy.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }
    }

    private static void ReplaceKey(string source, string target, string suffix)
    {
        if (File.Exists(target))
        {
            if (File.ReadAllText(target) == File.ReadAllText(source))
            {
                return;
            }

            File.Move(target, target + suffix);
        }

        DurableCopy.Copy(source, target);
    }

    /// <returns>How many logs have a later checkpoint outside of the backup.</returns>
    private static int RestoreSigned(string source, string target)
    {
        DurableCopy.MakeFolder(target);
        var newer = 0;
        var names = Directory
            .EnumerateFiles(source, CheckpointFiles)
            .Concat(Directory.EnumerateFiles(target, CheckpointFiles));
        foreach (var name in names.Select(path => Path.GetFileName(path)).Distinct().ToList())
        {
            var (saved, kept) = (SizeOf(Path.Combine(source, name)), SizeOf(Path.Combine(target, name)));
            if (saved > kept)
            {
                DurableFile.Write(Path.Combine(target, name), File.ReadAllBytes(Path.Combine(source, name)));
            }
            else if (kept > saved)
            {
                newer++;
            }
        }

        return newer;
    }

    /// <summary>How many leaves a checkpoint names; -1 without one.</summary>
    private static long SizeOf(string path) =>
        File.Exists(path) && SignedCheckpoint.TryParse(File.ReadAllBytes(path), out var checkpoint, out _)
            ? checkpoint.Checkpoint.Size
            : -1;
}

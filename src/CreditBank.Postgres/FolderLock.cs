using System.Globalization;

namespace CreditBank.Postgres;

/// <summary>
/// Keeps a second copy away from a data folder. The lock is one of the operating system on an open file, so it ends
/// with the process however that ends; the file itself stays.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>The name of the file that carries the lock.</summary>
    public const string FileName = "lock";

    private readonly FileStream held;

    private FolderLock(FileStream held) => this.held = held;

    /// <summary>Takes the lock or says who has it, without waiting.</summary>
    /// <exception cref="PostgresUnavailableException"><c>postgres.folder-in-use</c>.</exception>
    public static FolderLock Take(string folder)
    {
        var stream = TryOpen(Path.Combine(folder, FileName));
        var note = Path.Combine(folder, "in-use-by");
        if (stream is null)
        {
            var holder = File.Exists(note) ? File.ReadAllText(note).Trim() : "";
            throw new PostgresUnavailableException(
                PostgresUnavailableException.FolderInUse,
                $"The data folder {folder} is in use by another running copy"
                    + (holder.Length > 0 ? $" (process {holder})" : "")
                    + ". Stop that copy first, or give this one a data folder of its own."
            );
        }
        File.WriteAllText(note, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return new FolderLock(stream);
    }

    private static FileStream? TryOpen(string file)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
        };
        // Who may open the file may lock it, and so keep the service from starting.
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFolders.OwnerFile;
        try
        {
            return new FileStream(file, options);
        }
        catch (IOException inUse) when (inUse is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return null;
        }
    }

    public void Dispose() => held.Dispose();
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CreditBank.Postgres;

/// <summary>
/// The layout of the data folder. What the service writes lies in the folder itself; what PostgreSQL writes lies in
/// subfolders that its user owns, so that a service running as root never writes where another user could plant a link.
/// </summary>
/// <param name="Root">Absolute.</param>
internal sealed record DataFolder(string Root)
{
    /// <summary>The cluster: what PostgreSQL calls its data directory.</summary>
    public string Cluster => Path.Combine(Root, "cluster");

    /// <summary>
    /// A new folder for a cluster in the making, which becomes <see cref="Cluster"/> by renaming when it is complete.
    /// Each attempt has its own: after a kill of the service, an initdb may still be writing into the last one.
    /// </summary>
    public string NewUnfinished() => Path.Combine(Root, $"{UnfinishedPrefix}{Path.GetRandomFileName()}");

    /// <summary>What attempts before this one left.</summary>
    public string[] Unfinished() => Directory.GetDirectories(Root, $"{UnfinishedPrefix}*");

    private const string UnfinishedPrefix = "cluster.unfinished-";

    /// <summary>The folder of the Unix socket.</summary>
    public string Sockets => Path.Combine(Root, "sockets");

    /// <summary>The number in the socket's name; no port is opened by it.</summary>
    public const int SocketPort = 5432;

    /// <summary>
    /// The same where a socket can be opened in it, else none: its path may have 107 bytes on Linux and 103 on macOS.
    /// </summary>
    public string? SocketFolder =>
        Encoding.UTF8.GetByteCount(Sockets) + "/.s.PGSQL.65535.lock".Length <= 103 ? Sockets : null;

    /// <summary>The server's log: one file a weekday, and <c>start.log</c> for what comes before that begins.</summary>
    public string Logs => Path.Combine(Root, "log");

    /// <summary>The settings of this library, written anew at each start.</summary>
    public string SettingsFile => Path.Combine(Root, "settings.conf");

    /// <summary>The file in which the server notes its process and whether it is ready.</summary>
    public string PidFile => Path.Combine(Cluster, "postmaster.pid");

    /// <summary>
    /// Creates the folder where it is missing. An existing one must be empty or an earlier one of this service: its
    /// rights will be changed, and that must not happen to somebody's home.
    /// </summary>
    /// <exception cref="PostgresUnavailableException"><c>postgres.folder-foreign</c>.</exception>
    public void Create()
    {
        if (!Directory.Exists(Root))
        {
            UnixFolders.CreateOpen(Root);
            UnixFolders.SetMode(Root, UnixFolders.OwnerFolder);
            return;
        }
        // A volume of its own comes with lost+found.
        var names = Directory.EnumerateFileSystemEntries(Root).Select(Path.GetFileName).Where(n => n != "lost+found");
        var found = names.ToHashSet(StringComparer.Ordinal);
        if (found.Count > 0 && !found.Contains(FolderLock.FileName) && !found.Contains("cluster"))
            throw new PostgresUnavailableException(
                PostgresUnavailableException.FolderForeign,
                $"{Root} holds other things ({found.First()} among them) and no cluster. Choose an empty or new data "
                    + "folder; its rights are changed so that only PostgreSQL gets in."
            );
    }

    /// <summary>The major version that wrote the cluster; none where there is no cluster yet.</summary>
    /// <exception cref="PostgresUnavailableException"><c>postgres.folder-foreign</c>.</exception>
    public int? Major()
    {
        if (!Directory.Exists(Cluster))
            return null;
        var file = Path.Combine(Cluster, "PG_VERSION");
        var text = File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var major))
            return major;
        throw new PostgresUnavailableException(
            PostgresUnavailableException.FolderForeign,
            $"{Cluster} exists but is no cluster of PostgreSQL: PG_VERSION is missing or unreadable. "
                + "Put the right folder in its place from a backup, or move it away to begin with an empty ledger."
        );
    }

    /// <summary>
    /// Makes the subfolders, gives them to the user that PostgreSQL runs as, and checks that this user gets there.
    /// </summary>
    /// <exception cref="PostgresUnavailableException"><c>postgres.folder-unusable</c>.</exception>
    public async Task GiveToAsync(RunUser user, CancellationToken ct)
    {
        if (user.IsOther)
            UnixFolders.SetMode(Root, UnixFolders.PassableFolder);
        Directory.CreateDirectory(Sockets);
        Directory.CreateDirectory(Logs);

        string[] owned = [.. new[] { Sockets, Logs, Cluster }.Where(Directory.Exists)];
        foreach (var folder in owned)
        {
            var owner = await OwnerAsync(folder, ct);
            if (owner == user.Uid)
            {
                if (!user.IsOther)
                    UnixFolders.SetMode(folder, UnixFolders.OwnerFolder);
                continue;
            }
            if (!user.IsOther)
                throw Unusable(
                    $"{folder} belongs to the user with number {owner}, not to {user.Name} who runs the service. "
                        + $"Correct it with: sudo chown -R {user.Name} {Root}"
                );
            // -h: a link inside must not hand a file elsewhere to that user.
            var change = await Command.RunAsync(Command.Prepare("chown", ["-hR", user.Ids, folder]), ct);
            if (!change.Succeeded)
                throw Unusable($"{folder} could not be given to the user {user.Name}: {change.Error}");
        }
        await CheckReachableAsync(user, ct);
        if (user.IsOther)
            await user.ShellAsync("chmod 700 \"$@\"", "", ct, owned);
    }

    /// <summary>The number of the user who owns a folder; none where the folder is missing.</summary>
    public static async Task<string?> OwnerAsync(string folder, CancellationToken ct)
    {
        var listing = await Command.RunAsync(Command.Prepare("ls", ["-ldn", folder]), ct);
        var columns = listing.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return listing.Succeeded && columns.Length > 3 ? columns[2] : null;
    }

    /// <summary>The password of a role, made at the first question and kept in a file of mode 0600.</summary>
    public string PasswordOf(string role)
    {
        if (KnowsPasswordOf(role))
            return File.ReadAllText(PasswordFile(role)).Trim();
        var password = NewPassword();
        KeepPassword(role, password);
        return password;
    }

    /// <summary>Whether a password for the role is kept here.</summary>
    public bool KnowsPasswordOf(string role) => File.Exists(PasswordFile(role));

    /// <summary>256 random bits.</summary>
    public static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Written beside and renamed, so that a kill never leaves half a password.</summary>
    public void KeepPassword(string role, string password)
    {
        var unfinished = PasswordFile(role) + ".unfinished";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFolders.OwnerFile;
        using (var stream = new FileStream(unfinished, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(password));
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, PasswordFile(role), overwrite: true);
    }

    /// <summary>The file that keeps a role's password.</summary>
    public string PasswordFile(string role) => Path.Combine(Root, $"password-{role}");

    private async Task CheckReachableAsync(RunUser user, CancellationToken ct)
    {
        var steps = new List<string>();
        for (var folder = Root; folder is not null; folder = Path.GetDirectoryName(folder))
            steps.Insert(0, folder);

        const string Script = "for f in \"$@\"; do cd \"$f\" 2>/dev/null || { echo \"$f\"; exit 1; }; done";
        var walk = await user.ShellAsync(Script, "", ct, [.. steps]);
        if (walk.Succeeded)
            return;
        throw Unusable(
            $"PostgreSQL runs as the user {user.Name}, because it refuses root, and {user.Name} cannot enter "
                + $"{walk.Output} on the way to the data folder {Root}. Choose a data folder that others can reach, "
                + $"such as {PostgresFolders.DefaultData()}, or open that folder with: chmod o+x {walk.Output}"
        );
    }

    private static PostgresUnavailableException Unusable(string message) =>
        new(PostgresUnavailableException.FolderUnusable, message);
}

using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CreditBank.Postgres;

/// <summary>Everything that must be settled before the server process can start.</summary>
internal sealed record Preparation(
    EmbeddedPostgresOptions Options,
    ILogger Log,
    DataFolder Folder,
    FolderLock Held,
    RunUser User,
    PostgresBinaries Binaries
)
{
    /// <summary>
    /// The password comes through a pipe made by the server's own user: root's pipe could not be opened by name by
    /// anyone else, and a file or an argument would show it.
    /// </summary>
    private const string InitScript = """
        umask 077
        cluster=$1; shift
        cat | "$@" --pwfile=/dev/stdin && printf "\ninclude '../settings.conf'\n" >>"$cluster/postgresql.conf"
        """;

    /// <summary>Lock, version, programs, user, rights, leftovers and, the first time, the cluster itself.</summary>
    public static async Task<Preparation> RunAsync(EmbeddedPostgresOptions options, ILogger log, CancellationToken ct)
    {
        ClusterSettings.Check(options);
        var folder = new DataFolder(Path.GetFullPath(options.DataFolder));
        try
        {
            folder.Create();
            return await RunAsync(options, log, folder, FolderLock.Take(folder.Root), ct);
        }
        catch (UnauthorizedAccessException closed)
        {
            throw new PostgresUnavailableException(
                PostgresUnavailableException.FolderUnusable,
                $"The user {Environment.UserName} may not write in the data folder {folder.Root}: {closed.Message} "
                    + "Choose a folder that this user may write in.",
                closed
            );
        }
    }

    private static async Task<Preparation> RunAsync(
        EmbeddedPostgresOptions options,
        ILogger log,
        DataFolder folder,
        FolderLock held,
        CancellationToken ct
    )
    {
        try
        {
            var major = folder.Major();
            var ground = SearchGround.ThisMachine(options.CacheFolder).Naming(options.BinariesFolder);
            var source = new BinarySource(ground, Environment.IsPrivilegedProcess, log);
            var binaries = await source.GetAsync(major, options.MayFetch, ct);
            var user = await RunUser.ChooseAsync(options.RunAs, await DataFolder.OwnerAsync(folder.Cluster, ct), ct);
            await folder.GiveToAsync(user, ct);
            await Leftovers.ClearAsync(folder, user, options.StopLimit, log, ct);
            var ready = new Preparation(options, log, folder, held, user, binaries);
            if (major is null)
                await ready.InitialiseAsync(ct);
            else if (!folder.KnowsPasswordOf(EmbeddedPostgres.Owner))
                await ready.SetPasswordAsync(ct);
            return ready;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Writes the settings for the next start.</summary>
    public void WriteSettings(string? socketFolder, int? port)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        File.WriteAllText(Folder.SettingsFile, ClusterSettings.Text(Options, socketFolder, port, memory));
        UnixFolders.SetMode(Folder.SettingsFile, UnixFolders.OpenFile);
    }

    private async Task InitialiseAsync(CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        Log.LogInformation("Creating a PostgreSQL {Version} cluster in {Folder}", Binaries.Version, Folder.Root);
        RemoveUnfinished();
        var unfinished = Folder.NewUnfinished();
        Directory.CreateDirectory(unfinished);
        if (User.IsOther)
            await Command.RunAsync(Command.Prepare("chown", [User.Ids, unfinished]), ct);

        List<string> command =
        [
            unfinished,
            Binaries.PathOf("initdb"),
            $"--pgdata={unfinished}",
            $"--username={EmbeddedPostgres.Owner}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--data-checksums",
        ];
        if (Options.IsThrowaway)
            command.Add("--no-sync");
        var made = await User.ShellAsync(InitScript, Folder.PasswordOf(EmbeddedPostgres.Owner), ct, [.. command]);
        if (!made.Succeeded)
            throw new PostgresUnavailableException(
                PostgresUnavailableException.InitFailed,
                $"initdb of PostgreSQL {Binaries.Version} could not create a cluster in {Folder.Root}:\n{made.Error}"
            );
        Directory.Move(unfinished, Folder.Cluster);
        Log.LogInformation("Created the cluster in {Milliseconds} ms", watch.ElapsedMilliseconds);
    }

    private void RemoveUnfinished()
    {
        foreach (var folder in Folder.Unfinished())
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException busy)
            {
                Log.LogInformation("{Folder} is still being written and stays: {Reason}", folder, busy.Message);
            }
        }
    }

    /// <summary>
    /// Sets a new password of the owner in a cluster whose password is lost, as after a restore of the cluster alone.
    /// A server in single-user mode asks for none.
    /// </summary>
    private async Task SetPasswordAsync(CancellationToken ct)
    {
        Log.LogWarning("No password is kept for the cluster in {Folder}; setting a new one", Folder.Root);
        WriteSettings(socketFolder: null, port: null);
        var password = DataFolder.NewPassword();
        var statement = $"alter role {EmbeddedPostgres.Owner} password '{EmbeddedPostgres.ScramVerifier(password)}'\n";
        var answer = await User.ShellAsync(
            "cat | \"$@\"",
            statement,
            ct,
            Binaries.PathOf("postgres"),
            "--single",
            "-D",
            Folder.Cluster,
            "postgres"
        );
        // Single-user mode ends well even when the statement did not.
        if (!answer.Succeeded || answer.Error.Contains("ERROR:", StringComparison.Ordinal))
            throw new PostgresUnavailableException(
                PostgresUnavailableException.FolderForeign,
                $"{Folder.Cluster} has no role {EmbeddedPostgres.Owner}, so it was not made by this service, or it is "
                    + $"damaged:\n{answer.Error}"
            );
        Folder.KeepPassword(EmbeddedPostgres.Owner, password);
    }
}

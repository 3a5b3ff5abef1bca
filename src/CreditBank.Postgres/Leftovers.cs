using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace CreditBank.Postgres;

/// <summary>
/// Ends what an earlier server left running on the data folder, and removes the files by which a dead one would keep a
/// new one from starting. Call it with the folder's lock held: then no living service owns these processes.
/// </summary>
internal static class Leftovers
{
    /// <summary>
    /// A server and its processes have the cluster as their working folder. Asked as the server's user, because root
    /// in a container may not look into processes of others.
    /// </summary>
    private const string ListByFolder = """
        (cd "$1" && pwd -P)
        ls -ld /proc/[0-9]*/cwd /proc/[0-9]*/exe 2>/dev/null
        """;

    private static readonly TimeSpan ForcedLimit = TimeSpan.FromSeconds(5);

    /// <summary>Returns when no process works on the cluster.</summary>
    /// <exception cref="PostgresUnavailableException"><c>postgres.folder-in-use</c>: one cannot be ended.</exception>
    public static async Task ClearAsync(
        DataFolder folder,
        RunUser user,
        TimeSpan limit,
        ILogger log,
        CancellationToken ct
    )
    {
        // A server removes its file when it ends in order.
        if (NotedProcess(folder) is not { } noted)
            return;
        var left = await FindAsync(folder, user, ct);
        if (left.Count > 0)
        {
            log.LogWarning("An earlier PostgreSQL still runs on {Folder}; ending it in order", folder.Root);
            left = left.Contains(noted)
                ? await EndAsync(folder, user, "INT", [noted], limit, ct)
                : await EndAsync(folder, user, "QUIT", left, ForcedLimit, ct);
        }
        if (left.Count > 0)
            left = await EndAsync(folder, user, "QUIT", left, ForcedLimit, ct);
        if (left.Count > 0)
            left = await EndAsync(folder, user, "KILL", left, ForcedLimit, ct);
        if (left.Count > 0)
            throw new PostgresUnavailableException(
                PostgresUnavailableException.FolderInUse,
                $"An earlier PostgreSQL still works on {folder.Cluster} and cannot be ended: "
                    + $"process {string.Join(", ", left)}. End it, then start again."
            );

        foreach (var socket in Directory.GetFiles(folder.Sockets, ".s.PGSQL.*"))
            File.Delete(socket);
        // The number of a dead server may belong to another program now, as after a restart of the machine, and then
        // the new server would take that one for a living server. A number that nobody has is left for it to judge.
        if ((await SignalAsync(user, "0", [noted], ct)).Succeeded)
            File.Delete(folder.PidFile);
    }

    private static async Task<IReadOnlyList<string>> EndAsync(
        DataFolder folder,
        RunUser user,
        string signal,
        IReadOnlyList<string> processes,
        TimeSpan limit,
        CancellationToken ct
    )
    {
        await SignalAsync(user, signal, processes, ct);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var left = await FindAsync(folder, user, ct);
            if (left.Count == 0 || watch.Elapsed > limit)
                return left;
            await Task.Delay(20, ct);
        }
    }

    private static Task<CommandResult> SignalAsync(
        RunUser user,
        string signal,
        IReadOnlyList<string> processes,
        CancellationToken ct
    ) => user.ShellAsync("s=$1; shift; kill -\"$s\" \"$@\"", "", ct, [signal, .. processes]);

    /// <summary>The process in the server's file; none where the file is missing or says nothing.</summary>
    private static string? NotedProcess(DataFolder folder)
    {
        if (!File.Exists(folder.PidFile))
            return null;
        var first = File.ReadLines(folder.PidFile).FirstOrDefault() ?? "";
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? first : null;
    }

    private static async Task<IReadOnlyList<string>> FindAsync(DataFolder folder, RunUser user, CancellationToken ct)
    {
        if (Directory.Exists("/proc/self"))
        {
            var listing = await user.ShellAsync(ListByFolder, "", ct, folder.Cluster);
            return ByFolder(listing.Output.Split('\n'));
        }
        var commands = await Command.RunAsync(Command.Prepare("ps", ["-axo", "pid=,command="]), ct);
        return ByCommand(commands.Output.Split('\n'), folder.Cluster);
    }

    /// <summary>
    /// The first line is the cluster without links; the others end with <c>/proc/7/cwd -> /where</c>. Only a
    /// <c>postgres</c> counts: a person may have opened a shell in the folder.
    /// </summary>
    internal static IReadOnlyList<string> ByFolder(IReadOnlyList<string> lines)
    {
        const string Arrow = " -> ";
        var links = lines
            .Skip(1)
            .Where(line => line.Contains("/proc/", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf("/proc/", StringComparison.Ordinal)..].Split(Arrow, 2))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return links
            .Where(link => link.Key.EndsWith("/cwd", StringComparison.Ordinal) && link.Value == lines[0])
            .Select(link => link.Key.Split('/')[2])
            .Where(pid => links.TryGetValue($"/proc/{pid}/exe", out var program) && IsServer(program))
            .ToList();
    }

    /// <summary>Lines of <c>7 /bin/postgres -D /where</c>, as this library starts it.</summary>
    internal static IReadOnlyList<string> ByCommand(IReadOnlyList<string> lines, string cluster) =>
        lines
            .Select(line => line.Trim())
            .Where(line => line.EndsWith($"postgres -D {cluster}", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[0])
            .ToList();

    /// <summary>The kernel adds a remark when the program's file was replaced, as by an update.</summary>
    private static bool IsServer(string program) =>
        Path.GetFileName(program.Replace(" (deleted)", "", StringComparison.Ordinal)) == "postgres";
}

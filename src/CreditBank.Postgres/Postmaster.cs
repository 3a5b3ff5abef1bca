using System.Diagnostics;
using System.Globalization;

namespace CreditBank.Postgres;

/// <summary>
/// One running server process. Its life hangs on a pipe from this process: when the pipe closes, because the service
/// stops or because it is killed, a watcher beside the server sends it the signal for a fast shutdown.
/// </summary>
internal sealed class Postmaster : IDisposable
{
    /// <summary>
    /// The shell becomes the server by <c>exec</c>, so <c>$$</c> is the server's process. The watcher is started from
    /// a subshell that ends at once, because the server would take the death of a child of its own for a crash.
    /// </summary>
    private const string Launch = """
        log=$1; shift
        exec 3<&0 </dev/null >"$log" 2>&1
        ( ( cat <&3 >/dev/null 2>&1; kill -INT $$ ) & )
        exec "$@" 3<&-
        """;

    /// <summary>Written anew at each start, for what comes before the server's own log begins.</summary>
    private const string StartLog = "start.log";

    private readonly Process process;
    private readonly DataFolder folder;
    private readonly RunUser user;
    private readonly string stalePidFile;
    private readonly StreamWriter lifeline;
    private readonly Dictionary<string, long> oldLogBytes;
    private readonly TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Postmaster(Process process, DataFolder folder, RunUser user)
    {
        this.process = process;
        this.folder = folder;
        this.user = user;
        // The file of a server that was killed says "ready" until the new server replaces it.
        stalePidFile = ReadPidFile(folder);
        oldLogBytes = LogFiles().Where(f => f.Name != StartLog).ToDictionary(f => f.Name, f => f.Length);
        process.Exited += (_, _) => exited.TrySetResult();
        process.Start();
        lifeline = process.StandardInput;
    }

    /// <summary>Ends when the server process has ended, however.</summary>
    public Task Exited => exited.Task;

    /// <summary>The number of the server process; none before it is ready.</summary>
    public int? ProcessId { get; private set; }

    /// <summary>Starts the server process and does not wait for it to be ready.</summary>
    public static Postmaster Start(PostgresBinaries binaries, DataFolder folder, RunUser user)
    {
        string[] server = [binaries.PathOf("postgres"), "-D", folder.Cluster];
        var start = user.Prepare("/bin/sh", ["-c", Launch, "sh", Path.Combine(folder.Logs, StartLog), .. server]);
        DetachedSession.Use(start);
        start.RedirectStandardInput = true;

        return new Postmaster(new Process { StartInfo = start, EnableRaisingEvents = true }, folder, user);
    }

    /// <summary>Waits until the server accepts connections.</summary>
    /// <returns>Whether it does; false when it ended or the limit passed.</returns>
    public async Task<bool> BecomesReadyAsync(TimeSpan limit, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < limit)
        {
            var lines = ReadPidFile(folder);
            if (lines != stalePidFile && lines.Split('\n') is [var pid, _, _, _, _, _, _, var status, ..])
            {
                if (status.Trim() == "ready")
                {
                    ProcessId = int.Parse(pid, CultureInfo.InvariantCulture);
                    return true;
                }
            }
            if (await Task.WhenAny(Exited, Task.Delay(5, ct)) == Exited)
                return false;
            ct.ThrowIfCancellationRequested();
        }
        return false;
    }

    /// <summary>Fast shutdown: running transactions are rolled back, everything confirmed is on disk.</summary>
    /// <returns>Whether it ended within the limit; if not, it was forced and recovers at the next start.</returns>
    public async Task<bool> StopAsync(TimeSpan limit)
    {
        CloseLifeline();
        if (await EndsWithinAsync(limit))
            return true;
        if (ProcessId is { } pid)
            await user.ShellAsync(
                "kill -QUIT \"$1\"",
                "",
                CancellationToken.None,
                pid.ToString(CultureInfo.InvariantCulture)
            );
        if (!await EndsWithinAsync(TimeSpan.FromSeconds(5)))
        {
            process.Kill(entireProcessTree: true);
            await Exited;
        }
        return false;
    }

    /// <summary>The end of what the server wrote since it started.</summary>
    public string LogTail()
    {
        const int LinesMax = 12;
        return string.Join('\n', LogFiles().SelectMany(file => NewLines(file).TakeLast(LinesMax)));
    }

    private List<string> NewLines(FileInfo file)
    {
        using var stream = file.OpenRead();
        var old = oldLogBytes.GetValueOrDefault(file.Name);
        // The server begins a file again after a week; then all of it is new.
        stream.Position = old <= stream.Length ? old : 0;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>In the order in which they were written to.</summary>
    private IEnumerable<FileInfo> LogFiles() =>
        new DirectoryInfo(folder.Logs).EnumerateFiles("*.log").OrderBy(file => file.LastWriteTimeUtc);

    public void Dispose()
    {
        CloseLifeline();
        process.Dispose();
    }

    private void CloseLifeline()
    {
        try
        {
            lifeline.Close();
        }
        catch (IOException)
        {
            // The other end is gone already, which is what closing is for.
        }
    }

    private async Task<bool> EndsWithinAsync(TimeSpan limit) => await Task.WhenAny(Exited, Task.Delay(limit)) == Exited;

    private static string ReadPidFile(DataFolder folder)
    {
        try
        {
            return File.ReadAllText(folder.PidFile);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }
}

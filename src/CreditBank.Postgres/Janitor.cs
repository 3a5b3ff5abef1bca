using System.Collections.Concurrent;
using System.Diagnostics;

namespace CreditBank.Postgres;

/// <summary>
/// Removes a temporary folder when this process has ended, however it ended: runs are often cut off. It is a
/// shell that waits for the end of a pipe from this process, then for the server in the folder, and then removes it.
/// </summary>
internal sealed class Janitor : IDisposable
{
    private const string Script = """
        exec 3<&0 </dev/null >/dev/null 2>&1
        ( (
          cat <&3
          turns=0
          while [ -e "$1/cluster/postmaster.pid" ] && [ $turns -lt 300 ]; do sleep 0.1; turns=$((turns+1)); done
          rm -rf "$1"
        ) & )
        """;

    /// <summary>Keeps the pipes open: one that is collected closes, and the folder would go under its users.</summary>
    private static readonly ConcurrentDictionary<Janitor, string> Attached = new();

    private readonly Process shell;

    private Janitor(Process shell) => this.shell = shell;

    /// <summary>From now on the folder does not outlive this process, nor the disposal of the result.</summary>
    public static Janitor Attach(string folder)
    {
        var start = Command.Prepare("/bin/sh", ["-c", Script, "sh", folder]);
        DetachedSession.Use(start);
        start.RedirectStandardInput = true;
        var janitor = new Janitor(Process.Start(start)!);
        Attached[janitor] = folder;
        return janitor;
    }

    /// <summary>Lets it remove what is left of the folder, and does not wait for it.</summary>
    public void Dispose()
    {
        if (!Attached.TryRemove(this, out _))
            return;
        shell.StandardInput.Close();
        shell.Dispose();
    }
}

using System.Diagnostics;

namespace CreditBank.Postgres;

/// <summary>
/// Removes a temporary folder when this process has ended, however it ended: test runs are often cut off. It is a
/// shell that waits for the end of a pipe from this process, then for the server in the folder, and then removes it.
/// </summary>
internal static class Janitor
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

    /// <summary>The pipes stay open until the process ends; nothing else may close them.</summary>
    private static readonly List<Process> Attached = [];

    /// <summary>From now on the folder will not outlive this process.</summary>
    public static void Attach(string folder)
    {
        var start = Command.Prepare("/bin/sh", ["-c", Script, "sh", folder]);
        DetachedSession.Use(start);
        start.RedirectStandardInput = true;
        lock (Attached)
            Attached.Add(Process.Start(start)!);
    }
}

using System.Diagnostics;

namespace CreditBank.Postgres;

/// <summary>
/// Puts a command into a session of its own: Ctrl+C at a terminal goes to all programs of the terminal's session, and
/// it is the service that has to decide what ends when.
/// </summary>
internal static class DetachedSession
{
    /// <summary>macOS has no setsid, but perl.</summary>
    private const string PerlSession = "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV";

    private static readonly string[] ToolFolders = ["/usr/bin", "/bin", "/usr/local/bin"];

    /// <summary>Changes the command; where there is no tool for it, it stays as it is.</summary>
    public static void Use(ProcessStartInfo start) => Use(start, OnPath);

    /// <summary>The same, with a question for the path of a tool.</summary>
    internal static void Use(ProcessStartInfo start, Func<string, string?> tool)
    {
        string[] before =
            tool("setsid") is { } setsid ? [setsid]
            : tool("perl") is { } perl ? [perl, "-e", PerlSession, "--"]
            : [];
        string[] all = [.. before, start.FileName, .. start.ArgumentList];
        start.FileName = all[0];
        start.ArgumentList.Clear();
        foreach (var argument in all.Skip(1))
            start.ArgumentList.Add(argument);
    }

    private static string? OnPath(string program) =>
        ToolFolders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

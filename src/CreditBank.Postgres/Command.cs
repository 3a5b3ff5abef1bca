using System.ComponentModel;
using System.Diagnostics;

namespace CreditBank.Postgres;

/// <summary>What a finished command left: exit code and both texts, trimmed at the end.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The shell's code for a command that does not exist.</summary>
    public const int NotFound = 127;

    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs short commands without a shell in between, in <c>/</c> and with an environment of their own.</summary>
internal static class Command
{
    /// <summary>
    /// Prepares a command. Its environment holds only what is named here: the service's own may hold secrets, and
    /// PG* variables of a developer would change what the tools do.
    /// </summary>
    public static ProcessStartInfo Prepare(string file, IEnumerable<string> arguments, string? workingFolder = null)
    {
        var start = new ProcessStartInfo(Locate(file), arguments) { WorkingDirectory = workingFolder ?? "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = string.Join(Path.PathSeparator, SearchPath);
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        return start;
    }

    /// <summary>The folders of system tools come last; a person's PATH, or a supervisor's, often lacks some.</summary>
    private static IEnumerable<string> SearchPath =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"])
            .Where(Path.IsPathRooted)
            .Distinct(StringComparer.Ordinal);

    /// <summary>The runtime looks only in the PATH of this process; a program that is nowhere keeps its name.</summary>
    private static string Locate(string file) =>
        Path.IsPathRooted(file)
            ? file
            : SearchPath.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists) ?? file;

    /// <summary>Runs to the end and gives both texts. A missing file is an exit code of 127, no exception.</summary>
    public static async Task<CommandResult> RunAsync(ProcessStartInfo start, string input, CancellationToken ct)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception missing)
        {
            return new CommandResult(CommandResult.NotFound, "", $"{start.FileName}: {missing.Message}");
        }
        if (process is null)
            return new CommandResult(CommandResult.NotFound, "", $"{start.FileName} did not start");

        using (process)
        {
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(ct);
                var error = process.StandardError.ReadToEndAsync(ct);
                await WriteAsync(process, input);
                await process.WaitForExitAsync(ct);
                return new CommandResult(process.ExitCode, (await output).TrimEnd(), (await error).TrimEnd());
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }
        }
    }

    /// <summary>Runs without input.</summary>
    public static Task<CommandResult> RunAsync(ProcessStartInfo start, CancellationToken ct) => RunAsync(start, "", ct);

    private static async Task WriteAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command ended without reading its input; its exit code and texts say why.
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace CreditBank.Benchmarks;

/// <summary>
/// A program that checks an export, in a process of its own: how long it takes, how much memory at most.
/// </summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Seconds">How long it ran, its start included.</param>
/// <param name="PeakMegabytes">The most resident memory; none where the system does not tell.</param>
/// <param name="Text">What it wrote.</param>
internal sealed record VerifierProcess(int ExitCode, decimal Seconds, decimal? PeakMegabytes, string Text)
{
    /// <summary>Runs creditbank-verify.</summary>
    public static Task<VerifierProcess> Ours(string folder, params string[] arguments) =>
        Run(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "creditbank-verify.dll"), folder, .. arguments],
            _ => false
        );

    /// <summary>Runs creditbank-verify and ends it as soon as something has happened.</summary>
    public static Task<VerifierProcess> OursUntil(Func<bool> happened, string folder, params string[] arguments) =>
        Run(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "creditbank-verify.dll"), folder, .. arguments],
            _ => happened()
        );

    /// <summary>Runs the program of Node.js built-ins; none where the machine has no Node.js.</summary>
    public static async Task<VerifierProcess?> Node(string folder) =>
        Has("node") ? await Run("node", [Interop("node/verify.mjs"), folder], _ => false) : null;

    /// <summary>Runs the program of the Go team's code; none where the machine has no Go.</summary>
    public static async Task<VerifierProcess?> Go(string folder)
    {
        if (!Has("go"))
        {
            return null;
        }

        var program = Path.Combine(Directory.CreateTempSubdirectory("creditbank-go-").FullName, "verify");
        var built = await Run("go", ["build", "-o", program, Interop("go/main.go")], _ => false);
        return built.ExitCode == 0 ? await Run(program, [folder], _ => false) : built;
    }

    private static string Interop(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CreditBank.sln")))
        {
            folder = folder.Parent;
        }

        return folder is null
            ? throw new InvalidOperationException("The benchmarks run from within the repository.")
            : Path.Combine(folder.FullName, "tests/interop", path);
    }

    private static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<VerifierProcess> Run(string program, string[] arguments, Func<Process, bool> isEnough)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GO111MODULE"] = "off";
        start.Environment["GOPATH"] = Environment.GetEnvironmentVariable("GOPATH") ?? "/usr/share/gocode";
        start.Environment["GOCACHE"] = Path.Combine(Path.GetTempPath(), "creditbank-go-cache");
        var since = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        decimal? peak = null;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!process.HasExited)
        {
            peak = PeakOf(process.Id) ?? peak;
            if (isEnough(process))
            {
                process.Kill();
            }

            await pace.WaitForNextTickAsync();
        }

        await process.WaitForExitAsync();
        var seconds = (decimal)Stopwatch.GetElapsedTime(since).TotalSeconds;
        return new VerifierProcess(process.ExitCode, seconds, peak, await output + await errors);
    }

    /// <summary>The kernel keeps the peak, so that nothing between two looks is missed; only the last is.</summary>
    private static decimal? PeakOf(int processId)
    {
        var path = $"/proc/{processId}/status";
        if (!File.Exists(path))
        {
            return null;
        }

        var line = ReadLines(path).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null
            ? null
            : decimal.Parse(line["VmHWM:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) / 1024;
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            // It ended between two looks.
            return [];
        }
    }
}

using System.Diagnostics;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>
/// Software that is not ours checks an export: the Go team's checksum-database code, and Node.js with nothing but its
/// built-ins. A change must make both fail, or they would check nothing.
/// </summary>
public sealed class InteropTests
{
    [ProgramFact("node")]
    public async Task node_verifies_an_export_and_finds_a_change()
    {
        var script = Path.Combine(RepositoryRoot.Path, "tests/interop/node/verify.mjs");
        await VerifiesAndFindsAsync(folder => RunAsync("node", [script, folder], []));
    }

    [ProgramFact("go", "golang.org/x/mod")]
    public async Task the_go_teams_code_verifies_an_export_and_finds_a_change()
    {
        var source = Path.Combine(RepositoryRoot.Path, "tests/interop/go/main.go");
        var environment = new Dictionary<string, string>
        {
            ["GO111MODULE"] = "off",
            ["GOPATH"] = ProgramFactAttribute.GoPath,
            ["GOFLAGS"] = "",
            ["GOCACHE"] = Directory.CreateTempSubdirectory("creditbank-go-").FullName,
        };
        await VerifiesAndFindsAsync(folder => RunAsync("go", ["run", source, folder], environment));
    }

    private static async Task VerifiesAndFindsAsync(Func<string, Task<(int Code, string Text)>> run)
    {
        await using var audit = await AuditService.StartAsync();
        await new LedgerJourney(audit.Service).WalkAsync();
        await audit.CatchUpAsync();
        await SampleEvents.LearnerAsync(audit, "book01", 9, 300);
        var folder = await Export.OfAllAsync(audit);

        var (code, text) = await run(folder);
        Assert.True(code == 0 && text.Contains("holds:", StringComparison.Ordinal), text);

        var events = Path.Combine(folder, "book01", "events.ndjson");
        var changed = (await File.ReadAllTextAsync(events)).Replace("fudan", "nadfu", StringComparison.Ordinal);
        await File.WriteAllTextAsync(events, changed);
        (code, text) = await run(folder);
        Assert.True(code != 0 && text.Contains("DOES NOT HOLD", StringComparison.Ordinal), text);
    }

    private static async Task<(int Code, string Text)> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        Dictionary<string, string> environment
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}

/// <summary>A test that needs a program; without it, it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program, string? goPackage = null)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            Skip = $"The program {program} is not installed; specs/audit.md says which packages bring it.";
        }
        else if (goPackage is not null && !Directory.Exists(Path.Combine(GoPath, "src", goPackage)))
        {
            Skip = $"The sources of {goPackage} are not installed; specs/audit.md says which package brings them.";
        }
    }

    /// <summary>Where Go finds sources: Debian's folder unless the environment says otherwise.</summary>
    public static string GoPath => Environment.GetEnvironmentVariable("GOPATH") ?? "/usr/share/gocode";
}

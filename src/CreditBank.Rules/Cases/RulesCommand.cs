namespace CreditBank.Rules;

/// <summary>
/// The rule editor's commands: <c>rules check &lt;folder&gt;</c> and <c>rules explain &lt;case&gt;</c>. They need files
/// only, no database.
/// </summary>
public static class RulesCommand
{
    /// <summary>How the commands are written.</summary>
    public const string Usage = """
        rules check <folder>           check the rule sets in and below a folder: documents, worked cases, coverage
        rules explain <case> [<step>]  run one case file and say in words how each step came out
        """;

    /// <summary>Runs a command.</summary>
    /// <param name="args">The words after <c>rules</c>.</param>
    /// <param name="output">Where the report goes.</param>
    /// <returns>0 when everything passes, 1 when something does not, 2 when the command cannot be run.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        switch (args)
        {
            case ["check", var folder]:
                return Check(folder, output);
            case ["explain", var file]:
                return Explain(file, null, output);
            case ["explain", var file, var step]:
                return Explain(file, step, output);
            default:
                output.WriteLine(Usage);
                return 2;
        }
    }

    private static int Check(string folder, TextWriter output)
    {
        if (!Directory.Exists(folder))
        {
            output.WriteLine($"There is no folder '{folder}'.");
            return 2;
        }

        var found = RuleSetFolder.Find(folder);
        if (found.Count == 0)
        {
            output.WriteLine($"No rule set (rule-set.yaml) in or below '{folder}'.");
            return 2;
        }

        var passed = true;
        foreach (var path in found)
            passed &= CheckOne(path, output);
        return passed ? 0 : 1;
    }

    private static bool CheckOne(string path, TextWriter output)
    {
        var check = CaseRunner.Check(path, Siblings(path));
        if (check.RuleSet is not { } rules)
        {
            output.WriteLine($"{path}: {check.Problems.Count} problems");
            foreach (var problem in check.Problems)
                output.WriteLine("  " + problem);
            return false;
        }

        var failed = check.Cases.Where(result => !result.Passed).ToList();
        output.WriteLine($"{rules.Version} {rules.Hash}");
        output.WriteLine(
            $"  {rules.ClauseIds.Count} clauses, {rules.EquivalenceCount} equivalences, "
                + $"{check.Cases.Count - failed.Count} of {check.Cases.Count} cases pass"
        );
        foreach (var result in failed)
        {
            output.WriteLine($"  {result.File} {result.Id} fails:");
            foreach (var mismatch in result.Mismatches)
                output.WriteLine("    " + mismatch);
        }

        foreach (var clause in check.Untouched)
            output.WriteLine($"  no case touches '{clause}'");
        return check.Passed;
    }

    private static int Explain(string file, string? step, TextWriter output)
    {
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(file)));
        if (!File.Exists(file) || folder is null)
        {
            output.WriteLine($"There is no case file '{file}'.");
            return 2;
        }

        var result = CaseRunner.Run(folder, Path.GetFullPath(file), Siblings(folder));
        output.WriteLine($"{result.Id}: {result.Title}");
        var shown = step is null;
        foreach (var line in result.Report)
        {
            if (step is not null && line.StartsWith('#'))
                shown = line[1..].Trim() == step;
            if (shown)
                output.WriteLine(line);
        }

        foreach (var mismatch in result.Mismatches)
            output.WriteLine("FAILS " + mismatch);
        output.WriteLine(result.Passed ? "passes" : "fails");
        return result.Passed ? 0 : 1;
    }

    /// <summary>The other versions of the family: the folders beside it.</summary>
    private static List<RuleSet> Siblings(string path)
    {
        var own = Path.GetFullPath(path);
        var parent = Path.GetDirectoryName(own);
        return parent is null
            ? []
            :
            [
                .. Directory
                    .EnumerateDirectories(parent)
                    .Where(folder => folder != own && File.Exists(Path.Combine(folder, "rule-set.yaml")))
                    .Order(StringComparer.Ordinal)
                    .Select(folder => RuleSetFolder.Load(folder).RuleSet)
                    .OfType<RuleSet>(),
            ];
    }
}

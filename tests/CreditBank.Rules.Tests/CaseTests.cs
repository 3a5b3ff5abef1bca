namespace CreditBank.Rules.Tests;

/// <summary>Every worked case beside every rule set, found by its file.</summary>
public sealed class CaseTests
{
    private static readonly IReadOnlyList<RuleSet> Published =
    [
        .. RuleSetFolder.LoadAll(Specs.Root).Select(loaded => loaded.Result.RuleSet).OfType<RuleSet>(),
    ];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var folder in RuleSetFolder.Find(Specs.Root))
        {
            foreach (var file in CaseRunner.CaseFiles(folder))
                cases.Add(Path.GetRelativePath(Specs.Root, folder), Path.GetFileName(file));
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_worked_case_comes_out_as_printed(string ruleSet, string file)
    {
        var folder = Path.Combine(Specs.Root, ruleSet);
        var result = CaseRunner.Run(folder, Path.Combine(folder, "cases", file), Published);

        Assert.True(result.Passed, string.Join('\n', result.Mismatches.Concat<object>(result.Report)));
    }

    [Fact]
    public void Every_rule_kind_of_the_catalogue_has_its_case()
    {
        var names = Cases().Select(row => (string)((object[])row)[1]).ToList();
        var missing = Enumerable
            .Range(1, 49)
            .Select(number => $"RK-{number:D2}")
            .Where(kind => !names.Exists(name => name.StartsWith(kind, StringComparison.Ordinal)));

        Assert.Empty(missing);
    }
}

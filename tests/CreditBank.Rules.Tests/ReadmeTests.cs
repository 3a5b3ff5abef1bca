using System.Text.RegularExpressions;

namespace CreditBank.Rules.Tests;

/// <summary>What the page for rule editors shows works as it is shown.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] Blocks =
    [
        .. YamlBlock()
            .Matches(File.ReadAllText(Path.Combine(Specs.Root, "README.md")))
            .Select(match => match.Groups[1].Value),
    ];

    [Fact]
    public void The_rule_set_of_a_made_up_country_and_its_case_work_as_printed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rule-set.yaml", Blocks.Single(block => block.StartsWith("family:", StringComparison.Ordinal)));
        folder.Write(
            "cases/my-first.yaml",
            Blocks.Single(block => block.StartsWith("case:", StringComparison.Ordinal))
        );

        var check = CaseRunner.Check(folder.Path);

        Assert.True(
            check.Passed,
            string.Join('\n', check.Problems.Concat(check.Cases.SelectMany(result => result.Mismatches)))
        );
        Assert.Empty(check.Untouched);
    }

    [Fact]
    public void Every_other_example_loads_behind_it()
    {
        var head = Blocks.Single(block => block.StartsWith("family:", StringComparison.Ordinal));
        foreach (
            var block in Blocks.Where(block =>
                !block.StartsWith("family:", StringComparison.Ordinal)
                && !block.StartsWith("case:", StringComparison.Ordinal)
            )
        )
        {
            var files = new Dictionary<string, string> { ["rule-set.yaml"] = head, ["more.yaml"] = block };

            Assert.Empty(RuleSetFolder.Parse(files).Problems);
        }
    }

    [Fact]
    public void The_table_of_questions_names_them_all()
    {
        var text = File.ReadAllText(Path.Combine(Specs.Root, "README.md"));
        var known = SmallRuleSet
            .With("clauses: [{ id: a, decides: nothing, title: { zh: a, en: b }, cites: ASSUMPTION }]")
            .Problems.First(problem => problem.Code == "question.unknown")
            .Text;

        var names = known[(known.IndexOf("known are ", StringComparison.Ordinal) + 10)..].TrimEnd('.').Split(", ");
        Assert.All(names, name => Assert.Contains($"| `{name}` |", text, StringComparison.Ordinal));
    }

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();
}

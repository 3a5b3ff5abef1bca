namespace CreditBank.Rules.Tests;

/// <summary>The rule editor's commands, as a shell would run them.</summary>
public sealed class RulesCommandTests
{
    private static (int Code, string Output) Run(params string[] args)
    {
        using var output = new StringWriter();
        return (RulesCommand.Run(args, output), output.ToString());
    }

    [Fact]
    public void Everything_that_ships_passes_its_own_check()
    {
        var (code, output) = Run("check", Specs.Root);

        Assert.True(code == 0, output);
        Assert.Contains("sqf-2016.1 ", output, StringComparison.Ordinal);
        Assert.Contains("india-abc-2023 ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("fails", output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_clause_that_ships_is_without_a_case()
    {
        var (_, output) = Run("check", Specs.Root);

        Assert.DoesNotContain("no case touches", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_is_explained_in_words()
    {
        var (code, output) = Run(
            "explain",
            Path.Combine(Specs.Folder("sqf", "2021.1"), "cases", "golden-scenario.yaml")
        );

        Assert.Equal(0, code);
        Assert.Contains("Score 58, 60 needed", output, StringComparison.Ordinal);
        Assert.Contains("成绩 58，需 60", output, StringComparison.Ordinal);
        Assert.EndsWith("passes" + Environment.NewLine, output, StringComparison.Ordinal);
    }

    [Fact]
    public void One_step_can_be_explained_alone()
    {
        var file = Path.Combine(Specs.Root, "catalogue", "1", "cases", "RK-22-total-share.yaml");

        var (_, output) = Run("explain", file, "in part");

        Assert.Contains("# in part", output, StringComparison.Ordinal);
        Assert.DoesNotContain("# whole courses only", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_are_printed_with_their_places_and_the_exit_code_says_so()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rule-set.yaml", SmallRuleSet.Yaml + "caps: [{ id: a, limit: { share: 150% } }]\n");

        var (code, output) = Run("check", folder.Path);

        Assert.Equal(1, code);
        Assert.Contains($"rule-set.yaml({SmallRuleSet.NextLine},", output, StringComparison.Ordinal);
        Assert.Contains("number.range", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("check")]
    [InlineData("check", "/no/such/folder")]
    [InlineData("explain", "/no/such/case.yaml")]
    [InlineData("dance")]
    public void What_cannot_be_run_says_so(params string[] args) => Assert.Equal(2, Run(args).Code);
}

using CreditBank.Api.Hosting;
using CreditBank.Api.RuleSets;

namespace CreditBank.Api.Tests.Hosting;

public sealed class RulesCommandTests
{
    [Fact]
    public async Task rules_are_checked_without_a_database()
    {
        var sqf = Path.Combine(ShippedRuleSets.Default.Folder, "sqf", "2016.1");

        Assert.Equal(0, await CommandLine.RunAsync(["rules", "check", sqf]));
        Assert.NotEqual(0, await CommandLine.RunAsync(["rules", "check", Path.Combine(sqf, "none")]));
    }

    [Fact]
    public async Task a_case_is_explained_without_a_database()
    {
        var folder = Path.Combine(ShippedRuleSets.Default.Folder, "sqf", "2021.1", "cases");

        Assert.Equal(0, await CommandLine.RunAsync(["rules", "explain", Path.Combine(folder, "no-grade.yaml")]));
    }
}

namespace CreditBank.Rules.Tests;

/// <summary>The smallest rule set that loads; tests put sections behind it.</summary>
internal static class SmallRuleSet
{
    public const string Yaml = """
        family: small
        version: "1"
        title: { zh: 小, en: small }
        effective: { from: 2000-01-01 }
        binding: atApplication
        framework:
          id: small
          title: { zh: 小, en: small }
          cites: ASSUMPTION
          levels:
            - { id: "1", title: { zh: 一级, en: one } }
            - { id: "2", title: { zh: 二级, en: two } }
        standardUnit: credit
        standardHours: 10
        units:
          - { id: credit, title: { zh: 学分, en: credit }, ratio: "1", decimals: 1, cites: ASSUMPTION }
        scales:
          - { id: percent, title: { zh: 百分制, en: percent }, min: 0, max: 100, cites: ASSUMPTION }

        """;

    /// <summary>The line on which what is put behind begins.</summary>
    public static readonly int NextLine = Yaml.Count(c => c == '\n') + 1;

    public static RuleSetResult With(string sections) => RuleSetFolder.Parse("small.yaml", Yaml + sections);

    public static RuleSet Load(string sections)
    {
        var result = With(sections);
        Assert.True(result.RuleSet is not null, string.Join('\n', result.Problems));
        return result.RuleSet!;
    }
}

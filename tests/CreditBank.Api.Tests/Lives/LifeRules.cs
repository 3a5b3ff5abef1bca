using CreditBank.Api.Evaluations;
using CreditBank.Api.RuleSets;
using CreditBank.Kernel;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Tests.Lives;

/// <summary>
/// The rules and programmes of generated lives: the shipped rules with a shelf life and an award in reach, and a family
/// of another university whose rules retain what is left over and bind at the decision, in two versions.
/// </summary>
internal static class LifeRules
{
    /// <summary>Recognises outcomes, and decides what the open university receives.</summary>
    public const string Family = "sqf";

    private const string OtherFamily = "lab";

    private static readonly Lazy<RuleSetCatalog> Loaded = new(() =>
        new RuleSetCatalog([
            Parse(Common),
            Parse(texts => Other(texts, "lab-1", "2021-09-01", "forfeit")),
            Parse(texts => Other(texts, "lab-2", "2025-06-01", "retain")),
        ])
    );

    /// <summary>All versions.</summary>
    public static RuleSetCatalog Catalog => Loaded.Value;

    /// <summary>The programmes that receive, by institution and id.</summary>
    public static readonly IReadOnlyList<EvaluationGround> Programmes =
    [
        Programme("shou", "cs", 20, Family),
        Programme("ecnu", "data", 32, OtherFamily),
    ];

    /// <summary>At most half of a programme is converted.</summary>
    public const decimal CapShare = 0.5m;

    /// <summary>What recognises on a day.</summary>
    public static RuleSet On(LocalDate day) => Catalog.InForce(Family, day)!;

    /// <summary>The programme a transfer asks for.</summary>
    public static EvaluationGround GroundOf(string institutionId, string programmeId) =>
        Programmes.First(ground =>
            ground.Programme.InstitutionId == institutionId && ground.Programme.ProgrammeId == programmeId
        );

    private static EvaluationGround Programme(string institutionId, string id, decimal credits, string family) =>
        new(
            new ProgrammePublished(
                institutionId,
                id,
                1,
                "计算机",
                5,
                new Credits(credits),
                family,
                [
                    new("SHOU-MATH", "高等数学", new Credits(4), "foundation", true),
                    new("SHOU-PROG", "程序设计", new Credits(3), "core", true),
                    new("SHOU-DB", "数据库", new Credits(3), "core", true),
                    new("SHOU-ENG", "大学英语", new Credits(3), "foundation", false),
                    new("SHOU-NET", "计算机网络", new Credits(4), "core", false),
                    new("SHOU-WEB", "网页设计", new Credits(3), "core", false),
                    new("SHOU-JS", "脚本语言", new Credits(2), "core", false),
                    new("SHOU-LOG1", "物流概论", new Credits(2), "elective", false),
                    new("SHOU-LOG2", "快递实务", new Credits(3), "elective", false),
                    new("SHOU-LOG3", "快递管理", new Credits(3), "elective", false),
                ]
            ),
            new Dictionary<string, AccreditationHistory>()
        );

    private static RuleSet Parse(Func<Dictionary<string, string>, Dictionary<string, string>> change)
    {
        var shipped = RuleSetFolder.TextsOf(Path.Combine(ShippedRuleSets.Default.Folder, Family, "2021.1"));
        var result = RuleSetFolder.Parse(change(new(shipped)));
        Assert.True(result.RuleSet is not null, string.Join('\n', result.Problems));
        return result.RuleSet!;
    }

    private static Dictionary<string, string> Common(Dictionary<string, string> texts)
    {
        texts["caps.yaml"] = Replaced(texts["caps.yaml"], "limit: { share: 100% }", "limit: { share: 40% }");
        texts["clauses.yaml"] +=
            "\n  - { id: shelf-life, decides: shelfLife, value: 15 months, title: { zh: 有效期, en: shelf life }, "
            + "cites: ASSUMPTION }\n";
        return texts;
    }

    private static Dictionary<string, string> Other(
        Dictionary<string, string> texts,
        string version,
        string from,
        string remainder
    )
    {
        Common(texts);
        var head = Replaced(texts["rule-set.yaml"], "family: sqf", $"family: {OtherFamily}");
        head = Replaced(head, "version: \"2021.1\"", $"version: \"{version[(OtherFamily.Length + 1)..]}\"");
        head = Replaced(head, "from: 2021-09-01", $"from: {from}");
        head = Replaced(head, "binding: atApplication", "binding: atDecision");
        texts["rule-set.yaml"] = head[..head.IndexOf("transitions:", StringComparison.Ordinal)];
        texts["clauses.yaml"] = Replaced(texts["clauses.yaml"], "value: forfeit", $"value: {remainder}");
        texts["equivalences.yaml"] = Replaced(texts["equivalences.yaml"], "institution: shou,", "institution: ecnu,");
        foreach (var table in texts.Keys.Where(name => name.StartsWith("tables/", StringComparison.Ordinal)).ToList())
        {
            texts[table] = Replaced(texts[table], ",shou,", ",ecnu,");
        }

        return texts;
    }

    private static string Replaced(string text, string old, string with)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, with, StringComparison.Ordinal);
    }
}

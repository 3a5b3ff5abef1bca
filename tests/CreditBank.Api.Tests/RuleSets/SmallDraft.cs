using System.Net;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.RuleSets;

/// <summary>A small rule set that loads, as a draft is sent; each test has a family of its own.</summary>
internal static class SmallDraft
{
    public const string Maths = """
          - id: maths
            from: { institution: fudan, course: MATH120021 }
            to: { institution: shou, courses: SHOU-MATH }
            cites: ASSUMPTION
        """;

    public const string Programming = """
          - id: programming
            from: { institution: fudan, course: COMP110042 }
            to: { institution: shou, courses: SHOU-PROG }
            cites: ASSUMPTION
        """;

    private const string Case = """
        case: MATHS
        title: Maths become maths
        programme: { institution: shou, credits: 70, courses: [{ code: SHOU-MATH, credits: 4 }] }
        outcomes: { institution: fudan, unit: cn-credit, level: "5", score: 90 }
        evaluate: { outcomes: [{ id: a, course: MATH120021, credits: 5 }] }
        expect: { granted: 4 }
        """;

    /// <summary>The files of a version.</summary>
    public static Dictionary<string, string> Files(
        string family,
        string number = "1",
        string equivalences = Maths,
        string from = "2000-01-01"
    )
    {
        var files = new Dictionary<string, string>
        {
            ["rule-set.yaml"] = $$"""
                family: {{family}}
                version: "{{number}}"
                title: { zh: 小, en: small }
                effective: { from: {{from}} }
                binding: atApplication
                framework:
                  id: small
                  title: { zh: 小, en: small }
                  cites: ASSUMPTION
                  levels:
                    - { id: "5", title: { zh: 五级, en: five } }
                standardUnit: cn-credit
                standardHours: 16
                units:
                  - { id: cn-credit, title: { zh: 学分, en: credit }, ratio: "1", decimals: 1, cites: ASSUMPTION }
                scales:
                  - { id: percent, title: { zh: 百分制, en: percent }, min: 0, max: 100, cites: ASSUMPTION }
                """,
            ["equivalences.yaml"] = "equivalences:\n" + equivalences,
        };
        if (equivalences.Contains("id: maths", StringComparison.Ordinal))
        {
            files["cases/maths.yaml"] = Case;
        }

        return files;
    }

    public static TestCaller Editor(TestService service, string subject = "editor") =>
        service.As("ruleEditor", subject: subject);

    public static TestCaller Approver(TestService service, string subject = "ruleApprover") =>
        service.As("ruleApprover", subject: subject);

    public static Task<Reply> Draft(TestCaller editor, Dictionary<string, string> documents) =>
        editor.Post("/v1/rule-sets", new { documents });

    /// <summary>Drafts and publishes.</summary>
    public static async Task Publish(TestService service, Dictionary<string, string> documents)
    {
        var draft = (await Draft(Editor(service), documents)).Expect(HttpStatusCode.Created).Json;
        var path = $"/v1/rule-sets/{draft["version"]}/publication";
        (await Approver(service).Post(path, new { })).Expect(HttpStatusCode.OK);
    }
}

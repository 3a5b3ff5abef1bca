using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules.Tests;

/// <summary>The README's journey: a learner asks for a transfer and sees match, maybe and miss.</summary>
public sealed class JourneyTests
{
    internal static readonly ProgrammeFacts Programme = new()
    {
        InstitutionId = "shou",
        ProgrammeId = "cs-upgrade",
        Level = "5",
        TotalCredits = new Credits(70),
        RuleSetFamily = "sqf",
        Courses =
        [
            new("SHOU-MATH", "高等数学", new Credits(4), "foundation", true),
            new("SHOU-ENG", "大学英语", new Credits(4), "foundation", true),
            new("SHOU-PROG", "程序设计", new Credits(3), "core", true),
            new("SHOU-DB", "数据库原理", new Credits(3), "core", true),
            new("SHOU-WEB", "前端开发", new Credits(4), "core", false),
            new("SHOU-JS", "脚本语言", new Credits(3), "core", false),
            new("SHOU-OFFICE", "办公软件应用", new Credits(2), "foundation", false),
        ],
    };

    internal static readonly OutcomeFacts[] Outcomes =
    [
        Course("out-1", "MATH120021", 5, "86"),
        Course("out-2", "COMP130010", 3, "91"),
        Course("out-3", "PHIL110", 2, "77"),
        new()
        {
            OutcomeId = "out-4",
            InstitutionId = "shcb-training",
            Kind = OutcomeKinds.QualificationCertificate,
            Title = "Web 前端开发（中级）",
            CompletedOn = new LocalDate(2020, 6, 1),
            Certificate = new CertificateFacts { Code = "web-frontend", Level = "intermediate" },
        },
        new()
        {
            OutcomeId = "out-5",
            InstitutionId = "shcb-training",
            Kind = OutcomeKinds.Leisure,
            Title = "书法",
            Hours = new Credits(40),
            CompletedOn = new LocalDate(2020, 6, 1),
        },
    ];

    internal static OutcomeFacts Course(string id, string code, decimal credits, string score) =>
        new()
        {
            OutcomeId = id,
            InstitutionId = "fudan",
            Kind = OutcomeKinds.AcademicCourse,
            CourseCode = code,
            Title = code,
            Credits = new Credits(credits),
            Unit = "cn-credit",
            Level = "5",
            Grade = new GradeFacts("percent", score),
            CompletedOn = new LocalDate(2020, 1, 10),
        };

    internal static EvaluationRequest Request() =>
        new()
        {
            Outcomes = Outcomes,
            Programme = Programme,
            AppliedOn = new LocalDate(2020, 10, 8),
        };

    [Fact]
    public void A_learner_sees_match_maybe_and_miss()
    {
        var proposal = Evaluator.Evaluate(Request(), new RuleSetCatalog([Specs.Load("sqf", "2016.1")])).Proposal!;

        var lines = proposal.Lines.Select(line =>
            $"{line.Line} {line.OutcomeIds[0]} {line.Result} {line.Code} {string.Join('+', line.CourseCodes)} "
            + $"{line.GrantedCredits}/{line.ForfeitedCredits}"
        );
        Assert.Equal(
            [
                "1 out-1 Match equivalence.matched SHOU-MATH 4/1",
                "2 out-4 Match equivalence.matched SHOU-WEB 4/2",
                "3 out-2 Maybe similarity.below-minimum SHOU-DB 0/0",
                "4 out-3 Maybe rule.none  0/0",
                "5 out-5 Miss outcome.excluded  0/0",
            ],
            lines
        );
        Assert.Equal(new Credits(8), proposal.Totals.Granted);
        Assert.Equal(new Credits(11), proposal.Totals.SourceDebited);
        Assert.Equal(proposal.Totals.SourceDebited, proposal.Totals.Granted + proposal.Totals.Forfeited);
        Assert.True(proposal.Optimal);
    }

    [Fact]
    public void A_rule_set_read_from_its_canonical_text_is_the_same()
    {
        var rules = Specs.Load("sqf", "2016.1");
        var again = RuleSet.FromCanonicalJson(rules.CanonicalJson);

        Assert.Empty(again.Problems);
        Assert.Equal(rules.Hash, again.RuleSet!.Hash);
        Assert.Equal(rules.CanonicalJson, again.RuleSet.CanonicalJson);
        var first = Evaluator.Evaluate(Request(), new RuleSetCatalog([rules])).Proposal!;
        var second = Evaluator.Evaluate(Request(), new RuleSetCatalog([again.RuleSet])).Proposal!;
        Assert.Equal(first.Trace, second.Trace);
        Assert.Equal(first.TraceHash, second.TraceHash);
    }
}

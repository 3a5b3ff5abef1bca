using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules.Tests;

/// <summary>Versions beside each other: the catalogue, comparison, impact, precedents.</summary>
public sealed class VersionTests
{
    private static readonly RuleSet First = Specs.Load("sqf", "2016.1");
    private static readonly decimal[] Sizes = [6, 5, 5];
    private static readonly RuleSet Second = Specs.Load("sqf", "2021.1");

    [Fact]
    public void The_version_in_force_follows_the_day()
    {
        var catalog = new RuleSetCatalog([Second, First]);

        Assert.Null(catalog.InForce("sqf", new LocalDate(2016, 8, 31)));
        Assert.Same(First, catalog.InForce("sqf", new LocalDate(2016, 9, 1)));
        Assert.Same(First, catalog.InForce("sqf", new LocalDate(2021, 8, 31)));
        Assert.Same(Second, catalog.InForce("sqf", new LocalDate(2021, 9, 1)));
        Assert.Null(catalog.InForce("other", new LocalDate(2021, 9, 1)));
        Assert.Equal([First, Second], catalog.All);
        Assert.Throws<ArgumentException>(() => catalog.With(First));
    }

    [Fact]
    public void Before_the_first_version_and_for_an_unknown_one_there_is_a_refusal()
    {
        var catalog = new RuleSetCatalog([First]);
        var early = JourneyTests.Request() with { AppliedOn = new LocalDate(2010, 1, 1) };
        var unknown = JourneyTests.Request() with { RuleSetVersion = "sqf-1999" };

        Assert.Equal("rule.not-in-force", Evaluator.Evaluate(early, catalog).Refusal!.Code);
        Assert.Equal("rule-set.unknown", Evaluator.Evaluate(unknown, catalog).Refusal!.Code);
    }

    [Fact]
    public void A_comparison_names_what_changed_clause_by_clause()
    {
        var difference = RuleSetComparison.Compare(First, Second);

        Assert.Contains(
            difference.Changes,
            change => change is { Section: "clauses", Id: "recency", Kind: "added", Before: null }
        );
        var changed = Assert.Single(difference.Changes, change => change.Id == "level-of-self-study");
        Assert.Equal(("changed", "when"), (changed.Kind, Assert.Single(changed.Fields)));
        Assert.DoesNotContain(difference.Changes, change => change.Id == "score-minimum");
        Assert.Empty(RuleSetComparison.Compare(First, First).Changes);
        var back = RuleSetComparison.Compare(Second, First);
        Assert.Equal(
            difference.Changes.Count(change => change.Kind == "added"),
            back.Changes.Count(change => change.Kind == "removed")
        );
    }

    [Fact]
    public void An_impact_report_counts_learners_and_credits_up_and_down()
    {
        var request = JourneyTests.Request();
        var (left, right) = (new Impact(First), new Impact(First));
        left.Add(new PastDecision("t1", "a1", request, new Credits(8)));
        left.Add(new PastDecision("t2", "a2", request, new Credits(5)));
        right.Add(new PastDecision("t3", "a2", request, new Credits(6)));
        right.Add(new PastDecision("t4", "a3", request, new Credits(10)));
        left.Merge(right);

        var report = left.Report();

        Assert.Equal((4, 3, 1, 1), (report.Decisions, report.Changed, report.LearnersUp, report.LearnersDown));
        Assert.Equal((new Credits(5), new Credits(2)), (report.CreditsUp, report.CreditsDown));
        Assert.Equal(["t2", "t3", "t4"], report.Examples.Select(example => example.TransferId));
    }

    [Fact]
    public void A_precedent_becomes_a_draft_that_needs_no_evaluator()
    {
        var precedent = new Precedent(
            "trf-1",
            [JourneyTests.Outcomes[2]],
            "shou",
            ["SHOU-JS"],
            null,
            new LocalDate(2020, 11, 2)
        );
        var request = JourneyTests.Request() with
        {
            Outcomes = [JourneyTests.Outcomes[2] with { Credits = new Credits(3) }],
        };

        var draft = Precedents.Draft(First, "2020.2", new LocalDate(2020, 12, 1), [precedent]);

        Assert.Empty(draft.Problems);
        Assert.Equal("sqf-2020.2", draft.RuleSet!.Version);
        var catalog = new RuleSetCatalog([First, draft.RuleSet]);
        Assert.Equal(LineResult.Maybe, Assert.Single(Evaluator.Evaluate(request, catalog).Proposal!.Lines).Result);
        var later = Assert.Single(
            Evaluator.Evaluate(request with { AppliedOn = new LocalDate(2020, 12, 1) }, catalog).Proposal!.Lines
        );
        Assert.Equal((LineResult.Match, "precedent-trf-1"), (later.Result, later.Clauses[0].Clause));
        Assert.Contains(
            RuleSetComparison.Compare(First, draft.RuleSet).Changes,
            change => change.Id == "precedent-trf-1"
        );
    }

    [Fact]
    public void Refusals_are_known_before_a_programme_is_chosen()
    {
        var refusals = OutcomeRefusals.Of(JourneyTests.Outcomes[4], Second, JourneyTests.Programme);

        Assert.Equal("leisure-never", Assert.Single(refusals, refusal => refusal.Refuses).Clause.Clause);
    }

    [Fact]
    public void When_the_nodes_run_out_the_greedy_result_stands()
    {
        const string Title = "title: { zh: 题, en: title }, cites: ASSUMPTION";
        var rules = (int nodes) =>
            SmallRuleSet.Load(
                $$"""
                allocation: { prefer: [leastWaste], nodesMax: {{nodes}} }
                equivalences: [{ id: e, from: { when: { outcome.kind: academicCourse } }, to: { credit: {} },
                    cites: ASSUMPTION }]
                caps: [{ id: total, limit: { credits: 10 }, {{Title}} }]
                """
            );
        var request = JourneyTests.Request() with
        {
            Programme = JourneyTests.Programme with { RuleSetFamily = "small" },
            Outcomes =
            [
                .. Sizes.Select(
                    (size, i) => JourneyTests.Course($"o{i}", $"C{i}", size, "80") with { Unit = null, Level = null }
                ),
            ],
        };

        var cut = Evaluator.Evaluate(request, new RuleSetCatalog([rules(2)])).Proposal!;
        var whole = Evaluator.Evaluate(request, new RuleSetCatalog([rules(20_000)])).Proposal!;

        Assert.Equal((false, new Credits(6)), (cut.Optimal, cut.Totals.Granted));
        Assert.Equal((true, new Credits(10)), (whole.Optimal, whole.Totals.Granted));
    }

    [Fact]
    public void Amounts_beyond_reason_go_to_a_person()
    {
        var request = JourneyTests.Request() with
        {
            Outcomes =
            [
                .. Enumerable
                    .Range(0, 20)
                    .Select(i => JourneyTests.Course($"o{i}", "MATH120021", 99_999_999_999m, "80")),
            ],
        };

        var proposal = Evaluator.Evaluate(request, new RuleSetCatalog([First])).Proposal!;

        Assert.All(proposal.Lines, line => Assert.Equal("unit.unclear", line.Code));
    }
}

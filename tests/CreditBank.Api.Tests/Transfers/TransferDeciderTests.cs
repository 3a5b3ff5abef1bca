using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Journal;
using CreditBank.Rules;

namespace CreditBank.Api.Tests.Transfers;

public sealed class TransferDeciderTests
{
    private const string Maths = TransferScene.Maths;
    private const string Databases = TransferScene.Databases;
    private const string Programming = TransferScene.Programming;
    private const string Philosophy = TransferScene.Philosophy;

    [Fact]
    public void match_and_maybe_are_held_and_a_miss_is_not()
    {
        var folded = new Folded().With(Maths, 5).With(Databases, 3).With("XX", 0.1m);

        folded.Submit(outcomes: [Maths, Databases]);

        Assert.Equal("0/5/0/0", folded.Position(Maths));
        Assert.Equal("0/3/0/0", folded.Position(Databases));
        Assert.Equal("0.1/0/0/0", folded.Position("XX"));
    }

    [Fact]
    public void credit_that_another_transfer_holds_is_not_offered_again()
    {
        var folded = new Folded().With(Maths, 5);
        var first = folded.Submit();

        var named = folded.TrySubmit("trf-00-00000000000000000001", [Maths]).Refusal;
        var all = folded.TrySubmit("trf-00-00000000000000000001").Refusal;

        Assert.Equal(("credit.held", "credit.held"), (named?.Code, all?.Code));
        Assert.Contains(first.Transfer.Id, named!.Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public void an_outcome_that_is_not_there_and_one_that_cannot_convert_are_refused()
    {
        var folded = new Folded().With(Maths, 0.5m);

        Assert.Equal("transfer.outcome", folded.TrySubmit(outcomes: ["XX"]).Refusal?.Code);
        var nothing = folded.TrySubmit(outcomes: [Maths]).Refusal;
        Assert.Equal((RefusalKind.Rule, "transfer.nothing"), (nothing?.Kind, nothing?.Code));
        Assert.NotEmpty(nothing!.Clauses);
    }

    [Fact]
    public void a_granted_line_becomes_a_match_and_a_refused_one_is_released()
    {
        var folded = new Folded().With(Maths, 5).With(Databases, 3).With(Philosophy, 2);
        var submitted = folded.Submit();

        var decided = folded.Take(
            submitted,
            folded.TryDecide(submitted, [Yes(submitted, Databases), No(submitted, Philosophy)]),
            Folded.Evaluator
        );

        Assert.Equal(
            ["match equivalence.matched", "match evaluator.accepted", "miss evaluator.rejected"],
            decided.Transfer.Lines().Select(line => $"{line.Result} {line.Code}").Order(StringComparer.Ordinal)
        );
        Assert.Equal("0/3/0/0", folded.Position(Databases));
        Assert.Equal("2/0/0/0", folded.Position(Philosophy));
        Assert.Equal(
            submitted.Transfer.Lines().ToDictionary(line => line.OutcomeIds[0], line => line.Line),
            decided.Transfer.Lines().ToDictionary(line => line.OutcomeIds[0], line => line.Line)
        );
    }

    [Fact]
    public void a_line_without_a_rule_needs_a_course_and_its_size()
    {
        var folded = new Folded().With(Philosophy, 2);
        var submitted = folded.Submit();

        var noCourse = folded.TryDecide(submitted, [Yes(submitted, Philosophy)]).Refusal;
        var tooSmall = folded.TryDecide(submitted, [Yes(submitted, Philosophy, "SHOU-DB")]).Refusal;

        Assert.Equal("transfer.courseMissing", noCourse?.Code);
        Assert.Equal(LineCodes.SourceSmall, tooSmall?.Code);
    }

    [Fact]
    public void the_submitter_does_not_evaluate_and_the_evaluator_does_not_approve()
    {
        var folded = new Folded().With(Maths, 5).With(Databases, 3);
        var submitted = folded.Submit();
        LineVerdict[] verdicts = [Yes(submitted, Databases)];

        Assert.Equal("access.fourEyes", folded.TryDecide(submitted, verdicts, Folded.Learner).Refusal?.Code);
        var decided = folded.Take(submitted, folded.TryDecide(submitted, verdicts), Folded.Evaluator);
        foreach (var actor in (string[])[Folded.Learner, Folded.Evaluator])
        {
            Assert.Equal("access.fourEyes", folded.TryApprove(decided, actorId: actor).Refusal?.Code);
        }

        Assert.Null(folded.TryApprove(decided).Refusal);
    }

    [Fact]
    public void approved_means_posted_and_the_rest_is_released()
    {
        var folded = new Folded().With(Maths, 5).With(Programming, 3);
        var submitted = folded.Submit();
        var maths = LineOf(submitted, Maths);

        var part = folded.Take(submitted, folded.TryApprove(submitted, [maths]), Folded.Approver);

        Assert.Equal(TransferStates.PartlyApproved, part.Transfer.State);
        Assert.Equal("0/0/4/1", folded.Position(Maths));
        Assert.Equal("3/0/0/0", folded.Position(Programming));
        Assert.Equal("transfer.state", folded.TryApprove(part).Refusal?.Code);
        var rest = folded.Submit("trf-00-00000000000000000001");
        var whole = folded.Take(rest, folded.TryApprove(rest), Folded.Approver);
        Assert.Equal(TransferStates.Approved, whole.Transfer.State);
        Assert.Equal("0/0/3/0", folded.Position(Programming));
    }

    [Fact]
    public void a_posting_balances_in_every_unit_it_touches()
    {
        var folded = new Folded().With(Maths, 10, "ects").With(Programming, 3);
        var submitted = folded.Submit();
        Assert.True(folded.TryApprove(submitted).Is(out var events, out var refusal), refusal?.Text.En);

        foreach (var one in events.OfAccount)
        {
            foreach (var unit in DoubleEntry.EntriesOf(one).GroupBy(entry => (entry.Measure, entry.Unit)))
            {
                Assert.True(unit.Sum(entry => entry.Amount).IsZero);
            }
        }

        folded.Take(submitted, events, Folded.Approver);
        foreach (var position in folded.Account.Outcomes.Values)
        {
            Assert.Equal(
                position.Recognition!.Value,
                position.Available + position.Held + position.Converted + position.Forfeited
            );
        }
    }

    [Fact]
    public void a_cap_counts_earlier_transfers_and_leaves_the_choice_of_what_still_fits()
    {
        var folded = new Folded { TotalCredits = 14 }
            .With(Maths, 5)
            .With(Programming, 3)
            .With(Databases, 3);
        var first = folded.Submit(outcomes: [Programming]);
        var second = folded.Submit("trf-00-00000000000000000001", [Maths, Databases]);
        folded.Take(first, folded.TryApprove(first), Folded.Approver);
        second = folded.Take(
            second,
            folded.TryDecide(second, [Yes(second, Databases)]) is { Refusal: null } both
                ? both
                : folded.TryDecide(second, [No(second, Databases)]),
            Folded.Evaluator
        );

        // 7 at most: 3 stand, 4 more fit exactly.
        var approved = folded.Take(second, folded.TryApprove(second, [LineOf(second, Maths)]), Folded.Approver);

        Assert.Equal("0/0/4/1", folded.Position(Maths));
        Assert.Equal([LineOf(second, Maths)], approved.Transfer.ApprovedLines);
    }

    [Fact]
    public void an_open_line_stops_an_approval_of_everything_but_not_of_the_others()
    {
        var folded = new Folded().With(Maths, 5).With(Databases, 3);
        var submitted = folded.Submit();

        Assert.Equal("transfer.undecided", folded.TryApprove(submitted).Refusal?.Code);
        Assert.Equal("transfer.undecided", folded.TryApprove(submitted, [LineOf(submitted, Databases)]).Refusal?.Code);
        Assert.Equal("transfer.line", folded.TryApprove(submitted, [99]).Refusal?.Code);
        folded.Take(submitted, folded.TryApprove(submitted, [LineOf(submitted, Maths)]), Folded.Approver);
        Assert.Equal("3/0/0/0", folded.Position(Databases));
    }

    [Fact]
    public void withdrawal_and_return_give_back_exactly_what_was_held()
    {
        var folded = new Folded().With(Maths, 7, "ects").With(Databases, 3);
        var before = folded.Account.Outcomes[Maths].Available;
        var submitted = folded.Submit();

        var withdrawn = folded.Take(
            submitted,
            TransferDecider.Withdraw(submitted.Transfer, folded.Account, Folded.Today),
            Folded.Learner
        );

        Assert.Equal(before, folded.Account.Outcomes[Maths].Available);
        Assert.Equal("3/0/0/0", folded.Position(Databases));
        Assert.Equal(
            (RefusalKind.Conflict, TransferStates.Withdrawn),
            TransferDecider.Return(withdrawn.Transfer, folded.Account, "x", "note", Folded.Today).Refusal is { } late
                ? (late.Kind, late.State)
                : default
        );
    }

    [Fact]
    public void where_the_policy_binds_at_the_decision_approval_evaluates_again()
    {
        var old = Bound("2016.1", "2016-09-01");
        var folded = new Folded { Catalog = new RuleSetCatalog([old]) }.With(Maths, 5);
        var submitted = folded.Submit();
        var later = new Folded { Catalog = new RuleSetCatalog([old, Bound("2026.1", "2026-01-01")]) };

        var evaluation = TransferEvaluation.Again(
            folded.Account,
            submitted.Transfer,
            folded.Ground,
            Folded.Today,
            later.Catalog
        );
        var decision = ApprovalDecider.Approve(
            submitted.Transfer,
            submitted.Proposal,
            null,
            evaluation,
            Folded.Approver,
            Folded.Today
        );

        var approved = folded.Take(submitted, decision, Folded.Approver);
        Assert.Equal("sqf-2026.1", approved.Transfer.Evaluated!.RuleSetVersion);
        Assert.Equal("sqf-2026.1", Assert.Single(folded.Account.Conversions).Lines[0].RuleSetVersion);
        Assert.Equal(TransferStates.Approved, approved.Transfer.State);
    }

    [Fact]
    public void a_version_that_comes_later_with_an_earlier_first_day_changes_no_application_that_was_judged_before()
    {
        var folded = new Folded().With(Maths, 5);
        var submitted = folded.Submit();
        var backdated = new RuleSetCatalog([Folded.Rules, Bound("2020.1", "2020-01-01")]);
        Assert.Equal("sqf-2020.1", backdated.InForce("sqf", Folded.Today)!.Version);

        var evaluation = TransferEvaluation.Again(
            folded.Account,
            submitted.Transfer,
            folded.Ground,
            Folded.Today,
            backdated
        );
        var decision = ApprovalDecider.Approve(
            submitted.Transfer,
            submitted.Proposal,
            null,
            evaluation,
            Folded.Approver,
            Folded.Today
        );

        folded.Take(submitted, decision, Folded.Approver);
        Assert.Equal("sqf-2016.1", Assert.Single(folded.Account.Conversions).Lines[0].RuleSetVersion);
    }

    private static RuleSet Bound(string version, string from)
    {
        var text = Folded
            .Rules.CanonicalJson.Replace(
                "\"binding\":\"atApplication\"",
                "\"binding\":\"atDecision\"",
                StringComparison.Ordinal
            )
            .Replace("\"version\":\"2016.1\"", $"\"version\":\"{version}\"", StringComparison.Ordinal)
            .Replace(
                "\"effective\":{\"from\":\"2016-09-01\"}",
                $"\"effective\":{{\"from\":\"{from}\"}}",
                StringComparison.Ordinal
            );
        return RuleSet.FromCanonicalJson(text).RuleSet!;
    }

    private static LineVerdict Yes((Transfer Transfer, Proposal) from, string outcome, params string[] courses) =>
        new(LineOf(from, outcome), true, "note-1", null, [], courses);

    private static LineVerdict No((Transfer Transfer, Proposal) from, string outcome) =>
        new(LineOf(from, outcome), false, "note-1", null, [], []);

    private static int LineOf((Transfer Transfer, Proposal) from, string outcome) =>
        from.Transfer.Lines().Single(line => line.OutcomeIds.Contains(outcome)).Line;
}

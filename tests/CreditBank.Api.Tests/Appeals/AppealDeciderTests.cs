using CreditBank.Api.Accounts;
using CreditBank.Api.Appeals;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Expiry;
using CreditBank.Api.Outcomes;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;

namespace CreditBank.Api.Tests.Appeals;

public sealed class AppealDeciderTests
{
    private const string Maths = TransferScene.Maths;
    private const string Databases = TransferScene.Databases;
    private const string Programming = TransferScene.Programming;
    private static readonly TransferTerms Terms = new();

    private readonly Folded folded = new Folded().With(Maths, 5).With(Databases, 3).With(Programming, 3);

    [Fact]
    public void a_decision_can_be_appealed_against_for_ten_days_and_once()
    {
        var rejected = Rejected(Maths);
        var last = Folded.Today.PlusDays(10);

        Assert.Null(File(rejected.Transfer, last).Refusal);
        var late = File(rejected.Transfer, last.PlusDays(1)).Refusal;
        Assert.Equal((RefusalKind.Rule, "appeal.late"), (late?.Kind, late?.Code));
        var appealed = folded.Appeal(rejected);
        Assert.Equal(Folded.Today.PlusDays(15), appealed.Transfer.Appeals[0].AnswerDueOn);
        Assert.Equal("appeal.filed", File(appealed.Transfer, Folded.Today).Refusal?.Code);
    }

    [Fact]
    public void there_is_no_appeal_against_an_open_transfer_or_one_the_learner_took_back()
    {
        var open = folded.Submit(outcomes: [Maths]);
        Assert.Equal("transfer.state", File(open.Transfer, Folded.Today).Refusal?.Code);

        var withdrawn = TransferDecider.Withdraw(open.Transfer, folded.Account, Folded.Today);
        var (transfer, _) = folded.Take(open, withdrawn, Folded.Learner);
        Assert.Equal("withdrawn", File(transfer, Folded.Today).Refusal?.State);
    }

    [Theory]
    [InlineData(Folded.Learner)]
    [InlineData(Folded.Evaluator)]
    [InlineData(Folded.Approver)]
    public void who_had_a_hand_in_it_decides_no_appeal(string actorId)
    {
        var appealed = folded.Appeal(PartlyApproved());

        var panel = folded.CaseOf(appealed, actorId);

        Assert.Equal("access.fourEyes", Reopening.Remand(panel, "note").Refusal?.Code);
        Assert.Equal("access.fourEyes", Reopening.Vary(panel, "note", []).Refusal?.Code);
        var (transfer, today) = (appealed.Transfer, Folded.Today);
        Assert.Equal(
            "access.fourEyes",
            AppealDecider.Uphold(transfer, Folded.AppealId, "note", actorId, today).Refusal?.Code
        );
        Assert.Equal(
            "access.fourEyes",
            AppealDecider.Answer(transfer, Folded.AppealId, true, "note", actorId, today).Refusal?.Code
        );
    }

    [Fact]
    public void an_appeal_that_is_upheld_or_dismissed_is_decided_once_and_moves_nothing()
    {
        var appealed = folded.Appeal(Rejected(Maths));
        var uphold = AppealDecider.Uphold(appealed.Transfer, Folded.AppealId, "note", Folded.Panel, Folded.Today);
        var (upheld, _) = folded.Take(appealed, uphold, Folded.Panel);

        Assert.Equal((AppealStates.Upheld, TransferStates.Rejected), (upheld.AppealState, upheld.State));
        Assert.Equal("5/0/0/0", folded.Position(Maths));
        var again = AppealDecider.Answer(upheld, Folded.AppealId, true, "note", "another", Folded.Today).Refusal;
        Assert.Equal(("appeal.state", "upheld"), (again?.Code, again?.State));
        Assert.Equal("appeal.filed", File(upheld, Folded.Today).Refusal?.Code);
    }

    [Fact]
    public void a_remand_holds_the_credit_again_and_the_receiver_decides_anew()
    {
        var appealed = folded.Appeal(Rejected(Maths));

        var remanded = folded.Take(appealed, Remand(appealed), Folded.Panel);

        Assert.Equal((TransferStates.Evaluated, AppealStates.Remanded), States(remanded.Transfer));
        Assert.Equal("0/5/0/0", folded.Position(Maths));
        var line = Assert.Single(remanded.Transfer.Lines());
        Assert.Equal((2, LineResults.Match), (line.Line, line.Result));
        var (approved, _) = folded.Take(remanded, folded.TryApprove(remanded), Folded.Approver);
        Assert.Equal(TransferStates.Approved, approved.State);
        Assert.Equal("0/0/4/1", folded.Position(Maths));
        Assert.Null(File(approved, Folded.Today).Refusal);
    }

    [Fact]
    public void credit_that_ended_when_a_wrong_decision_let_go_of_it_is_held_again()
    {
        var late = new Folded { ShelfDays = 700 }.With(Maths, 5);
        var open = late.Submit(outcomes: [Maths]);
        var rejection = TransferDecider.Reject(open.Transfer, late.Account, Folded.Approver, "note", Folded.Today);
        var rejected = late.Take(open, rejection, Folded.Approver);
        foreach (var expired in ExpiringCredit.Due(late.Account, [Maths], Folded.Today))
        {
            AccountFold.Apply(late.Account, expired);
        }

        Assert.Equal("0/0/0/0", late.Position(Maths));
        var appealed = late.Appeal(rejected);
        var remanded = late.Take(appealed, Reopening.Remand(late.CaseOf(appealed), "note"), Folded.Panel);

        Assert.Equal("0/5/0/0", late.Position(Maths));
        late.Take(remanded, late.TryApprove(remanded), Folded.Approver);
        Assert.Equal("0/0/4/1", late.Position(Maths));
        Assert.True(late.Account.Outcomes[Maths].Expired.IsNothing);
    }

    [Fact]
    public void a_remand_leaves_what_stands_approved_and_a_later_rejection_leaves_it_too()
    {
        var appealed = folded.Appeal(PartlyApproved());

        var remanded = folded.Take(appealed, Remand(appealed), Folded.Panel);

        Assert.Equal("0/0/4/1", folded.Position(Maths));
        Assert.Equal("0/3/0/0", folded.Position(Databases));
        var fresh = remanded.Transfer.Lines().Where(line => line.Holds.Count > 0).ToList();
        Assert.Equal([Databases], fresh.SelectMany(line => line.OutcomeIds));
        var rejection = TransferDecider.Reject(
            remanded.Transfer,
            folded.Account,
            Folded.Approver,
            "note",
            Folded.Today
        );
        var (rejected, _) = folded.Take(remanded, rejection, Folded.Approver);
        Assert.Equal(TransferStates.PartlyApproved, rejected.State);
        Assert.Equal("3/0/0/0", folded.Position(Databases));
        Assert.Equal("0/0/4/1", folded.Position(Maths));
    }

    [Fact]
    public void a_later_round_adds_to_what_was_approved()
    {
        var appealed = folded.Appeal(PartlyApproved());
        var remanded = folded.Take(appealed, Remand(appealed), Folded.Panel);
        var line = remanded.Transfer.Lines().Single(line => line.Result == LineResults.Maybe).Line;
        var yes = folded.TryDecide(remanded, [new LineVerdict(line, true, "note", null, [], [])]);
        var decided = folded.Take(remanded, yes, Folded.Evaluator);

        var (approved, _) = folded.Take(decided, folded.TryApprove(decided), Folded.Approver);

        Assert.Equal(TransferStates.Approved, approved.State);
        Assert.Equal(2, approved.StandingLines().Count);
        Assert.Equal(("0/0/4/1", "0/0/3/0"), (folded.Position(Maths), folded.Position(Databases)));
        Assert.Equal(2, folded.Account.Conversions.Count(conversion => conversion.TransferId == approved.Id));
    }

    [Fact]
    public void credit_that_was_used_meanwhile_cannot_be_held_again()
    {
        var appealed = folded.Appeal(Rejected(Maths));
        folded.Submit("trf-00-00000000000000000001", [Maths]);

        var refusal = Remand(appealed).Refusal;

        Assert.Equal((RefusalKind.Conflict, "credit.used"), (refusal?.Kind, refusal?.Code));
    }

    [Fact]
    public void a_panel_grants_what_an_evaluator_refused_and_it_is_posted_beside_the_rest()
    {
        var partly = PartlyApproved();
        var appealed = folded.Appeal(partly);

        var (varied, _) = folded.Take(appealed, Vary(appealed, (Databases, true)), Folded.Panel);

        Assert.Equal((TransferStates.Approved, AppealStates.Varied), States(varied));
        Assert.Equal(("0/0/4/1", "0/0/3/0"), (folded.Position(Maths), folded.Position(Databases)));
        Assert.Equal("appeal.filed", File(varied, Folded.Today).Refusal?.Code);
    }

    [Fact]
    public void a_panel_takes_back_by_entries_of_its_own_what_it_replaces()
    {
        var appealed = folded.Appeal(PartlyApproved());
        var decision = Vary(appealed, (Databases, true), (Maths, false));
        Assert.True(decision.Is(out var events, out _));

        var reversed = Assert.Single(events.OfAccount.OfType<ConversionReversed>());
        Assert.Equal((Folded.AppealId, UnwindingCauses.Varied), (reversed.CausedBy, reversed.Cause));
        var (varied, _) = folded.Take(appealed, decision, Folded.Panel);

        Assert.Equal(("5/0/0/0", "0/0/3/0"), (folded.Position(Maths), folded.Position(Databases)));
        Assert.Equal("appeal.varied", VoidedLine.CodeOf(Assert.Single(varied.VoidedLines).Cause));
    }

    [Fact]
    public void a_panel_grants_nothing_that_the_rules_forbid_and_nothing_that_stands_already()
    {
        var small = new Folded { TotalCredits = 8 }
            .With(Maths, 5)
            .With(Programming, 3);
        var submitted = small.Submit();
        var first = submitted.Transfer.Lines().First(line => line.OutcomeIds.Contains(Maths));
        var approved = small.Take(submitted, small.TryApprove(submitted, [first.Line]), Folded.Approver);
        var appealed = small.Appeal(approved);
        var left = appealed.Transfer.Lines().FirstOrDefault(line => line.OutcomeIds.Contains(Programming));
        var granted = new PanelVerdict(left?.Line ?? 99, true, "note", []);

        var overCap = Reopening.Vary(small.CaseOf(appealed), "note", [granted]).Refusal;
        Assert.Equal(RefusalKind.Rule, overCap?.Kind);
        var stands = new PanelVerdict(first.Line, true, "note", []);
        Assert.Equal("appeal.line", Reopening.Vary(small.CaseOf(appealed), "note", [stands]).Refusal?.Code);
        var unknown = new PanelVerdict(77, true, "note", []);
        Assert.Equal("transfer.line", Reopening.Vary(small.CaseOf(appealed), "note", [unknown]).Refusal?.Code);
    }

    [Fact]
    public void a_revocation_reaches_what_was_posted_in_a_later_round()
    {
        var appealed = folded.Appeal(PartlyApproved());
        var (varied, _) = folded.Take(appealed, Vary(appealed, (Databases, true)), Folded.Panel);
        var standing = new OutcomeStanding(
            folded.Account,
            folded.Account.Outcomes[Databases],
            new Dictionary<string, Transfer>()
        );

        var decision = OutcomeDecider.Revoke(standing, "fraud", null, Folded.Today);

        Assert.True(decision.Is(out var events, out _));
        foreach (var one in events.OfAccount)
        {
            AccountFold.Apply(folded.Account, one);
        }

        Assert.Equal(("0/0/4/1", "0/0/0/0"), (folded.Position(Maths), folded.Position(Databases)));
        var gone = Assert.Single(events.OfTransfers);
        Assert.Contains(Assert.Single(gone.Lines), varied.StandingLines());
    }

    [Fact]
    public void a_line_that_fell_leaves_its_number_to_nobody_in_the_next_round()
    {
        var submitted = folded.Submit(outcomes: [Databases]);
        var yes = folded.TryDecide(submitted, [new LineVerdict(1, true, "note", null, [], [])]);
        var decided = folded.Take(submitted, yes, Folded.Evaluator);
        var appealed = folded.Appeal(folded.Take(decided, folded.TryApprove(decided), Folded.Approver));
        appealed.Transfer = Corrected(appealed.Transfer, 1);
        appealed.Transfer = Corrected(appealed.Transfer, 3);

        var remanded = folded.Take(appealed, Remand(appealed), Folded.Panel);
        var line = Assert.Single(remanded.Transfer.Lines());
        Assert.Equal((2, LineResults.Maybe), (line.Line, line.Result));
        var again = folded.TryDecide(remanded, [new LineVerdict(2, true, "note", null, [], [])]);

        var (fresh, _) = folded.Take(remanded, again, Folded.Evaluator);
        Assert.Equal(LineResults.Match, Assert.Single(fresh.Lines(), known => known.Line == 2).Result);
    }

    [Fact]
    public void what_went_back_with_a_merge_is_refused_with_the_reason()
    {
        var remanded = folded.Appeal(Rejected(Maths));
        var takenBack = folded.Appeal(PartlyApproved());
        var varied = new PanelVerdict(1, false, "note", []);
        folded.Account.Conversions.Clear();
        folded.Account.Outcomes.Remove(Maths);

        Assert.Equal("credit.used", Remand(remanded).Refusal?.Code);
        Assert.Equal("appeal.line", Reopening.Vary(folded.CaseOf(takenBack), "note", [varied]).Refusal?.Code);
        var open = folded.Submit("trf-00-00000000000000000002", [Programming]);
        folded.Account.Outcomes.Remove(Programming);
        Assert.Equal("transfer.outdated", folded.TryDecide(open, []).Refusal?.Code);
        Assert.Equal("transfer.outdated", folded.TryApprove(open).Refusal?.Code);
    }

    /// <summary>Databases is worth something else, and what falls with that falls.</summary>
    private Transfer Corrected(Transfer transfer, int credits)
    {
        var position = folded.Account.Outcomes[Databases];
        var standing = new OutcomeStanding(folded.Account, position, new Dictionary<string, Transfer>());
        var record = position.Record with { Revision = position.Record.Revision + 1, Credits = new Credits(credits) };
        var recognised = folded.Recognise(Databases, record) with
        {
            Replaces = position.Recognition!.Value,
            ReplacesOn = position.Recognition.EffectiveOn,
        };
        var corrected = new OutcomeCorrected(Databases, record, "creditChange", null, null);
        var events = CorrectionDecider.Decide(standing, corrected, recognised, Folded.Today);
        foreach (var one in events.OfAccount)
        {
            AccountFold.Apply(folded.Account, one);
        }

        return events.OfTransfers.Aggregate(transfer, (state, one) => state.Apply(one));
    }

    /// <summary>Maths was approved; an evaluator refused databases.</summary>
    private (Transfer Transfer, Proposal Proposal) PartlyApproved()
    {
        var submitted = folded.Submit(outcomes: [Maths, Databases]);
        var line = submitted.Transfer.Lines().Single(line => line.Result == LineResults.Maybe).Line;
        var no = folded.TryDecide(submitted, [new LineVerdict(line, false, "note", null, [], [])]);
        var decided = folded.Take(submitted, no, Folded.Evaluator);
        return folded.Take(decided, folded.TryApprove(decided), Folded.Approver);
    }

    private (Transfer Transfer, Proposal Proposal) Rejected(string outcomeId)
    {
        var submitted = folded.Submit(outcomes: [outcomeId]);
        var no = TransferDecider.Reject(submitted.Transfer, folded.Account, Folded.Approver, "note", Folded.Today);
        return folded.Take(submitted, no, Folded.Approver);
    }

    private static Decision<TransferEvents> File(Transfer transfer, NodaTime.LocalDate on) =>
        AppealDecider.File(transfer, "apl-2", "note", [], Terms, on);

    private Decision<TransferEvents> Remand((Transfer, Proposal) appealed) =>
        Reopening.Remand(folded.CaseOf(appealed), "note");

    private Decision<TransferEvents> Vary(
        (Transfer Transfer, Proposal Proposal) appealed,
        params (string Course, bool Grants)[] lines
    ) =>
        Reopening.Vary(
            folded.CaseOf(appealed),
            "note",
            [
                .. lines.Select(line => new PanelVerdict(
                    appealed.Transfer.Lines().Single(known => known.OutcomeIds.Contains(line.Course)).Line,
                    line.Grants,
                    "note",
                    []
                )),
            ]
        );

    private static (string, string?) States(Transfer transfer) => (transfer.State, transfer.AppealState);
}

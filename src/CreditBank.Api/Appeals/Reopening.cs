using CreditBank.Api.Accounts;
using CreditBank.Api.Awards;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Expiry;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Appeals;

/// <summary>What a panel's decision that reopens a transfer is decided on.</summary>
/// <param name="Transfer">The transfer as it was decided.</param>
/// <param name="Account">The account.</param>
/// <param name="Proposal">The transfer's newest proposal.</param>
/// <param name="Evaluate">The rules for a state of both; with the day of a final decision, as they bind on it.</param>
/// <param name="AppealId">The appeal.</param>
/// <param name="ActorId">Who decides, by pseudonym.</param>
/// <param name="Today">The day in Shanghai.</param>
/// <param name="HeldUntilOn">The last day on which what is held again is held, inclusive.</param>
public sealed record PanelCase(
    Transfer Transfer,
    Account Account,
    Proposal Proposal,
    Func<Account, Transfer, LocalDate?, TransferEvaluation> Evaluate,
    string AppealId,
    string ActorId,
    LocalDate Today,
    LocalDate HeldUntilOn
);

/// <summary>A panel's word on one line.</summary>
/// <param name="Line">The line of the decided transfer.</param>
/// <param name="Grants">Whether it is granted; otherwise what was posted for it is taken back.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="CourseCodes">The courses it becomes, where the rules leave that open; nothing means those of the
/// line.</param>
public sealed record PanelVerdict(int Line, bool Grants, string NoteId, IReadOnlyList<string> CourseCodes);

/// <summary>
/// Panel decisions that reopen a transfer. Another round begins over what does not stand approved: the rules propose
/// anew under the pinned versions, and the credit is held again. A remand leaves the round to the receiver; when the
/// panel varies, it goes through it to the posting at once. Nothing that was posted is edited. Pure.
/// </summary>
public static class Reopening
{
    /// <summary>The receiver is to evaluate and decide again.</summary>
    public static Decision<TransferEvents> Remand(PanelCase panel, string noteId)
    {
        if (AppealDecider.MayNot(panel.Transfer, panel.AppealId, panel.ActorId) is { } refusal)
        {
            return refusal;
        }

        var standing = panel.Transfer.StandingLines();
        var used = panel
            .Transfer.Lines()
            .Where(line => standing.Contains(line.Line))
            .SelectMany(line => line.OutcomeIds)
            .ToHashSet();
        var outcomes = panel.Transfer.Submitted.OutcomeIds.Where(id => !used.Contains(id)).ToList();
        var decided = new AppealDecided(panel.Transfer.Id, panel.AppealId, AppealDecisions.Remand, noteId, panel.Today);
        return outcomes.Count == 0
            ? AppealRefusals.NothingToReopen
            : Begin(new TransferRound(panel.Transfer, panel.Account, panel.Proposal), panel, outcomes, decided) switch
            {
                { Refusal: { } no } => no,
                { Value: { } round } => round.Events,
                _ => throw new InvalidOperationException("A decision is a value or a refusal."),
            };
    }

    /// <summary>
    /// The panel grants lines itself, and takes back approved ones where it says so. What it grants must be what the
    /// rules allow: caps and filled courses hold for it too.
    /// </summary>
    public static Decision<TransferEvents> Vary(PanelCase panel, string noteId, IReadOnlyList<PanelVerdict> verdicts)
    {
        if (
            AppealDecider.MayNot(panel.Transfer, panel.AppealId, panel.ActorId) is { } refusal
            || (refusal = WrongLine(panel, verdicts)) is not null
        )
        {
            return refusal;
        }

        var decided = new AppealDecided(panel.Transfer.Id, panel.AppealId, AppealDecisions.Vary, noteId, panel.Today);
        // Of what it varies the panel itself is evaluator and approver.
        var itsOwn = panel.Transfer with
        {
            PanelBy = [],
        };
        var round = TakeBack(new TransferRound(itsOwn, panel.Account, panel.Proposal), panel, verdicts);
        var granted = verdicts.Where(verdict => verdict.Grants).ToList();
        var outcomes = granted
            .SelectMany(verdict => LineOf(panel.Transfer, verdict.Line)!.OutcomeIds)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        if (!Begin(round, panel, outcomes, decided).Is(out var begun, out var no))
        {
            return no;
        }

        if (!Accept(begun, panel, granted).Is(out var accepted, out no))
        {
            return no;
        }

        var fresh = accepted.Transfer.Lines().Where(line => !accepted.Transfer.ApprovedLines.Contains(line.Line));
        var lines = fresh.Where(line => line.Result != LineResults.Miss).Select(line => line.Line).ToList();
        var evaluation = panel.Evaluate(accepted.Account, accepted.Transfer, panel.Today);
        return ApprovalDecider
            .Approve(accepted.Transfer, accepted.Proposal, lines, evaluation, panel.ActorId, panel.Today)
            .Is(out var posted, out no)
            ? accepted.And(posted).Events
            : no;
    }

    private static Refusal? WrongLine(PanelCase panel, IReadOnlyList<PanelVerdict> verdicts)
    {
        var transfer = panel.Transfer;
        var standing = transfer.StandingLines();
        var posted = panel
            .Account.Conversions.Where(conversion => conversion.TransferId == transfer.Id)
            .SelectMany(conversion => conversion.Lines)
            .Select(line => line.Line)
            .ToHashSet();
        foreach (var verdict in verdicts)
        {
            if (LineOf(transfer, verdict.Line) is null)
            {
                return TransferRefusals.NoLine(verdict.Line);
            }

            var stands = standing.Contains(verdict.Line);
            if (stands == verdict.Grants)
            {
                return AppealRefusals.LineStands(verdict.Line, stands);
            }

            if (stands && !posted.Contains(verdict.Line))
            {
                return AppealRefusals.LineElsewhere(verdict.Line);
            }
        }

        return null;
    }

    /// <summary>What was posted for lines is reversed on the day it was posted, as entries of their own.</summary>
    private static TransferRound TakeBack(TransferRound round, PanelCase panel, IReadOnlyList<PanelVerdict> verdicts)
    {
        var gone = verdicts.Where(verdict => !verdict.Grants).Select(verdict => verdict.Line).Order().ToList();
        if (gone.Count == 0)
        {
            return round;
        }

        var reversed = panel
            .Account.Conversions.Where(conversion => conversion.TransferId == panel.Transfer.Id)
            .Select(conversion => new ConversionReversed(
                conversion.TransferId,
                conversion.InstitutionId,
                conversion.ProgrammeId,
                [.. conversion.Lines.Where(line => gone.Contains(line.Line))],
                panel.AppealId,
                UnwindingCauses.Varied,
                conversion.EffectiveOn
            ))
            .Where(conversion => conversion.Lines.Count > 0)
            .ToList();
        var reviews = reversed
            .SelectMany(conversion => conversion.Lines)
            .SelectMany(line => line.Debits)
            .Select(debit => debit.OutcomeId)
            .Distinct()
            .SelectMany(id => AwardDecider.ReviewsOf(panel.Account, id, UnwindingCauses.Varied, panel.Today))
            .DistinctBy(review => review.AwardId);
        var voided = new TransferLinesVoided(
            panel.Transfer.Id,
            gone,
            panel.AppealId,
            UnwindingCauses.Varied,
            panel.Today
        );
        return round.And(new TransferEvents([voided], [.. reversed, .. reviews]));
    }

    /// <summary>
    /// The round begins. Credit that ended because this transfer let go of it is there again: a decision that was wrong
    /// took it from the learner, not time.
    /// </summary>
    private static Decision<TransferRound> Begin(
        TransferRound round,
        PanelCase panel,
        IReadOnlyList<string> outcomeIds,
        AppealDecided decided
    )
    {
        var returned = outcomeIds
            .Select(id => round.Account.Outcomes.GetValueOrDefault(id))
            .OfType<OutcomePosition>()
            .SelectMany(position =>
                ExpiringCredit.Undo(position, UnwindingCauses.Reopened, panel.Transfer.Submitted.SubmittedOn)
            );
        var open = round.And(new TransferEvents([decided], [.. returned]));
        var reopened = new TransferReopened(
            panel.Transfer.Id,
            panel.AppealId,
            outcomeIds,
            panel.Today,
            panel.HeldUntilOn
        );
        return UsedMeanwhile(open.Transfer, open.Account, outcomeIds) ?? open.Begin(reopened, panel.Evaluate);
    }

    /// <summary>The panel is the evaluator of what the rules leave to a person.</summary>
    private static Decision<TransferRound> Accept(
        TransferRound round,
        PanelCase panel,
        IReadOnlyList<PanelVerdict> granted
    )
    {
        var verdicts = new List<LineVerdict>();
        foreach (var verdict in granted)
        {
            var outcomes = LineOf(panel.Transfer, verdict.Line)!.OutcomeIds;
            var line = round
                .Transfer.Lines()
                .FirstOrDefault(line =>
                    !round.Transfer.ApprovedLines.Contains(line.Line) && line.OutcomeIds.Any(outcomes.Contains)
                );
            if (line is null)
            {
                return TransferRefusals.Line(
                    round.Proposal.Lines.First(other => other.OutcomeIds.Any(outcomes.Contains)) with
                    {
                        Line = verdict.Line,
                    }
                );
            }

            if (line.Result == LineResults.Maybe && verdicts.All(other => other.Line != line.Line))
            {
                verdicts.Add(new LineVerdict(line.Line, true, verdict.NoteId, null, [], verdict.CourseCodes));
            }
        }

        if (verdicts.Count == 0)
        {
            return round;
        }

        var evaluation = panel.Evaluate(round.Account, round.Transfer, null);
        return LineDecider
            .Decide(round.Transfer, round.Proposal, verdicts, evaluation, panel.ActorId, panel.Today)
            .Is(out var events, out var refusal)
            ? round.And(events)
            : refusal;
    }

    /// <summary>
    /// What the lines held when they were decided must be free again. What came in a merge is here no more once the
    /// merge was undone.
    /// </summary>
    private static Refusal? UsedMeanwhile(Transfer transfer, Account account, IReadOnlyList<string> outcomeIds)
    {
        var held = transfer
            .Lines()
            .SelectMany(line => line.Holds)
            .GroupBy(hold => hold.OutcomeId)
            .ToDictionary(group => group.Key, group => group.Sum(hold => hold.Held.Amount));
        foreach (var id in outcomeIds)
        {
            var available = account.Outcomes.GetValueOrDefault(id)?.Available.Amount ?? Credits.Zero;
            if (available.IsZero || available < held.GetValueOrDefault(id))
            {
                return AppealRefusals.Used(id);
            }
        }

        return null;
    }

    private static ProposedLine? LineOf(Transfer transfer, int number) =>
        transfer.Lines().FirstOrDefault(line => line.Line == number);
}

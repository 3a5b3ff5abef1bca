using CreditBank.Api.Accounts;
using CreditBank.Api.Appeals;
using CreditBank.Api.Awards;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>
/// What a correction of an outcome means for a transfer that was decided: lines that would not have been granted so are
/// taken back, and what a correction took back is proposed anew, for the receiver to decide. Nothing is granted by
/// itself. Pure; the same correction told twice changes nothing the second time.
/// </summary>
public static class CorrectedLines
{
    /// <summary>Approved lines that a correction took back and that no round has taken up since.</summary>
    public static IEnumerable<ProposedLine> Fallen(Transfer transfer)
    {
        var corrected = transfer
            .VoidedLines.Where(voided => voided.Cause == UnwindingCauses.Corrected)
            .Select(voided => voided.Line)
            .ToHashSet();
        return transfer
            .Lines()
            .Where(line => corrected.Contains(line.Line) && transfer.ApprovedLines.Contains(line.Line));
    }

    /// <summary>Whether a correction may have something for it: decided, and no appeal waits for its answer.</summary>
    public static bool MayFollow(Transfer transfer) =>
        !TransferStates.IsOpen(transfer.State)
        && !(transfer.AppealState is { } state && AppealStates.IsOpen(state))
        && transfer.ApprovedLines.Count > 0;

    /// <summary>What an outcome's record said when lines of a transfer were posted, by line.</summary>
    /// <param name="events">The account's events, in order.</param>
    /// <param name="transferId">The transfer.</param>
    /// <param name="outcomeId">The outcome.</param>
    public static IReadOnlyDictionary<int, OutcomeRecord> RecordsThen(
        IEnumerable<object> events,
        string transferId,
        string outcomeId
    )
    {
        OutcomeRecord? record = null;
        var then = new Dictionary<int, OutcomeRecord>();
        foreach (var one in events)
        {
            record = one switch
            {
                OutcomeRecorded recorded when recorded.OutcomeId == outcomeId => recorded.Record,
                OutcomeCorrected corrected when corrected.OutcomeId == outcomeId => corrected.Record,
                OutcomeTakenOver taken when taken.OutcomeId == outcomeId => taken.Record,
                _ => record,
            };
            if (one is CreditConverted converted && converted.TransferId == transferId && record is not null)
            {
                foreach (var line in converted.Lines)
                {
                    then[line.Line] = record;
                }
            }
        }

        return then;
    }

    /// <summary>
    /// Takes back the lines with an outcome that the rules, under the pinned versions, granted for what its record said
    /// then and would not for what it says now; and those that a person granted and the rules now refuse. A line that
    /// would not stand for the old record either has another reason, and stays.
    /// </summary>
    /// <param name="round">The transfer and its account.</param>
    /// <param name="outcomeId">The outcome that was corrected.</param>
    /// <param name="recordsThen">What its record said when each line was posted.</param>
    /// <param name="evaluate">The rules for a state of both.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static TransferRound TakeBack(
        TransferRound round,
        string outcomeId,
        IReadOnlyDictionary<int, OutcomeRecord> recordsThen,
        Func<Account, Transfer, LocalDate?, TransferEvaluation> evaluate,
        LocalDate today
    )
    {
        if (!round.Account.Outcomes.TryGetValue(outcomeId, out var position))
        {
            return round;
        }

        var resting =
            from conversion in round.Account.Conversions
            where conversion.TransferId == round.Transfer.Id
            from line in conversion.Lines
            where line.Debits.Any(debit => debit.OutcomeId == outcomeId)
            select new ConversionReversed(
                conversion.TransferId,
                conversion.InstitutionId,
                conversion.ProgrammeId,
                [line],
                outcomeId,
                UnwindingCauses.Corrected,
                conversion.EffectiveOn
            );
        var gone = resting.Where(Fell).ToList();
        if (gone.Count == 0)
        {
            return round;
        }

        var numbers = gone.Select(reversed => reversed.Lines[0].Line).Order().ToList();
        var voided = new TransferLinesVoided(round.Transfer.Id, numbers, outcomeId, UnwindingCauses.Corrected, today);
        var reviews = AwardDecider.ReviewsOf(round.Account, outcomeId, UnwindingCauses.Corrected, today);
        return round.And(new TransferEvents([voided], [.. gone, .. reviews]));

        bool Fell(ConversionReversed reversed)
        {
            if (!recordsThen.TryGetValue(reversed.Lines[0].Line, out var then) || then == position.Record)
            {
                return false;
            }

            var account = round.Account.After([reversed]);
            if (Stands(round, account, reversed.Lines[0], evaluate))
            {
                return false;
            }

            account.Outcomes[outcomeId].Record = then;
            return Stands(round, account, reversed.Lines[0], evaluate);
        }
    }

    /// <summary>
    /// Begins another round over what corrections took back; the round as it was when nothing matches.
    /// </summary>
    /// <param name="round">The transfer and its account.</param>
    /// <param name="evaluate">The rules for a state of both.</param>
    /// <param name="today">The day in Shanghai.</param>
    /// <param name="heldUntilOn">The last day on which what is held again is held, inclusive.</param>
    public static TransferRound Reopen(
        TransferRound round,
        Func<Account, Transfer, LocalDate?, TransferEvaluation> evaluate,
        LocalDate today,
        LocalDate heldUntilOn
    )
    {
        var outcomeIds = Fallen(round.Transfer)
            .SelectMany(line => line.OutcomeIds)
            .Distinct()
            .Where(id => IsFree(round.Account.Outcomes.GetValueOrDefault(id)))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (outcomeIds.Count == 0)
        {
            return round;
        }

        var cause = round.Transfer.VoidedLines.Last(voided => voided.Cause == UnwindingCauses.Corrected);
        var reopened = new TransferReopened(round.Transfer.Id, null, outcomeIds, today, heldUntilOn)
        {
            OutcomeId = cause.OutcomeId,
        };
        return round.Begin(reopened, evaluate).Is(out var begun, out _) ? begun : round;
    }

    private static bool IsFree(OutcomePosition? position) =>
        position is { Status: OutcomeStatus.Recorded } && position.Available.Amount.IsPositive;

    /// <summary>Whether a line, asked for again on an account without it, would be decided as it was.</summary>
    private static bool Stands(
        TransferRound round,
        Account account,
        ConvertedLine line,
        Func<Account, Transfer, LocalDate?, TransferEvaluation> evaluate
    )
    {
        var outcomeIds = line.Debits.Select(debit => debit.OutcomeId).Distinct();
        var proposal = evaluate(account, round.Transfer, null).Of(outcomeIds, []).Proposal;
        var byAPerson = round.Transfer.Decisions.Any(decision => decision.Line == line.Line);
        return proposal?.Lines.Any(fresh =>
                fresh.Result == LineResult.Match || byAPerson && fresh.Result == LineResult.Maybe
            ) == true;
    }
}

using CreditBank.Api.Accounts;
using CreditBank.Api.Awards;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Transfers;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Outcomes;

/// <summary>An outcome that may change, with everything that may rest on it.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Position">The outcome.</param>
/// <param name="Open">The transfers that hold credit of it, by id.</param>
public sealed record OutcomeStanding(
    Account Account,
    OutcomePosition Position,
    IReadOnlyDictionary<string, Transfer> Open
);

/// <summary>What a change of an outcome becomes, all in one commit.</summary>
/// <param name="OfAccount">Events of the account's stream.</param>
/// <param name="OfTransfers">Events of transfers, each of the stream that it names.</param>
public sealed record OutcomeEvents(IReadOnlyList<object> OfAccount, IReadOnlyList<TransferLinesVoided> OfTransfers);

/// <summary>
/// Takes back everything that rests on an outcome, so that its whole worth is available: every live line of a
/// conversion once, and every line of an open transfer. A line goes whole, also when other outcomes are in it. Pure.
/// </summary>
public static class Unwinding
{
    /// <summary>The events, reversals first; nothing when nothing rests on it.</summary>
    /// <param name="standing">The outcome and what may rest on it.</param>
    /// <param name="cause">One of <see cref="UnwindingCauses"/>.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static OutcomeEvents Of(OutcomeStanding standing, string cause, LocalDate today)
    {
        var ofAccount = new List<object>();
        var ofTransfers = new List<TransferLinesVoided>();
        Reverse(standing, cause, today, ofAccount, ofTransfers);
        Release(standing, cause, today, ofAccount, ofTransfers);
        ofAccount.AddRange(AwardDecider.ReviewsOf(standing.Account, standing.Position.OutcomeId, cause, today));
        return new OutcomeEvents(ofAccount, ofTransfers);
    }

    /// <summary>
    /// The day from which worth is taken away from an outcome after <see cref="Of"/>: the day it was true (rulings
    /// 18), or the latest on which credit of it moved, since before that day it was not all available.
    /// </summary>
    public static LocalDate RemovedOn(OutcomePosition position, LocalDate today)
    {
        var trueFrom = position.Recognition?.EffectiveOn ?? position.Record.CompletedOn;
        var movedOn = position.Holds.Count > 0 ? today : position.MovedOn ?? trueFrom;
        return LocalDate.Max(trueFrom, movedOn);
    }

    private static void Reverse(
        OutcomeStanding standing,
        string cause,
        LocalDate today,
        List<object> ofAccount,
        List<TransferLinesVoided> ofTransfers
    )
    {
        var id = standing.Position.OutcomeId;
        foreach (var conversion in standing.Account.Conversions)
        {
            var lines = conversion.Lines.Where(line => line.Debits.Any(debit => debit.OutcomeId == id)).ToList();
            if (lines.Count == 0)
            {
                continue;
            }

            ofAccount.Add(
                new ConversionReversed(
                    conversion.TransferId,
                    conversion.InstitutionId,
                    conversion.ProgrammeId,
                    lines,
                    id,
                    cause,
                    conversion.EffectiveOn
                )
            );
            var numbers = lines.Select(line => line.Line).Order().ToList();
            ofTransfers.Add(new TransferLinesVoided(conversion.TransferId, numbers, id, cause, today));
        }
    }

    private static void Release(
        OutcomeStanding standing,
        string cause,
        LocalDate today,
        List<object> ofAccount,
        List<TransferLinesVoided> ofTransfers
    )
    {
        var id = standing.Position.OutcomeId;
        foreach (var transferId in standing.Position.Holds.Keys.Order(StringComparer.Ordinal))
        {
            var transfer = standing.Open[transferId];
            var lines = transfer.Lines().Where(line => !transfer.ApprovedLines.Contains(line.Line)).ToList();
            var gone = lines.Where(line => line.Result != LineResults.Miss && line.OutcomeIds.Contains(id)).ToList();
            ofAccount.AddRange(TransferHolds.Adjust(standing.Account, transferId, lines.Except(gone), today));
            var numbers = gone.Select(line => line.Line).Order().ToList();
            ofTransfers.Add(new TransferLinesVoided(transferId, numbers, id, cause, today));
        }
    }
}

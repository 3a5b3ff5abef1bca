using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Marten;

namespace CreditBank.Api.Transfers;

/// <summary>An outcome was corrected that a decided transfer rests on, or rested on.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="OutcomeId">The outcome, where lines with it stand; none when they were taken back already.</param>
public sealed record EvaluateAgain(string TransferId, string? OutcomeId)
{
    /// <summary>
    /// What corrections among some events call for. Behind the commit: who corrects does not wait for the rules.
    /// </summary>
    /// <param name="session">Reads the learners' book of the events.</param>
    /// <param name="voidedIds">Transfers of which lines were voided.</param>
    /// <param name="corrected">Outcomes that were corrected, by account.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<IReadOnlyList<EvaluateAgain>> After(
        IQuerySession session,
        IReadOnlyCollection<string> voidedIds,
        ILookup<string, string> corrected,
        CancellationToken cancellation
    )
    {
        var messages = new List<EvaluateAgain>();
        if (voidedIds.Count > 0)
        {
            var voided = await session.LoadManyAsync<Transfer>(cancellation, voidedIds);
            var fallen = voided.Where(transfer => CorrectedLines.Fallen(transfer).Any());
            messages.AddRange(fallen.Select(transfer => new EvaluateAgain(transfer.Id, null)));
        }

        if (corrected.Count > 0)
        {
            var accountIds = corrected.Select(account => account.Key).ToArray();
            string[] states = [TransferStates.Approved, TransferStates.PartlyApproved];
            var decided = await session
                .Query<Transfer>()
                .Where(transfer => transfer.AccountId.IsOneOf(accountIds) && transfer.State.IsOneOf(states))
                .ToListAsync(cancellation);
            messages.AddRange(
                from transfer in decided
                let standing = transfer.StandingLines()
                let rests = transfer.Lines().Where(line => standing.Contains(line.Line))
                from outcomeId in rests
                    .SelectMany(line => line.OutcomeIds)
                    .Intersect(corrected[transfer.AccountId], StringComparer.Ordinal)
                select new EvaluateAgain(transfer.Id, outcomeId)
            );
        }

        return messages;
    }
}

/// <summary>Evaluates decided transfers again.</summary>
public static class EvaluateAgainHandler
{
    /// <summary>Decides from what stands, so that a message that comes twice or late does nothing.</summary>
    public static Task Handle(EvaluateAgain message, TransferDesk desk, CancellationToken cancellation) =>
        Races.Retry(() => EvaluateAsync(message, desk, cancellation));

    private static async Task<bool> EvaluateAsync(
        EvaluateAgain message,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        await using var opened = await desk.OpenAsync(message.TransferId, cancellation);
        if (
            !CorrectedLines.MayFollow(opened.Transfer)
            || await opened.PersonAsync(cancellation) is not { MergedInto: null }
            || await desk.MayNotReopenAsync(opened.Transfer.InstitutionId, cancellation) is not null
        )
        {
            return false;
        }

        var evaluate = await opened.EvaluationsAsync(cancellation);
        var round = new TransferRound(
            opened.Transfer,
            await opened.AccountAsync(cancellation),
            await opened.ProposalAsync(cancellation)
        );
        if (message.OutcomeId is { } outcomeId)
        {
            var then = CorrectedLines.RecordsThen(
                await opened.EventsOfAccountAsync(cancellation),
                opened.Transfer.Id,
                outcomeId
            );
            round = CorrectedLines.TakeBack(round, outcomeId, then, evaluate, desk.Today);
        }

        var today = desk.Today;
        round = CorrectedLines.Reopen(round, evaluate, today, desk.Terms.HeldUntil(today));
        if (round.Events.OfTransfer.Count == 0)
        {
            return false;
        }

        Decision<TransferEvents> decision = round.Events;
        await opened.CommitAsync(decision, cancellation);
        return true;
    }
}

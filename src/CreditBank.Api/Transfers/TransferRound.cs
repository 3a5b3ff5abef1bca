using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>
/// Another round of a decided transfer in the making: what was decided so far, and what it makes of transfer and
/// account. Pure.
/// </summary>
/// <param name="Transfer">The transfer after it.</param>
/// <param name="Account">The account after it.</param>
/// <param name="Proposal">The newest proposal.</param>
public sealed record TransferRound(Transfer Transfer, Account Account, Proposal Proposal)
{
    /// <summary>What was decided so far.</summary>
    public TransferEvents Events { get; private init; } = new([], []);

    /// <summary>One step more.</summary>
    public TransferRound And(TransferEvents step)
    {
        var transfer = step.OfTransfer.Aggregate(Transfer, (state, one) => state.After(one));
        return new TransferRound(transfer, Account.After(step.OfAccount), step.Document?.Read() ?? Proposal)
        {
            Events = Events.And(step),
        };
    }

    /// <summary>
    /// The round begins over what does not stand approved: the rules propose under the pinned versions, and what they
    /// would debit is held. Refused when nothing of it matches.
    /// </summary>
    /// <param name="reopened">The outcomes in play, and until when they are held.</param>
    /// <param name="evaluate">The rules for a state of both.</param>
    public Decision<TransferRound> Begin(
        TransferReopened reopened,
        Func<Account, Transfer, LocalDate?, TransferEvaluation> evaluate
    )
    {
        var evaluation = evaluate(Account, Transfer, null);
        var request = evaluation.RequestFor(reopened.OutcomeIds, []);
        var result = Evaluator.Evaluate(request, evaluation.Catalog);
        if (result.Proposal is not { } fresh)
        {
            return result.Refusal!;
        }

        if (fresh.Lines.All(line => line.Result == LineResult.Miss))
        {
            return TransferRefusals.Nothing(fresh);
        }

        var standing = Transfer.StandingLines();
        var merged = TransferLines.NextRound(Proposal, fresh, standing);
        var inPlay = merged.Lines.Where(line => line.Result != LineResult.Miss && !standing.Contains(line.Line));
        if (!TransferLines.Of(inPlay, Account, Transfer.Id, evaluation.Catalog).Is(out var lines, out var refusal))
        {
            return refusal;
        }

        var kept = Transfer.Apply(reopened).Lines();
        var (document, asked, evaluated) = TransferDecider.Evaluated(
            Transfer.Id,
            request,
            merged,
            [.. kept.Concat(lines).OrderBy(line => line.Line)]
        );
        return And(
            new TransferEvents(
                [reopened, evaluated],
                TransferHolds.Adjust(Account, Transfer.Id, lines, reopened.ReopenedOn)
            )
            {
                Document = document,
                Request = asked,
            }
        );
    }
}

using CreditBank.Api.Evaluations;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>
/// Decides approvals: what was shown is posted, if the rules still give it on top of what was granted since. Pure.
/// </summary>
public static class ApprovalDecider
{
    /// <summary>The posting of the approved lines, or why it cannot be.</summary>
    /// <param name="transfer">The transfer.</param>
    /// <param name="before">Its newest proposal.</param>
    /// <param name="named">The lines to approve; none means every match line, and then nothing may be
    /// undecided.</param>
    /// <param name="evaluation">The rules as they bind at the decision.</param>
    /// <param name="actorId">Who approves.</param>
    /// <param name="today">The day in Shanghai; the day of the posting.</param>
    public static Decision<TransferEvents> Approve(
        Transfer transfer,
        Proposal before,
        IReadOnlyList<int>? named,
        TransferEvaluation evaluation,
        string actorId,
        LocalDate today
    )
    {
        if (TransferDecider.MayNotDecide(transfer, actorId) is { } fourEyes)
        {
            return fourEyes;
        }

        if (transfer.State != TransferStates.Evaluated)
        {
            return TransferRefusals.State(transfer.State);
        }

        var lines = transfer.Lines().Where(line => !transfer.ApprovedLines.Contains(line.Line)).ToList();
        if (!Choose(lines, named).Is(out var chosen, out var refusal))
        {
            return refusal;
        }

        if (LineDecider.Elsewhere(transfer, evaluation.Account) is { } elsewhere)
        {
            return elsewhere;
        }

        var request = evaluation.RequestFor(LineDecider.InPlay(transfer), LineDecider.Accepted(transfer));
        var result = Evaluator.Evaluate(request, evaluation.Catalog);
        if (result.Proposal is not { } whole)
        {
            return result.Refusal!;
        }

        return whole.RuleSet.Version == transfer.Evaluated!.RuleSetVersion
            ? Confirm(transfer, chosen, whole, evaluation, today)
            : Renew(
                transfer,
                request,
                TransferLines.Merge(before, whole, transfer.ApprovedLines),
                chosen,
                evaluation,
                today
            );
    }

    private static Decision<IReadOnlyList<ProposedLine>> Choose(
        IReadOnlyList<ProposedLine> lines,
        IReadOnlyList<int>? named
    )
    {
        var open = lines.Where(line => line.Result == LineResults.Maybe).Select(line => line.Line).ToList();
        if (named is null && open.Count > 0)
        {
            return TransferRefusals.Undecided(open, TransferStates.Evaluated);
        }

        foreach (var number in named ?? [])
        {
            switch (lines.FirstOrDefault(line => line.Line == number)?.Result)
            {
                case null:
                    return TransferRefusals.NoLine(number);
                case LineResults.Maybe:
                    return TransferRefusals.Undecided([number], TransferStates.Evaluated);
                case LineResults.Miss:
                    return TransferRefusals.LineDecided(number, LineResults.Miss);
            }
        }

        var chosen = lines
            .Where(line => line.Result == LineResults.Match && (named is null || named.Contains(line.Line)))
            .ToList();
        return chosen.Count > 0 ? chosen : TransferRefusals.NothingToApprove;
    }

    /// <summary>
    /// What is approved must come out of the rules as it was shown: as part of everything in play, or, where earlier
    /// grants have left less room, by itself. Caps are upper bounds, so a part of a whole that fits fits too.
    /// </summary>
    private static Decision<TransferEvents> Confirm(
        Transfer transfer,
        IReadOnlyList<ProposedLine> chosen,
        Proposal whole,
        TransferEvaluation evaluation,
        LocalDate today
    )
    {
        if (Deviation(transfer, chosen, whole, evaluation) is not null)
        {
            var alone = evaluation.Of(
                chosen.SelectMany(line => line.OutcomeIds).Distinct(),
                LineDecider.Accepted(transfer)
            );
            if (Deviation(transfer, chosen, alone.Proposal!, evaluation) is { } deviation)
            {
                return deviation;
            }
        }

        return new TransferEvents(
            [new TransferApproved(transfer.Id, [.. chosen.Select(line => line.Line)], today)],
            TransferHolds.Post(evaluation.Account, transfer, chosen, today)
        );
    }

    /// <summary>The first chosen line that a proposal no longer gives as shown; none when all stand.</summary>
    private static Refusal? Deviation(
        Transfer transfer,
        IReadOnlyList<ProposedLine> chosen,
        Proposal proposal,
        TransferEvaluation evaluation
    )
    {
        foreach (var line in chosen)
        {
            var now =
                proposal.Lines.FirstOrDefault(other => TransferLines.SameOutcomes(other.OutcomeIds, line.OutcomeIds))
                ?? proposal.Lines.First(other => other.OutcomeIds.Any(line.OutcomeIds.Contains));
            if (now.Result != LineResult.Match)
            {
                return TransferRefusals.Line(now with { Line = line.Line });
            }

            var mapped = TransferLines.Of(now, evaluation.Account, transfer.Id, evaluation.Catalog);
            if (!mapped.Is(out var same, out var refusal))
            {
                return refusal;
            }

            if (!TransferLines.AreSame(same, line))
            {
                return TransferRefusals.Outdated(line.Line, now.Clauses, transfer.State);
            }
        }

        return null;
    }

    /// <summary>Another version binds at the decision: it is recorded, and its lines are what is approved.</summary>
    private static Decision<TransferEvents> Renew(
        Transfer transfer,
        EvaluationRequest request,
        Proposal merged,
        IReadOnlyList<ProposedLine> chosen,
        TransferEvaluation evaluation,
        LocalDate today
    )
    {
        foreach (var line in chosen)
        {
            var now = merged.Lines.First(other => other.Line == line.Line);
            if (now.Result != LineResult.Match)
            {
                return TransferRefusals.Line(now);
            }
        }

        if (!LineDecider.Remember(transfer, merged, evaluation).Is(out var lines, out var refusal))
        {
            return refusal;
        }

        var (document, asked, evaluated) = TransferDecider.Evaluated(transfer.Id, request, merged, lines);
        var approved = lines.Where(line => chosen.Any(other => other.Line == line.Line)).ToList();
        return new TransferEvents(
            [evaluated, new TransferApproved(transfer.Id, [.. approved.Select(line => line.Line)], today)],
            TransferHolds.Post(evaluation.Account, transfer, approved, today)
        )
        {
            Document = document,
            Request = asked,
        };
    }
}

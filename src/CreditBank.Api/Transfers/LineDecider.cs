using CreditBank.Api.Access;
using CreditBank.Api.Evaluations;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>What an evaluator says of one maybe line.</summary>
/// <param name="Line">The line.</param>
/// <param name="Grants">Whether it shall be granted.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="Similarity">The similarity found, 0 to 1; none where not measured.</param>
/// <param name="Evidence">SHA-256 of what it rests on.</param>
/// <param name="CourseCodes">The courses it shall become; nothing means those of the line.</param>
public sealed record LineVerdict(
    int Line,
    bool Grants,
    string NoteId,
    Credits? Similarity,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<string> CourseCodes
);

/// <summary>Decides maybe lines: a person says yes or no, the rules still hold. Pure.</summary>
public static class LineDecider
{
    /// <summary>The decision <c>grant</c>.</summary>
    public const string Grant = "grant";

    /// <summary>The decision <c>refuse</c>.</summary>
    public const string Refuse = "refuse";

    /// <summary>The words of the contract.</summary>
    public static readonly IReadOnlyList<string> Words = [Grant, Refuse];

    /// <summary>
    /// What the verdicts become: the decisions, an evaluation that respects them, and holds for exactly what is
    /// still in
    /// play. A yes that a rule forbids (a cap, a filled course) is refused with that rule's code.
    /// </summary>
    /// <param name="transfer">The transfer.</param>
    /// <param name="before">Its newest proposal.</param>
    /// <param name="verdicts">The verdicts, one a line.</param>
    /// <param name="evaluation">The rules as pinned.</param>
    /// <param name="actorId">Who decides.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<TransferEvents> Decide(
        Transfer transfer,
        Proposal before,
        IReadOnlyList<LineVerdict> verdicts,
        TransferEvaluation evaluation,
        string actorId,
        LocalDate today
    )
    {
        if ((MayNot(transfer, verdicts, actorId) ?? Elsewhere(transfer, evaluation.Account)) is { } refusal)
        {
            return refusal;
        }

        var request = evaluation.RequestFor(
            InPlay(transfer),
            [.. Accepted(transfer), .. verdicts.Select(verdict => DecisionOf(verdict, LineOf(transfer, verdict.Line)!))]
        );
        var result = Evaluator.Evaluate(request, evaluation.Catalog);
        if (result.Proposal is not { } fresh)
        {
            return result.Refusal!;
        }

        var merged = TransferLines.Merge(before, fresh, transfer.ApprovedLines);
        foreach (var verdict in verdicts.Where(verdict => verdict.Grants))
        {
            var line = merged.Lines.First(line => line.Line == verdict.Line);
            if (line.Result != LineResult.Match)
            {
                return TransferRefusals.Line(line);
            }
        }

        return Record(transfer, request, merged, verdicts, evaluation, today);
    }

    /// <summary>
    /// The outcomes still in play: those of match and maybe lines that were not approved in an earlier round.
    /// </summary>
    public static IReadOnlyList<string> InPlay(Transfer transfer) =>
        [
            .. transfer
                .Lines()
                .Where(line => line.Result != LineResults.Miss && !transfer.ApprovedLines.Contains(line.Line))
                .SelectMany(line => line.OutcomeIds)
                .Distinct(),
        ];

    /// <summary>
    /// Why nothing can be decided: a merge was undone, and an outcome in play, of which nothing is held, went with it.
    /// None when all are here.
    /// </summary>
    public static Refusal? Elsewhere(Transfer transfer, Accounts.Account account) =>
        InPlay(transfer).FirstOrDefault(id => !account.Outcomes.ContainsKey(id)) is { } gone
            ? TransferRefusals.Elsewhere(gone)
            : null;

    /// <summary>What evaluators granted before, as the rules want it.</summary>
    public static IReadOnlyList<LineDecision> Accepted(Transfer transfer) =>
        Accepted(transfer, line => !transfer.ApprovedLines.Contains(line));

    /// <summary>What people granted of some lines and the rules then allowed.</summary>
    /// <param name="transfer">The transfer.</param>
    /// <param name="isMeant">Which lines.</param>
    public static IReadOnlyList<LineDecision> Accepted(Transfer transfer, Func<int, bool> isMeant) =>
        [
            .. transfer
                .Decisions.Where(decision => decision.Decision == Grant)
                .Where(decision => isMeant(decision.Line))
                .Where(decision => LineOf(transfer, decision.Line) is { Result: LineResults.Match })
                .Select(decision => new LineDecision
                {
                    OutcomeIds = LineOf(transfer, decision.Line)!.OutcomeIds,
                    CourseCodes = decision.CourseCodes,
                    Accepted = true,
                    Similarity = decision.Similarity,
                    ReasonRef = decision.NoteId,
                }),
        ];

    private static Refusal? MayNot(Transfer transfer, IReadOnlyList<LineVerdict> verdicts, string actorId)
    {
        if (transfer.SubmittedBy == actorId || transfer.PanelBy.Contains(actorId))
        {
            return AccessRefusals.FourEyes;
        }

        if (transfer.State != TransferStates.Evaluated)
        {
            return TransferRefusals.State(transfer.State);
        }

        foreach (var verdict in verdicts)
        {
            if (LineOf(transfer, verdict.Line) is not { } line)
            {
                return TransferRefusals.NoLine(verdict.Line);
            }

            if (line.Result != LineResults.Maybe)
            {
                return TransferRefusals.LineDecided(line.Line, line.Result);
            }

            if (verdict.Grants && verdict.CourseCodes.Count == 0 && line.CourseCodes.Count == 0)
            {
                return TransferRefusals.CourseMissing(line.Line);
            }
        }

        return null;
    }

    private static Decision<TransferEvents> Record(
        Transfer transfer,
        EvaluationRequest request,
        Proposal merged,
        IReadOnlyList<LineVerdict> verdicts,
        TransferEvaluation evaluation,
        LocalDate today
    )
    {
        if (!Remember(transfer, merged, evaluation).Is(out var all, out var refusal))
        {
            return refusal;
        }

        var (document, asked, evaluated) = TransferDecider.Evaluated(transfer.Id, request, merged, all);
        var decided = new MaybeLinesDecided(
            transfer.Id,
            [.. verdicts.Select(verdict => Recorded(verdict, all.First(line => line.Line == verdict.Line)))]
        );
        return new TransferEvents(
            [decided, evaluated],
            TransferHolds.Adjust(
                evaluation.Account,
                transfer.Id,
                all.Where(line => !transfer.ApprovedLines.Contains(line.Line)),
                today
            )
        )
        {
            Document = document,
            Request = asked,
        };
    }

    /// <summary>
    /// The lines of a newer proposal as events say them. What was refused before is no longer evaluated; its line
    /// stands as
    /// it was recorded.
    /// </summary>
    internal static Decision<IReadOnlyList<ProposedLine>> Remember(
        Transfer transfer,
        Proposal merged,
        TransferEvaluation evaluation
    )
    {
        var inPlay = InPlay(transfer);
        var fresh = merged.Lines.Where(line =>
            line.OutcomeIds.Any(inPlay.Contains) && !transfer.ApprovedLines.Contains(line.Line)
        );
        if (
            !TransferLines
                .Of(fresh, evaluation.Account, transfer.Id, evaluation.Catalog)
                .Is(out var lines, out var refusal)
        )
        {
            return refusal;
        }

        return lines
            .Concat(transfer.Lines().Where(line => lines.All(other => other.Line != line.Line)))
            .OrderBy(line => line.Line)
            .ToList();
    }

    private static MaybeLineDecision Recorded(LineVerdict verdict, ProposedLine line) =>
        new(
            verdict.Line,
            verdict.Grants ? Grant : Refuse,
            verdict.NoteId,
            verdict.Similarity,
            verdict.Evidence,
            verdict.Grants ? line.CourseCodes : [],
            verdict.Grants ? line.Debits : [],
            verdict.Grants ? line.Grants : []
        );

    /// <summary>A yes is for certain courses; a no is for the outcomes, whatever they might have become.</summary>
    private static LineDecision DecisionOf(LineVerdict verdict, ProposedLine line) =>
        new()
        {
            OutcomeIds = line.OutcomeIds,
            CourseCodes =
                !verdict.Grants ? []
                : verdict.CourseCodes.Count > 0 ? verdict.CourseCodes
                : line.CourseCodes,
            Accepted = verdict.Grants,
            Similarity = verdict.Similarity,
            ReasonRef = verdict.NoteId,
        };

    private static ProposedLine? LineOf(Transfer transfer, int number) =>
        transfer.Lines().FirstOrDefault(line => line.Line == number);
}

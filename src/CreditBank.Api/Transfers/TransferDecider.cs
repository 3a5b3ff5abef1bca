using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>What a decision on a transfer becomes, all in one commit.</summary>
/// <param name="OfTransfer">Events of the transfer's stream.</param>
/// <param name="OfAccount">Events of the account's stream.</param>
public sealed record TransferEvents(IReadOnlyList<object> OfTransfer, IReadOnlyList<object> OfAccount)
{
    /// <summary>The proposal that the events name by its hash; none when they name no new one.</summary>
    public ProposalDocument? Document { get; init; }

    /// <summary>What the rules were asked for that proposal; none when the events name no new one.</summary>
    public RequestDocument? Request { get; init; }

    /// <summary>Documents of earlier steps of the same decision.</summary>
    public IReadOnlyList<object> Earlier { get; private init; } = [];

    /// <summary>Every document that the events name.</summary>
    public IEnumerable<object> Documents() => Earlier.Concat(new object?[] { Document, Request }.OfType<object>());

    /// <summary>With a further step of the same decision.</summary>
    public TransferEvents And(TransferEvents step) =>
        new([.. OfTransfer, .. step.OfTransfer], [.. OfAccount, .. step.OfAccount])
        {
            Earlier = [.. Documents(), .. step.Earlier],
            Document = step.Document,
            Request = step.Request,
        };
}

/// <summary>
/// Decides on transfers: submission, withdrawal, return, rejection and questions. Pure; evaluation and approval
/// stand in
/// <see cref="LineDecider"/> and <see cref="ApprovalDecider"/>.
/// </summary>
public static class TransferDecider
{
    /// <summary>
    /// The most outcomes in play, inclusive, so that the leaf of an evaluation stays under 65,535 bytes.
    /// </summary>
    public const int OutcomesMax = 50;

    /// <summary>The outcomes that are offered, or why they cannot be.</summary>
    /// <param name="account">The learner's account.</param>
    /// <param name="named">What the learner chose; none means everything that stands.</param>
    public static Decision<IReadOnlyList<string>> Offer(Account account, IReadOnlyList<string>? named)
    {
        foreach (var id in named ?? [])
        {
            if (!account.Outcomes.TryGetValue(id, out var position))
            {
                return TransferRefusals.NoOutcome(id);
            }

            if (HolderOf(position) is { } holder)
            {
                return TransferRefusals.Held(id, holder);
            }
        }

        return named?.ToList() ?? account.StandingOutcomeIds.ToList();
    }

    /// <summary>The transfer with its proposal and its holds, or why it cannot be.</summary>
    /// <param name="submitted">What is asked for; its outcomes are those of <see cref="Offer"/>.</param>
    /// <param name="evaluation">The rules, the account and the programme on that day.</param>
    public static Decision<TransferEvents> Submit(TransferSubmitted submitted, TransferEvaluation evaluation)
    {
        var account = evaluation.Account;
        var request = evaluation.RequestFor(submitted.OutcomeIds, []);
        var result = Evaluator.Evaluate(request, evaluation.Catalog);
        if (result.Proposal is not { } proposal)
        {
            return result.Refusal!;
        }

        var inPlay = proposal.Lines.Where(line => line.Result != LineResult.Miss).ToList();
        if (inPlay.Count == 0)
        {
            return submitted.OutcomeIds.Select(id => account.Outcomes[id]).FirstOrDefault(IsHeld) is { } held
                ? TransferRefusals.Held(held.OutcomeId, HolderOf(held)!)
                : TransferRefusals.Nothing(proposal);
        }

        if (inPlay.Sum(line => line.OutcomeIds.Count) > OutcomesMax)
        {
            return TransferRefusals.TooLarge;
        }

        var mapped = TransferLines.Of(inPlay, account, submitted.TransferId, evaluation.Catalog);
        if (!mapped.Is(out var lines, out var refusal))
        {
            return refusal;
        }

        var (document, asked, evaluated) = Evaluated(submitted.TransferId, request, proposal, lines);
        var offered = inPlay.SelectMany(line => line.OutcomeIds).Order(StringComparer.Ordinal).ToList();
        return new TransferEvents(
            [submitted with { OutcomeIds = offered }, evaluated],
            TransferHolds.Adjust(account, submitted.TransferId, lines, submitted.SubmittedOn)
        )
        {
            Document = document,
            Request = asked,
        };
    }

    /// <summary>Whether a transfer may take up another again.</summary>
    /// <param name="old">The transfer named by <c>replaces</c>.</param>
    /// <param name="submitted">The new one.</param>
    public static Refusal? MayNotReplace(Transfer old, TransferSubmitted submitted) =>
        old.AccountId != submitted.AccountId
        || old.InstitutionId != submitted.InstitutionId
        || old.Submitted.ProgrammeId != submitted.ProgrammeId
            ? TransferRefusals.Replaces
        : old.State != TransferStates.Returned ? TransferRefusals.State(old.State)
        : null;

    /// <summary>The learner takes it back before a decision; everything held is released.</summary>
    public static Decision<TransferEvents> Withdraw(Transfer transfer, Account account, LocalDate today) =>
        Close(transfer, account, today, new TransferWithdrawn(transfer.Id, today));

    /// <summary>
    /// What time does to it: open past its last day it lapses, and everything held is released; otherwise nothing.
    /// However often and whenever it is asked, a transfer lapses once.
    /// </summary>
    public static TransferEvents Lapse(Transfer transfer, Account account, LocalDate today) =>
        TransferStates.IsOpen(transfer.State) && today > transfer.HeldUntilOn
            ? new TransferEvents(
                [new TransferLapsed(transfer.Id, today)],
                TransferHolds.ReleaseAll(account, transfer.Id, today)
            )
            : new TransferEvents([], []);

    /// <summary>The receiver sends it back; everything held is released.</summary>
    public static Decision<TransferEvents> Return(
        Transfer transfer,
        Account account,
        string actorId,
        string noteId,
        LocalDate today
    ) =>
        MayNotDecide(transfer, actorId) is { } refusal
            ? refusal
            : Close(transfer, account, today, new TransferReturned(transfer.Id, noteId, today));

    /// <summary>The receiver refuses; everything held is released.</summary>
    public static Decision<TransferEvents> Reject(
        Transfer transfer,
        Account account,
        string actorId,
        string noteId,
        LocalDate today
    ) =>
        MayNotDecide(transfer, actorId) is { } refusal
            ? refusal
            : Close(transfer, account, today, new TransferRejected(transfer.Id, noteId, today));

    /// <summary>The receiver asks the learner for something.</summary>
    public static Decision<TransferEvents> RequestInformation(Transfer transfer, string noteId) =>
        transfer.State == TransferStates.Evaluated
            ? new TransferEvents([new InformationRequested(transfer.Id, noteId)], [])
            : TransferRefusals.State(transfer.State);

    /// <summary>The learner answers.</summary>
    public static Decision<TransferEvents> GiveInformation(
        Transfer transfer,
        string noteId,
        IReadOnlyList<string> evidence
    ) =>
        transfer.State == TransferStates.InformationRequested
            ? new TransferEvents([new InformationGiven(transfer.Id, noteId, evidence)], [])
            : TransferRefusals.State(transfer.State);

    /// <summary>
    /// Why this person may not decide it: who submitted or evaluated may not, nor who sat on the panel that had it
    /// decided again (403).
    /// </summary>
    public static Refusal? MayNotDecide(Transfer transfer, string actorId) =>
        transfer.SubmittedBy == actorId || transfer.EvaluatedBy.Contains(actorId) || transfer.PanelBy.Contains(actorId)
            ? AccessRefusals.FourEyes
            : null;

    /// <summary>The event of an evaluation, and the documents it names.</summary>
    internal static (ProposalDocument Document, RequestDocument Request, TransferEvaluated Event) Evaluated(
        string transferId,
        EvaluationRequest request,
        Proposal proposal,
        IReadOnlyList<ProposedLine> lines
    )
    {
        var document = ProposalDocument.Of(proposal);
        var asked = RequestDocument.Of(request);
        var rules = proposal.RuleSet;
        var evaluated = new TransferEvaluated(
            transferId,
            rules.Version,
            rules.Hash,
            proposal.Optimal,
            lines,
            document.Id
        )
        {
            RequestHash = asked.Id,
        };
        return (document, asked, evaluated);
    }

    private static Decision<TransferEvents> Close(
        Transfer transfer,
        Account account,
        LocalDate today,
        object closing
    ) =>
        TransferStates.IsOpen(transfer.State)
            ? new TransferEvents([closing], TransferHolds.ReleaseAll(account, transfer.Id, today))
            : TransferRefusals.State(transfer.State);

    private static bool IsHeld(OutcomePosition position) => HolderOf(position) is not null;

    /// <summary>The transfer that leaves nothing of an outcome; none when something is free.</summary>
    private static string? HolderOf(OutcomePosition position) =>
        position.Available.Amount.IsZero && position.Holds.Count > 0
            ? position.Holds.Keys.Order(StringComparer.Ordinal).First()
            : null;
}

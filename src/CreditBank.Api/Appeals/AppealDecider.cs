using CreditBank.Api.Access;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Appeals;

/// <summary>
/// Decides on appeals: filing, admission and a decision that stands. What reopens the transfer stands in
/// <see cref="Reopening"/>. Pure.
/// </summary>
public static class AppealDecider
{
    /// <summary>The states of a transfer against whose decision the learner can appeal.</summary>
    private static readonly IReadOnlyList<string> Decided =
    [
        TransferStates.Approved,
        TransferStates.PartlyApproved,
        TransferStates.Returned,
        TransferStates.Rejected,
    ];

    /// <summary>
    /// The last day, inclusive, on which the learner may still appeal against a decision that left something out; none
    /// where there is none, or the appeal was filed.
    /// </summary>
    public static LocalDate? OpenUntil(Transfer transfer, TransferTerms terms) =>
        transfer.State != TransferStates.Approved
        && Decided.Contains(transfer.State)
        && transfer.Appeals is not [.., { State: not AppealStates.Remanded }]
            ? transfer.DecidedOn!.Value.PlusDays(terms.AppealDays)
            : null;

    /// <summary>
    /// The appeal, or why it cannot be. One decision can be appealed against once, within its days; after a remand the
    /// receiver's new decision is another one.
    /// </summary>
    /// <param name="transfer">The transfer.</param>
    /// <param name="appealId">The appeal's new id.</param>
    /// <param name="noteId">The grounds, in the vault.</param>
    /// <param name="evidence">SHA-256 of what is sent along.</param>
    /// <param name="terms">How long things may take.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<TransferEvents> File(
        Transfer transfer,
        string appealId,
        string noteId,
        IReadOnlyList<string> evidence,
        TransferTerms terms,
        LocalDate today
    )
    {
        if (!Decided.Contains(transfer.State))
        {
            return TransferRefusals.State(transfer.State);
        }

        if (transfer.Appeals is [.., { State: not AppealStates.Remanded } last])
        {
            return AppealRefusals.Filed(last);
        }

        var lastOn = transfer.DecidedOn!.Value.PlusDays(terms.AppealDays);
        return today > lastOn
            ? AppealRefusals.Late(lastOn, transfer.State)
            : new TransferEvents(
                [
                    new AppealFiled(
                        transfer.Id,
                        appealId,
                        noteId,
                        evidence,
                        today,
                        today.PlusDays(terms.AppealAnswerDays)
                    ),
                ],
                []
            );
    }

    /// <summary>Whether the panel takes it up.</summary>
    public static Decision<TransferEvents> Answer(
        Transfer transfer,
        string appealId,
        bool admits,
        string noteId,
        string actorId,
        LocalDate today
    )
    {
        if (MayNot(transfer, appealId, actorId) is { } refusal)
        {
            return refusal;
        }

        var state = transfer.AppealOf(appealId)!.State;
        return state != AppealStates.Filed
            ? AppealRefusals.State(state)
            : new TransferEvents(
                [
                    admits
                        ? new AppealAdmitted(transfer.Id, appealId, noteId, today)
                        : new AppealDismissed(transfer.Id, appealId, noteId, today),
                ],
                []
            );
    }

    /// <summary>The decision on the transfer stands.</summary>
    public static Decision<TransferEvents> Uphold(
        Transfer transfer,
        string appealId,
        string noteId,
        string actorId,
        LocalDate today
    ) =>
        MayNot(transfer, appealId, actorId) is { } refusal
            ? refusal
            : new TransferEvents([new AppealDecided(transfer.Id, appealId, AppealDecisions.Uphold, noteId, today)], []);

    /// <summary>
    /// Why this person may not decide this appeal now: who submitted, evaluated or decided the transfer before may not
    /// (403), and it must be open (409).
    /// </summary>
    public static Refusal? MayNot(Transfer transfer, string appealId, string actorId)
    {
        var before = transfer.EvaluatedBy.Concat(transfer.DecidedBy).Append(transfer.SubmittedBy);
        var state = transfer.AppealOf(appealId)!.State;
        return before.Contains(actorId) ? AccessRefusals.FourEyes
            : !AppealStates.IsOpen(state) ? AppealRefusals.State(state)
            : null;
    }
}

using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>The learner appealed against the decision on a transfer.</summary>
/// <param name="TransferId">The transfer; also the stream's key.</param>
/// <param name="AppealId">The appeal, unique within the transfer.</param>
/// <param name="NoteId">The grounds, in the vault.</param>
/// <param name="Evidence">SHA-256 of what was sent along.</param>
/// <param name="FiledOn">The day in Shanghai.</param>
/// <param name="AnswerDueOn">The last day, inclusive, on which the panel should say whether it is admitted.</param>
public sealed record AppealFiled(
    string TransferId,
    string AppealId,
    string NoteId,
    IReadOnlyList<string> Evidence,
    LocalDate FiledOn,
    LocalDate AnswerDueOn
);

/// <summary>The panel takes the appeal up.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="AppealId">The appeal.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="AnsweredOn">The day in Shanghai.</param>
public sealed record AppealAdmitted(string TransferId, string AppealId, string NoteId, LocalDate AnsweredOn);

/// <summary>The panel does not take the appeal up; the decision stands.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="AppealId">The appeal.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="AnsweredOn">The day in Shanghai.</param>
public sealed record AppealDismissed(string TransferId, string AppealId, string NoteId, LocalDate AnsweredOn);

/// <summary>
/// The panel decided. When it varies or remands, the transfer is reopened in the same commit; what it varies is posted
/// in it as well, as entries of their own.
/// </summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="AppealId">The appeal.</param>
/// <param name="Decision"><c>uphold</c>, <c>vary</c> or <c>remand</c>.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record AppealDecided(
    string TransferId,
    string AppealId,
    string Decision,
    string NoteId,
    LocalDate DecidedOn
);

/// <summary>
/// A decided transfer is open for another round. Lines that were approved and stand keep their numbers and are not
/// touched by it; an evaluation of the outcomes named here follows, whose lines get numbers of their own.
/// </summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="AppealId">The appeal that reopened it; none when a correction did.</param>
/// <param name="OutcomeIds">The outcomes in play in this round, in ordinal order.</param>
/// <param name="ReopenedOn">The day in Shanghai.</param>
/// <param name="HeldUntilOn">The last day on which their credit is held, inclusive.</param>
public sealed record TransferReopened(
    string TransferId,
    string? AppealId,
    IReadOnlyList<string> OutcomeIds,
    LocalDate ReopenedOn,
    LocalDate HeldUntilOn
)
{
    /// <summary>The outcome whose correction took lines back and so reopened it; none when an appeal did.</summary>
    public string? OutcomeId { get; init; }
}

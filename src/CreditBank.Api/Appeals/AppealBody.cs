using CreditBank.Api.Transfers;
using NodaTime;

namespace CreditBank.Api.Appeals;

/// <summary>An appeal.</summary>
public sealed record AppealBody
{
    /// <summary>The appeal.</summary>
    public required string AppealId { get; init; }

    /// <summary>The transfer it is about.</summary>
    public required string TransferId { get; init; }

    /// <summary>The receiving institution.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The programme.</summary>
    public required string ProgrammeId { get; init; }

    /// <summary>
    /// <c>filed</c>, <c>admitted</c>, <c>dismissed</c>, <c>upheld</c>, <c>varied</c> or <c>remanded</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>The day it was filed.</summary>
    public required LocalDate FiledOn { get; init; }

    /// <summary>The last day, inclusive, on which the panel should say whether it is admitted.</summary>
    public required LocalDate AnswerDueOn { get; init; }

    /// <summary>The day the panel did.</summary>
    public LocalDate? AnsweredOn { get; init; }

    /// <summary>The day of the decision.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>The grounds; left out of lists.</summary>
    public string? Reason { get; init; }

    /// <summary>SHA-256 of what was sent along.</summary>
    public IReadOnlyList<string>? Evidence { get; init; }

    /// <summary>The reason of the answer; left out of lists.</summary>
    public string? AnswerReason { get; init; }

    /// <summary>The reason of the decision; left out of lists.</summary>
    public string? DecisionReason { get; init; }

    /// <summary>The body of an appeal.</summary>
    /// <param name="transfer">The transfer.</param>
    /// <param name="appeal">The appeal.</param>
    /// <param name="notes">The vault's words by note id; what is not there is left out.</param>
    public static AppealBody Of(Transfer transfer, Appeal appeal, IReadOnlyDictionary<string, string> notes) =>
        new()
        {
            AppealId = appeal.Id,
            TransferId = transfer.Id,
            InstitutionId = transfer.InstitutionId,
            ProgrammeId = transfer.Submitted.ProgrammeId,
            State = appeal.State,
            FiledOn = appeal.FiledOn,
            AnswerDueOn = appeal.AnswerDueOn,
            AnsweredOn = appeal.AnsweredOn,
            DecidedOn = appeal.DecidedOn,
            Reason = notes.GetValueOrDefault(appeal.NoteId),
            Evidence = appeal.Evidence,
            AnswerReason = appeal.AnswerNoteId is { } answer ? notes.GetValueOrDefault(answer) : null,
            DecisionReason = appeal.DecisionNoteId is { } decision ? notes.GetValueOrDefault(decision) : null,
        };
}

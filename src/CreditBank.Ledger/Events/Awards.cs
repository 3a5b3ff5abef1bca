using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>
/// An institution conferred an award for what stands in one of its programmes. It moves no credit; where a rule set
/// says so, credit that was converted for it is from now on spent everywhere.
/// </summary>
/// <param name="AwardId">The award.</param>
/// <param name="InstitutionId">Who confers it.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="ProgrammeVersion">The version of the programme that was measured.</param>
/// <param name="Title">The programme's title on that day.</param>
/// <param name="RuleSetVersion">The version whose requirements are met.</param>
/// <param name="Clauses">The requirements that were measured.</param>
/// <param name="TransferIds">The transfers whose conversions it rests on, in order of their ids.</param>
/// <param name="OutcomeIds">Every outcome it rests on, converted or counted as it is, in order of their ids.</param>
/// <param name="StackedIds">Those of them that are counted as they are: no other standing award may count them.</param>
/// <param name="EnrolledOn">The day of enrolment; none where none is known.</param>
/// <param name="ConferredOn">The day in Shanghai.</param>
public sealed record AwardConferred(
    string AwardId,
    string InstitutionId,
    string ProgrammeId,
    int ProgrammeVersion,
    string Title,
    string RuleSetVersion,
    IReadOnlyList<string> Clauses,
    IReadOnlyList<string> TransferIds,
    IReadOnlyList<string> OutcomeIds,
    IReadOnlyList<string> StackedIds,
    LocalDate? EnrolledOn,
    LocalDate ConferredOn
);

/// <summary>
/// An outcome that a conferred award rests on ended or shrank. The award stands; a person looks at it.
/// </summary>
/// <param name="AwardId">The award.</param>
/// <param name="InstitutionId">Who conferred it.</param>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Cause">How it changed: one of <see cref="UnwindingCauses"/>.</param>
/// <param name="OpenedOn">The day in Shanghai.</param>
public sealed record AwardReviewOpened(
    string AwardId,
    string InstitutionId,
    string OutcomeId,
    string Cause,
    LocalDate OpenedOn
);

/// <summary>A person looked at an award under review and found that it stands.</summary>
/// <param name="AwardId">The award.</param>
/// <param name="InstitutionId">Who conferred it.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record AwardUpheld(string AwardId, string InstitutionId, string NoteId, LocalDate DecidedOn);

/// <summary>
/// The institution took an award back. What was converted for it is free for its review as any other.
/// </summary>
/// <param name="AwardId">The award.</param>
/// <param name="InstitutionId">Who conferred it.</param>
/// <param name="Reason">Why: one of <see cref="CorrectionReasons"/>.</param>
/// <param name="NoteId">The words of the reason, in the vault.</param>
/// <param name="RescindedOn">The day in Shanghai.</param>
public sealed record AwardRescinded(
    string AwardId,
    string InstitutionId,
    string Reason,
    string NoteId,
    LocalDate RescindedOn
);

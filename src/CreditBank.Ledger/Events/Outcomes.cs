using System.Text.Json.Serialization;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>
/// An institution vouches that a learner reached (or failed) something. The fact of the archive: it is never debited
/// and never edited; corrections, withdrawals and revocations are events of their own.
/// </summary>
/// <param name="OutcomeId">Derived from the institution and its record id.</param>
/// <param name="Record">What was recorded.</param>
/// <param name="Source">The submission it came with: a transcript or a certificate claim.</param>
public sealed record OutcomeRecorded(string OutcomeId, OutcomeRecord Record, OutcomeSource Source);

/// <summary>What an issuer's record says, without who it is about.</summary>
public sealed record OutcomeRecord
{
    /// <summary>The issuer.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The issuer's own id of the record, unique within it.</summary>
    public required string RecordId { get; init; }

    /// <summary>1 for the first, higher for each correction.</summary>
    public required int Revision { get; init; }

    /// <summary>One of the kinds of the HTTP contract, such as <c>academicCourse</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The issuer's code of the course or certificate.</summary>
    public required string CourseCode { get; init; }

    /// <summary>The course's or certificate's title.</summary>
    public required string Title { get; init; }

    /// <summary>The size of the course in <see cref="Unit"/>, also when failed.</summary>
    public required Credits Credits { get; init; }

    /// <summary>The issuer's unit, such as <c>cn-credit</c>, <c>ects</c> or <c>point</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Hours of study, where the issuer counts them.</summary>
    public Credits? Hours { get; init; }

    /// <summary>The level as the issuer states it, in its own framework.</summary>
    public string? Level { get; init; }

    /// <summary><c>passed</c> or <c>failed</c>.</summary>
    public required string Result { get; init; }

    /// <summary>The grade's scale, where there is a grade.</summary>
    public string? GradeScale { get; init; }

    /// <summary>The grade as the issuer wrote it.</summary>
    public string? GradeValue { get; init; }

    /// <summary>The first day of study.</summary>
    public LocalDate? StartedOn { get; init; }

    /// <summary>The day it was completed; the date the outcome is true from.</summary>
    public required LocalDate CompletedOn { get; init; }

    /// <summary>The discipline, where the issuer names one.</summary>
    public string? Subject { get; init; }

    /// <summary>The certificate, where the outcome is one.</summary>
    public CertificateRecord? Certificate { get; init; }
}

/// <summary>What a certificate says about itself. Its number is in the vault's index, never here.</summary>
/// <param name="Code">The certificate's code in the issuer's or the rule set's directory.</param>
/// <param name="Level">Its level as printed, such as <c>intermediate</c>.</param>
/// <param name="IssuerId">The institution that issued it.</param>
/// <param name="IssuedOn">The day of issue.</param>
/// <param name="ValidUntilOn">The last day of validity, inclusive; none means unlimited.</param>
public sealed record CertificateRecord(
    string Code,
    string? Level,
    string IssuerId,
    LocalDate IssuedOn,
    LocalDate? ValidUntilOn
);

/// <summary>Where an outcome came from.</summary>
/// <param name="Kind"><c>transcript</c> or <c>claim</c>.</param>
/// <param name="Id">The transcript's or the claim's id.</param>
public sealed record OutcomeSource(string Kind, string Id);

/// <summary>
/// What an outcome is worth under a published rule set: the credit that is available for conversion from now on, in
/// the source's unit and in the standard unit. Pinned to that version; another version is only ever a what-if.
/// </summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="RuleSetVersion">The version that decided.</param>
/// <param name="Clauses">The clauses that decided.</param>
/// <param name="Level">The level in the framework; none where the rule set has no mapping.</param>
/// <param name="Value">What it is worth now.</param>
/// <param name="Replaces">What it was worth before, when this recognises a correction; that much is taken back
/// first.</param>
/// <param name="InstitutionId">The issuer, against whose account the credit is issued.</param>
/// <param name="EffectiveOn">The day from which it is true: the day of completion.</param>
/// <param name="ReplacesOn">The day from which what it replaces was true; that much is taken back on that day.</param>
public sealed record OutcomeRecognised(
    string OutcomeId,
    string RuleSetVersion,
    IReadOnlyList<string> Clauses,
    string? Level,
    Worth Value,
    Worth? Replaces,
    string InstitutionId,
    LocalDate EffectiveOn,
    LocalDate? ReplacesOn = null
)
{
    /// <summary>The first day on which what is still free of it can no longer be used; none when it never
    /// expires.</summary>
    public LocalDate? ExpiresOn { get; init; }

    /// <summary>The clause that sets <see cref="ExpiresOn"/>; none where no clause does.</summary>
    public string? ExpiryClause { get; init; }
}

/// <summary>The issuer replaced a record by a higher revision. A recognition of the new facts follows.</summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Record">The new record, whole.</param>
/// <param name="Reason">Why: one of <see cref="CorrectionReasons"/>.</param>
/// <param name="NoteId">The words of the reason, in the vault; none where none were given.</param>
/// <param name="Source">The submission that brought it; none when it was a correction by itself.</param>
public sealed record OutcomeCorrected(
    string OutcomeId,
    OutcomeRecord Record,
    string Reason,
    string? NoteId,
    OutcomeSource? Source
);

/// <summary>
/// The issuer took a record back: it should not have been posted. No credit of it is left available.
/// </summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Reason">Why: one of <see cref="CorrectionReasons"/>.</param>
/// <param name="NoteId">The words of the reason, in the vault.</param>
/// <param name="Removed">What was still available and is gone.</param>
/// <param name="InstitutionId">The issuer.</param>
/// <param name="EffectiveOn">The day of what it takes back.</param>
public sealed record OutcomeWithdrawn(
    string OutcomeId,
    string Reason,
    string? NoteId,
    Worth Removed,
    string InstitutionId,
    LocalDate EffectiveOn
);

/// <summary>
/// The issuer revoked what it had rightly recorded (fraud, a void certificate). No credit of it is left available.
/// </summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Reason">Why: one of <see cref="CorrectionReasons"/>.</param>
/// <param name="NoteId">The words of the reason, in the vault.</param>
/// <param name="Revoked">What was still available and is gone.</param>
/// <param name="InstitutionId">The issuer.</param>
/// <param name="EffectiveOn">The day of what it takes back.</param>
public sealed record OutcomeRevoked(
    string OutcomeId,
    string Reason,
    string? NoteId,
    Worth Revoked,
    string InstitutionId,
    LocalDate EffectiveOn
);

/// <summary>An amount in the source's unit and the same in standard credit.</summary>
/// <param name="Amount">In <paramref name="Unit"/>.</param>
/// <param name="Unit">The source's unit.</param>
/// <param name="Standard">In the standard unit of the rule set that recognised it.</param>
public sealed record Worth(Credits Amount, string Unit, Credits Standard)
{
    /// <summary>Whether nothing is left in either unit. Not stored.</summary>
    [JsonIgnore]
    public bool IsNothing => Amount.IsZero && Standard.IsZero;

    /// <summary>Nothing of the same unit.</summary>
    public static Worth Nothing(string unit) => new(Credits.Zero, unit, Credits.Zero);

    /// <summary>The sum; both must be of one unit.</summary>
    /// <exception cref="InvalidOperationException">The units differ.</exception>
    public static Worth operator +(Worth left, Worth right) =>
        left.Unit == right.Unit
            ? new(left.Amount + right.Amount, left.Unit, left.Standard + right.Standard)
            : throw new InvalidOperationException($"Cannot add {left.Unit} and {right.Unit}.");

    /// <summary>The difference; both must be of one unit.</summary>
    /// <exception cref="InvalidOperationException">The units differ.</exception>
    public static Worth operator -(Worth left, Worth right) =>
        left + new Worth(-right.Amount, right.Unit, -right.Standard);
}

/// <summary>Why a record is corrected, withdrawn or revoked.</summary>
public static class CorrectionReasons
{
    /// <summary>All reasons, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "gradeChange",
        "creditChange",
        "issuerError",
        "wrongPerson",
        "duplicate",
        "fraud",
        "certificateVoid",
        "other",
    ];
}

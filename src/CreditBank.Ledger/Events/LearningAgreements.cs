using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>
/// A learner asked a receiver to agree, before the learning takes place, under which rules it will be judged. First
/// event of the agreement's stream.
/// </summary>
/// <param name="AgreementId">The agreement; also the stream's key.</param>
/// <param name="AccountId">The learner's account.</param>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="Terms">What is agreed, with the version that was in force.</param>
/// <param name="NoteId">Words of the learner, in the vault; none where none were given.</param>
/// <param name="ProposedOn">The day in Shanghai.</param>
/// <param name="UntilOn">The last day, inclusive, on which a transfer can rest on it.</param>
public sealed record LearningAgreementProposed(
    string AgreementId,
    string AccountId,
    string InstitutionId,
    string ProgrammeId,
    AgreedTerms Terms,
    string? NoteId,
    LocalDate ProposedOn,
    LocalDate UntilOn
);

/// <summary>What a learning agreement guarantees: these sources are judged under this version.</summary>
/// <param name="AgreementId">The agreement.</param>
/// <param name="RuleSetVersion">The version that binds.</param>
/// <param name="SourceInstitutionId">The institution where the learning takes place.</param>
/// <param name="CourseCodes">Its courses or certificates; nothing means all of that institution.</param>
/// <param name="LimitCredits">The most that is guaranteed, in standard credit, inclusive; none means no limit.</param>
public sealed record AgreedTerms(
    string AgreementId,
    string RuleSetVersion,
    string SourceInstitutionId,
    IReadOnlyList<string> CourseCodes,
    Credits? LimitCredits
);

/// <summary>The receiver agreed; from now on it binds.</summary>
/// <param name="AgreementId">The agreement.</param>
/// <param name="NoteId">Words of the receiver, in the vault; none where none were given.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record LearningAgreementApproved(string AgreementId, string? NoteId, LocalDate DecidedOn);

/// <summary>The learner took the proposal back.</summary>
/// <param name="AgreementId">The agreement.</param>
/// <param name="WithdrawnOn">The day in Shanghai.</param>
public sealed record LearningAgreementWithdrawn(string AgreementId, LocalDate WithdrawnOn);

/// <summary>The receiver did not agree.</summary>
/// <param name="AgreementId">The agreement.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record LearningAgreementRejected(string AgreementId, string? NoteId, LocalDate DecidedOn);

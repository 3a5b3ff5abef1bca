using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>
/// A learner asked an institution to recognise what was learned without a certificate. First event of the application's
/// stream.
/// </summary>
/// <param name="PortfolioId">The application; also the stream's key.</param>
/// <param name="AccountId">The learner's account.</param>
/// <param name="InstitutionId">Who shall assess it.</param>
/// <param name="NoteId">What the learner says was learned, in the vault.</param>
/// <param name="Evidence">What supports it.</param>
/// <param name="SubmittedOn">The day in Shanghai.</param>
/// <param name="DueOn">The last day of the service target, inclusive.</param>
public sealed record PriorLearningSubmitted(
    string PortfolioId,
    string AccountId,
    string InstitutionId,
    string NoteId,
    IReadOnlyList<EvidenceItem> Evidence,
    LocalDate SubmittedOn,
    LocalDate DueOn
);

/// <summary>An assessor of the institution said what the learning is worth, or that it is worth nothing.</summary>
/// <param name="PortfolioId">The application.</param>
/// <param name="Found">What it is worth; none when it is worth nothing.</param>
/// <param name="Method">How it was assessed, such as <c>interview</c>.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="AssessedOn">The day in Shanghai.</param>
public sealed record PriorLearningAssessed(
    string PortfolioId,
    PriorLearningWorth? Found,
    string Method,
    string NoteId,
    LocalDate AssessedOn
);

/// <summary>What prior learning is worth.</summary>
/// <param name="CourseCode">The institution's course that it covers, or a code of its own for it.</param>
/// <param name="Title">What was learned, in the institution's words.</param>
/// <param name="Amount">In <paramref name="Unit"/>.</param>
/// <param name="Unit">The institution's unit.</param>
/// <param name="Level">Its level; none where none was found.</param>
public sealed record PriorLearningWorth(string CourseCode, string Title, Credits Amount, string Unit, string? Level);

/// <summary>
/// Another person of the institution agreed with the assessment; the outcome is recorded in the same commit.
/// </summary>
/// <param name="PortfolioId">The application.</param>
/// <param name="OutcomeId">The outcome it became.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record PriorLearningRecognised(string PortfolioId, string OutcomeId, string NoteId, LocalDate DecidedOn);

/// <summary>The learner took the application back.</summary>
/// <param name="PortfolioId">The application.</param>
/// <param name="WithdrawnOn">The day in Shanghai.</param>
public sealed record PriorLearningWithdrawn(string PortfolioId, LocalDate WithdrawnOn);

/// <summary>The institution does not recognise it.</summary>
/// <param name="PortfolioId">The application.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record PriorLearningRefused(string PortfolioId, string NoteId, LocalDate DecidedOn);

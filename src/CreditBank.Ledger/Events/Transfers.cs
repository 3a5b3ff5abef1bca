using System.Text.Json.Serialization;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>
/// A learner asked for credit to become credit of a programme. First event of the transfer's stream.
/// </summary>
/// <param name="TransferId">The transfer; also the stream's key.</param>
/// <param name="AccountId">The learner's account.</param>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="ProgrammeVersion">The version of the programme that decides.</param>
/// <param name="OutcomeIds">What is in play of the learner's outcomes: what converts or may convert.</param>
/// <param name="Replaces">The returned transfer that this one takes up again.</param>
/// <param name="SubmittedOn">The day in Shanghai; the date of application.</param>
public sealed record TransferSubmitted(
    string TransferId,
    string AccountId,
    string InstitutionId,
    string ProgrammeId,
    int ProgrammeVersion,
    IReadOnlyList<string> OutcomeIds,
    string? Replaces,
    LocalDate SubmittedOn
)
{
    /// <summary>The last day on which its credit is held, inclusive; an open transfer lapses on the next. None in
    /// events from before holds lapsed.</summary>
    public LocalDate? HeldUntilOn { get; init; }

    /// <summary>The learning agreements on which it can rest, as they bind on that day; none without any.</summary>
    public IReadOnlyList<AgreedTerms>? Agreements { get; init; }
}

/// <summary>The engine proposed. The whole trace is a document named by its hash.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="RuleSetVersion">The version that decided.</param>
/// <param name="RuleSetHash">SHA-256 of that version's canonical text, lower-case hexadecimal.</param>
/// <param name="Optimal">Whether the best allocation was found and not only a good one.</param>
/// <param name="Lines">What is in play: match and maybe lines, and what was in play and was decided. What the rules
/// refused from the start stands in the document only.</param>
/// <param name="ProposalHash">SHA-256 of the stored proposal document, explanations and trace included.</param>
public sealed record TransferEvaluated(
    string TransferId,
    string RuleSetVersion,
    string RuleSetHash,
    bool Optimal,
    IReadOnlyList<ProposedLine> Lines,
    string ProposalHash
)
{
    /// <summary>SHA-256 of the stored request: everything the engine saw beside the rule sets. With it and the rule
    /// set's text anyone can evaluate again. None in events from before it was kept.</summary>
    public string? RequestHash { get; init; }
}

/// <summary>
/// One line of a proposal as the ledger remembers it. Its number stays the same when it is evaluated again.
/// </summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Result"><c>match</c>, <c>maybe</c> or <c>miss</c>.</param>
/// <param name="Code">The stable code of what decided.</param>
/// <param name="RuleSetVersion">The version that decided this line.</param>
/// <param name="Clauses">The clauses cited for it.</param>
/// <param name="OutcomeIds">The outcomes it uses, in ordinal order.</param>
/// <param name="IssuerIds">Who issued them, in ordinal order, each once.</param>
/// <param name="CourseCodes">The courses it fills or would fill.</param>
/// <param name="Holds">What is set aside for it while the transfer is open; nothing on a miss.</param>
/// <param name="Debits">What would leave the learner's outcomes; nothing unless match.</param>
/// <param name="Grants">What would become credit of the programme; nothing unless match.</param>
public sealed record ProposedLine(
    int Line,
    string Result,
    string Code,
    string RuleSetVersion,
    IReadOnlyList<string> Clauses,
    IReadOnlyList<string> OutcomeIds,
    IReadOnlyList<string> IssuerIds,
    IReadOnlyList<string> CourseCodes,
    IReadOnlyList<HeldLine> Holds,
    IReadOnlyList<Debit> Debits,
    IReadOnlyList<Grant> Grants
);

/// <summary>What one line takes from one outcome: converted and forfeited together are what is debited.</summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Converted">What becomes target credit, in the source's unit.</param>
/// <param name="Forfeited">What is lost by rule, in the source's unit.</param>
public sealed record Debit(string OutcomeId, Worth Converted, Worth Forfeited)
{
    /// <summary>Converted and forfeited. Not stored.</summary>
    [JsonIgnore]
    public Worth Total => Converted + Forfeited;
}

/// <summary>Credit of a programme, and what later caps of the same programme must know of it.</summary>
/// <param name="CourseCode">The programme's course; empty for credit without a course.</param>
/// <param name="Amount">In <paramref name="Unit"/>.</param>
/// <param name="Unit">The receiving programme's unit.</param>
public sealed record Grant(string CourseCode, Credits Amount, string Unit)
{
    /// <summary>The category it counts in; none where the programme or the rule names none.</summary>
    public string? Category { get; init; }

    /// <summary>The level of what was learned; none where it is not placed.</summary>
    public string? Level { get; init; }

    /// <summary>Whether it counts as compulsory.</summary>
    public bool Compulsory { get; init; }

    /// <summary>Courses whose content credit without a course covers; none otherwise.</summary>
    public IReadOnlyList<string>? Covers { get; init; }
}

/// <summary>
/// An evaluator decided lines that the rules leave to a person. An evaluation that takes it into account follows.
/// </summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="Lines">The decisions, one a line.</param>
public sealed record MaybeLinesDecided(string TransferId, IReadOnlyList<MaybeLineDecision> Lines);

/// <summary>A person's decision on one line.</summary>
/// <param name="Line">The line.</param>
/// <param name="Decision"><c>grant</c> or <c>refuse</c>.</param>
/// <param name="NoteId">The reason in words, in the vault.</param>
/// <param name="Similarity">The similarity the evaluator found, from 0 to 1; none where not measured.</param>
/// <param name="Evidence">SHA-256 of what it rests on.</param>
/// <param name="CourseCodes">The courses it was granted for; nothing when refused.</param>
/// <param name="Debits">What the line takes, when granted.</param>
/// <param name="Grants">What the line gives, when granted.</param>
public sealed record MaybeLineDecision(
    int Line,
    string Decision,
    string? NoteId,
    Credits? Similarity,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<string> CourseCodes,
    IReadOnlyList<Debit> Debits,
    IReadOnlyList<Grant> Grants
);

/// <summary>The receiver asked the learner for something.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="NoteId">What is asked, in the vault.</param>
public sealed record InformationRequested(string TransferId, string NoteId);

/// <summary>The learner answered.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="NoteId">The answer, in the vault.</param>
/// <param name="Evidence">SHA-256 of what was sent along.</param>
public sealed record InformationGiven(string TransferId, string NoteId, IReadOnlyList<string> Evidence);

/// <summary>
/// The receiver approved, whole or in part; the account's stream posts the conversion in the same commit.
/// </summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="Lines">The lines that were approved.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record TransferApproved(string TransferId, IReadOnlyList<int> Lines, LocalDate DecidedOn);

/// <summary>The receiver sent it back; the learner may submit a new transfer that names this one.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record TransferReturned(string TransferId, string NoteId, LocalDate DecidedOn);

/// <summary>The receiver refused.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record TransferRejected(string TransferId, string NoteId, LocalDate DecidedOn);

/// <summary>The learner took the request back before a decision.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="WithdrawnOn">The day in Shanghai.</param>
public sealed record TransferWithdrawn(string TransferId, LocalDate WithdrawnOn);

/// <summary>Nobody decided in time; what was held is released in the same commit.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="LapsedOn">The day in Shanghai.</param>
public sealed record TransferLapsed(string TransferId, LocalDate LapsedOn);

/// <summary>
/// Lines of a transfer no longer stand, because an outcome in them ended or lost worth, or a panel took them back. In
/// an open transfer they are out of play; of a decided one the account's stream reverses the conversion in the same
/// commit. Nothing is granted again by itself: the learner may submit anew.
/// </summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="Lines">The lines, in order.</param>
/// <param name="CausedBy">The outcome that changed, or the appeal.</param>
/// <param name="Cause">What happened: one of <see cref="UnwindingCauses"/>.</param>
/// <param name="VoidedOn">The day in Shanghai.</param>
public sealed record TransferLinesVoided(
    string TransferId,
    IReadOnlyList<int> Lines,
    string CausedBy,
    string Cause,
    LocalDate VoidedOn
);

using CreditBank.Api.Evaluations;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>
/// A transfer as it stands: the state of its stream in the learner's book. Evaluated, perhaps waiting for
/// information,
/// then decided once and for all.
/// </summary>
public sealed record Transfer
{
    /// <summary>The transfer; also the stream's key.</summary>
    public required string Id { get; init; }

    /// <summary>The learner's account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The receiving institution.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>What was asked for.</summary>
    public required TransferSubmitted Submitted { get; init; }

    /// <summary>Who asked, by pseudonym.</summary>
    public required string SubmittedBy { get; init; }

    /// <summary>The day and the id: lists show the oldest first.</summary>
    public required string Place { get; init; }

    /// <summary>One of <see cref="TransferStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>The newest evaluation; none only between the first two events.</summary>
    public TransferEvaluated? Evaluated { get; init; }

    /// <summary>What the first evaluation was asked: everything that was offered. None before it was kept.</summary>
    public string? FirstRequestHash { get; init; }

    /// <summary>Everyone whose outcomes are in play.</summary>
    public IReadOnlyList<string> IssuerIds { get; init; } = [];

    /// <summary>What evaluators decided, in order.</summary>
    public IReadOnlyList<MaybeLineDecision> Decisions { get; init; } = [];

    /// <summary>Who evaluated, by pseudonym; they may not approve.</summary>
    public IReadOnlyList<string> EvaluatedBy { get; init; } = [];

    /// <summary>What was asked and answered, in order.</summary>
    public IReadOnlyList<TransferMessage> Messages { get; init; } = [];

    /// <summary>The lines that were approved.</summary>
    public IReadOnlyList<int> ApprovedLines { get; init; } = [];

    /// <summary>The lines that no longer stand, in the order in which they fell.</summary>
    public IReadOnlyList<VoidedLine> VoidedLines { get; init; } = [];

    /// <summary>The reason of a return or rejection, in the vault.</summary>
    public string? NoteId { get; init; }

    /// <summary>The day of the final decision, of the withdrawal or of the lapse.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>The last day on which its credit is held, inclusive; none where it never lapses.</summary>
    public LocalDate? HeldUntilOn { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>What is in play, and what was and was decided.</summary>
    public IReadOnlyList<ProposedLine> Lines() => Evaluated?.Lines ?? [];

    /// <summary>The versions that decided, each once.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<string> RuleSetVersions =>
        Lines().Select(line => line.RuleSetVersion).Append(Evaluated!.RuleSetVersion).Distinct();

    /// <summary>The lines that were approved and still stand.</summary>
    public IReadOnlyList<int> StandingLines() => [.. ApprovedLines.Except(VoidedLines.Select(line => line.Line))];

    /// <summary>The first state.</summary>
    public static Transfer Create(IEvent<TransferSubmitted> submitted) =>
        new()
        {
            Id = submitted.Data.TransferId,
            AccountId = submitted.Data.AccountId,
            InstitutionId = submitted.Data.InstitutionId,
            Submitted = submitted.Data,
            SubmittedBy = submitted.UserName ?? string.Empty,
            Place = $"{submitted.Data.SubmittedOn:uuuu-MM-dd} {submitted.Data.TransferId}",
            State = TransferStates.Evaluated,
            HeldUntilOn = submitted.Data.HeldUntilOn,
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(TransferEvaluated evaluated) =>
        this with
        {
            Evaluated = evaluated,
            FirstRequestHash = Evaluated is null ? evaluated.RequestHash : FirstRequestHash,
            IssuerIds =
            [
                .. evaluated.Lines.SelectMany(line => line.IssuerIds).Union(IssuerIds).Order(StringComparer.Ordinal),
            ],
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(IEvent<MaybeLinesDecided> decided) =>
        this with
        {
            Decisions = [.. Decisions, .. decided.Data.Lines],
            EvaluatedBy = [.. EvaluatedBy.Append(decided.UserName ?? string.Empty).Distinct()],
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(InformationRequested requested) =>
        this with
        {
            State = TransferStates.InformationRequested,
            Messages = [.. Messages, new TransferMessage(TransferMessage.Request, requested.NoteId, [])],
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(InformationGiven given) =>
        this with
        {
            State = TransferStates.Evaluated,
            Messages = [.. Messages, new TransferMessage(TransferMessage.Answer, given.NoteId, given.Evidence)],
        };

    /// <summary>Folds. Whole when nothing that could have been approved was left out.</summary>
    public Transfer Apply(TransferApproved approved) =>
        this with
        {
            State = Lines().All(line => line.Result == LineResults.Miss || approved.Lines.Contains(line.Line))
                ? TransferStates.Approved
                : TransferStates.PartlyApproved,
            ApprovedLines = approved.Lines,
            DecidedOn = approved.DecidedOn,
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(TransferReturned returned) =>
        this with
        {
            State = TransferStates.Returned,
            NoteId = returned.NoteId,
            DecidedOn = returned.DecidedOn,
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(TransferRejected rejected) =>
        this with
        {
            State = TransferStates.Rejected,
            NoteId = rejected.NoteId,
            DecidedOn = rejected.DecidedOn,
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(TransferWithdrawn withdrawn) =>
        this with
        {
            State = TransferStates.Withdrawn,
            DecidedOn = withdrawn.WithdrawnOn,
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(TransferLapsed lapsed) =>
        this with
        {
            State = TransferStates.Lapsed,
            DecidedOn = lapsed.LapsedOn,
        };

    /// <summary>
    /// Folds. What fell while the transfer is open is out of play; a decision that was taken stays known.
    /// </summary>
    public Transfer Apply(TransferLinesVoided voided) =>
        this with
        {
            VoidedLines =
            [
                .. VoidedLines,
                .. voided.Lines.Select(line => new VoidedLine(line, voided.CausedBy, voided.Cause, voided.VoidedOn)),
            ],
            Evaluated = TransferStates.IsOpen(State)
                ? Evaluated! with
                {
                    Lines = [.. Lines().Select(line => voided.Lines.Contains(line.Line) ? Void(line, voided) : line)],
                }
                : Evaluated,
        };

    private static ProposedLine Void(ProposedLine line, TransferLinesVoided voided) =>
        line with
        {
            Result = LineResults.Miss,
            Code = VoidedLine.CodeOf(voided.Cause),
            Holds = [],
            Debits = [],
            Grants = [],
        };
}

/// <summary>A line that no longer stands, because an outcome in it ended or lost worth.</summary>
/// <param name="Line">The line.</param>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Cause"><c>corrected</c>, <c>withdrawn</c> or <c>revoked</c>.</param>
/// <param name="VoidedOn">The day in Shanghai.</param>
public sealed record VoidedLine(int Line, string OutcomeId, string Cause, LocalDate VoidedOn)
{
    /// <summary>The code that such a line has: <c>outcome.revoked</c> and so on.</summary>
    public static string CodeOf(string cause) => $"outcome.{cause}";
}

/// <summary>What the receiver asked the learner, or the learner's answer.</summary>
/// <param name="Kind"><see cref="Request"/> or <see cref="Answer"/>.</param>
/// <param name="NoteId">The words, in the vault.</param>
/// <param name="Evidence">SHA-256 of what was sent along.</param>
public sealed record TransferMessage(string Kind, string NoteId, IReadOnlyList<string> Evidence)
{
    /// <summary>The receiver asks.</summary>
    public const string Request = "request";

    /// <summary>The learner answers.</summary>
    public const string Answer = "answer";
}

/// <summary>The states of a transfer.</summary>
public static class TransferStates
{
    /// <summary>Proposed; an evaluator or approver is next.</summary>
    public const string Evaluated = "evaluated";

    /// <summary>The learner is next.</summary>
    public const string InformationRequested = "informationRequested";

    /// <summary>Everything that could be was approved and posted.</summary>
    public const string Approved = "approved";

    /// <summary>Some lines were approved and posted, others left out.</summary>
    public const string PartlyApproved = "partlyApproved";

    /// <summary>Sent back; a new transfer may name it.</summary>
    public const string Returned = "returned";

    /// <summary>Refused.</summary>
    public const string Rejected = "rejected";

    /// <summary>Taken back by the learner.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>Nobody decided while its credit was held.</summary>
    public const string Lapsed = "lapsed";

    /// <summary>All states.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        Evaluated,
        InformationRequested,
        Approved,
        PartlyApproved,
        Returned,
        Rejected,
        Withdrawn,
        Lapsed,
    ];

    /// <summary>Whether credit is held and a decision is still to come.</summary>
    public static bool IsOpen(string state) => state is Evaluated or InformationRequested;
}

using CreditBank.Api.Appeals;
using CreditBank.Api.Evaluations;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;
using NodaTime.Text;

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

    /// <summary>Who approved, returned or rejected, by pseudonym; they may not decide an appeal.</summary>
    public IReadOnlyList<string> DecidedBy { get; init; } = [];

    /// <summary>Who sat on a panel, by pseudonym; what is decided after a remand is not theirs to decide.</summary>
    public IReadOnlyList<string> PanelBy { get; init; } = [];

    /// <summary>The appeals against its decisions, in order.</summary>
    public IReadOnlyList<Appeal> Appeals { get; init; } = [];

    /// <summary>The state of the newest appeal: lists find it by this. None without one.</summary>
    public string? AppealState { get; init; }

    /// <summary>The day the newest appeal should be answered, and its id: lists show the oldest first.</summary>
    public string? AppealPlace { get; init; }

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
        Lines()
            .Select(line => line.RuleSetVersion)
            .Append(Evaluated!.RuleSetVersion)
            .Concat((Submitted.Agreements ?? []).Select(terms => terms.RuleSetVersion))
            .Distinct();

    /// <summary>The lines that were approved and still stand.</summary>
    public IReadOnlyList<int> StandingLines() => [.. ApprovedLines.Except(VoidedLines.Select(line => line.Line))];

    /// <summary>An appeal; none of that id.</summary>
    public Appeal? AppealOf(string appealId) => Appeals.FirstOrDefault(appeal => appeal.Id == appealId);

    /// <summary>Those whose newest appeal nobody answered although its day for that, inclusive, is over.</summary>
    public static IQueryable<Transfer> WithOverdueAppeal(IQueryable<Transfer> transfers, LocalDate today)
    {
        var day = LocalDatePattern.Iso.Format(today);
        return transfers.Where(transfer =>
            transfer.AppealState == AppealStates.Filed && transfer.AppealPlace!.CompareTo(day) < 0
        );
    }

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
        After(decided.Data) with
        {
            EvaluatedBy = With(EvaluatedBy, decided.UserName),
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
    public Transfer Apply(IEvent<TransferApproved> approved) =>
        After(approved.Data) with
        {
            DecidedBy = With(DecidedBy, approved.UserName),
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(IEvent<TransferReturned> returned) =>
        Closed(TransferStates.Returned, returned.Data.DecidedOn) with
        {
            NoteId = returned.Data.NoteId,
            DecidedBy = With(DecidedBy, returned.UserName),
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(IEvent<TransferRejected> rejected) =>
        Closed(TransferStates.Rejected, rejected.Data.DecidedOn) with
        {
            NoteId = rejected.Data.NoteId,
            DecidedBy = With(DecidedBy, rejected.UserName),
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(TransferWithdrawn withdrawn) => Closed(TransferStates.Withdrawn, withdrawn.WithdrawnOn);

    /// <summary>Folds.</summary>
    public Transfer Apply(TransferLapsed lapsed) => Closed(TransferStates.Lapsed, lapsed.LapsedOn);

    /// <summary>Folds.</summary>
    public Transfer Apply(AppealFiled filed) =>
        this with
        {
            Appeals = [.. Appeals, Appeal.Of(filed)],
            AppealState = AppealStates.Filed,
            AppealPlace = $"{filed.AnswerDueOn:uuuu-MM-dd} {filed.AppealId}",
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(IEvent<AppealAdmitted> admitted) =>
        Answered(admitted.Data.AppealId, AppealStates.Admitted, admitted.Data.NoteId, admitted.Data.AnsweredOn) with
        {
            PanelBy = With(PanelBy, admitted.UserName),
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(IEvent<AppealDismissed> dismissed) =>
        Answered(dismissed.Data.AppealId, AppealStates.Dismissed, dismissed.Data.NoteId, dismissed.Data.AnsweredOn) with
        {
            DecidedBy = With(DecidedBy, dismissed.UserName),
        };

    /// <summary>Folds.</summary>
    public Transfer Apply(IEvent<AppealDecided> decided) =>
        After(decided.Data) with
        {
            DecidedBy = With(DecidedBy, decided.UserName),
            PanelBy = With(PanelBy, decided.UserName),
        };

    /// <summary>Folds. What stands approved keeps its line; everything else waits for the evaluation to come.</summary>
    public Transfer Apply(TransferReopened reopened)
    {
        var standing = StandingLines();
        return this with
        {
            State = TransferStates.Evaluated,
            DecidedOn = null,
            NoteId = null,
            HeldUntilOn = reopened.HeldUntilOn,
            ApprovedLines = standing,
            Evaluated = Evaluated! with
            {
                Lines =
                [
                    .. Lines().Where(line => standing.Contains(line.Line)).Select(line => line with { Holds = [] }),
                ],
            },
        };
    }

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

    /// <summary>The state after one more event, whoever it was.</summary>
    /// <exception cref="InvalidOperationException">It is no event of a decision.</exception>
    public Transfer After(object one) =>
        one switch
        {
            TransferEvaluated evaluated => Apply(evaluated),
            MaybeLinesDecided decided => this with { Decisions = [.. Decisions, .. decided.Lines] },
            TransferApproved approved => After(approved),
            TransferLinesVoided voided => Apply(voided),
            TransferReopened reopened => Apply(reopened),
            AppealDecided decided => After(decided),
            _ => throw new InvalidOperationException($"{one.GetType().Name} decides nothing."),
        };

    private Transfer After(TransferApproved approved)
    {
        IReadOnlyList<int> all = [.. ApprovedLines, .. approved.Lines];
        return this with
        {
            State = Lines().All(line => line.Result == LineResults.Miss || all.Contains(line.Line))
                ? TransferStates.Approved
                : TransferStates.PartlyApproved,
            ApprovedLines = all,
            DecidedOn = approved.DecidedOn,
        };
    }

    private Transfer After(AppealDecided decided)
    {
        var state = AppealDecisions.StateOf(decided.Decision);
        return this with
        {
            AppealState = state,
            Appeals = Changed(
                decided.AppealId,
                appeal => appeal with { State = state, DecisionNoteId = decided.NoteId, DecidedOn = decided.DecidedOn }
            ),
        };
    }

    private Transfer Answered(string appealId, string state, string noteId, LocalDate on) =>
        this with
        {
            AppealState = state,
            Appeals = Changed(
                appealId,
                appeal => appeal with { State = state, AnswerNoteId = noteId, AnsweredOn = on }
            ),
        };

    private IReadOnlyList<Appeal> Changed(string appealId, Func<Appeal, Appeal> change) =>
        [.. Appeals.Select(appeal => appeal.Id == appealId ? change(appeal) : appeal)];

    /// <summary>A later round that ends without a posting leaves what was approved before it.</summary>
    private Transfer Closed(string state, LocalDate on) =>
        this with
        {
            State = StandingLines().Count > 0 ? TransferStates.PartlyApproved : state,
            DecidedOn = on,
        };

    private static IReadOnlyList<string> With(IReadOnlyList<string> people, string? one) =>
        [.. people.Append(one ?? string.Empty).Distinct()];

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

/// <summary>A line that no longer stands: an outcome in it ended or lost worth, or a panel took it back.</summary>
/// <param name="Line">The line.</param>
/// <param name="OutcomeId">The outcome, the appeal or the merge.</param>
/// <param name="Cause"><c>corrected</c>, <c>withdrawn</c>, <c>revoked</c>, <c>varied</c> or <c>merged</c>.</param>
/// <param name="VoidedOn">The day in Shanghai.</param>
public sealed record VoidedLine(int Line, string OutcomeId, string Cause, LocalDate VoidedOn)
{
    /// <summary>The code that such a line has: <c>outcome.revoked</c> and so on.</summary>
    public static string CodeOf(string cause) =>
        cause switch
        {
            UnwindingCauses.Varied => "appeal.varied",
            UnwindingCauses.Merged => "merge.duplicate",
            _ => $"outcome.{cause}",
        };
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

using CreditBank.Api.Access;
using CreditBank.Api.Appeals;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;
using Marten;
using NodaTime;

namespace CreditBank.Api.Transfers;

/// <summary>A transfer as the caller may see it.</summary>
public sealed record TransferBody
{
    /// <summary>Its id.</summary>
    public required string TransferId { get; init; }

    /// <summary>The learner's account; missing for issuers.</summary>
    public string? AccountId { get; init; }

    /// <summary>The receiving institution.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The programme.</summary>
    public required string ProgrammeId { get; init; }

    /// <summary>The version of the programme that decides.</summary>
    public required int ProgrammeVersion { get; init; }

    /// <summary>One of <see cref="TransferStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>The day it was submitted; the date of the application.</summary>
    public required LocalDate SubmittedOn { get; init; }

    /// <summary>The returned transfer that it takes up again.</summary>
    public string? Replaces { get; init; }

    /// <summary>
    /// The last day on which its credit is held, inclusive; undecided it lapses on the next. Missing once it is closed.
    /// </summary>
    public LocalDate? HeldUntil { get; init; }

    /// <summary>The day of the final decision, of the withdrawal or of the lapse.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>The reason of a return or rejection.</summary>
    public string? Reason { get; init; }

    /// <summary>The lines that were approved and posted; missing before.</summary>
    public IReadOnlyList<int>? ApprovedLines { get; init; }

    /// <summary>
    /// The lines that no longer stand, because an outcome in them ended or lost worth: out of play while the transfer
    /// is open, taken back where they were posted.
    /// </summary>
    public IReadOnlyList<VoidedLine>? VoidedLines { get; init; }

    /// <summary>What evaluators decided.</summary>
    public IReadOnlyList<LineDecisionBody>? Decisions { get; init; }

    /// <summary>What was asked and answered.</summary>
    public IReadOnlyList<TransferMessageBody>? Messages { get; init; }

    /// <summary>The appeals against its decisions; missing without any, and for issuers.</summary>
    public IReadOnlyList<AppealBody>? Appeals { get; init; }

    /// <summary>The newest proposal.</summary>
    public required ProposalBody Proposal { get; init; }
}

/// <summary>An evaluator's decision.</summary>
/// <param name="Line">The line.</param>
/// <param name="Decision"><c>grant</c> or <c>refuse</c>.</param>
/// <param name="Reason">Why; missing when the person was erased.</param>
/// <param name="Similarity">The similarity found.</param>
/// <param name="Evidence">SHA-256 of what it rests on.</param>
public sealed record LineDecisionBody(
    int Line,
    string Decision,
    string? Reason,
    Credits? Similarity,
    IReadOnlyList<string> Evidence
);

/// <summary>A question of the receiver, or the learner's answer.</summary>
/// <param name="Kind"><c>request</c> or <c>answer</c>.</param>
/// <param name="Text">The words; missing when the person was erased.</param>
/// <param name="Evidence">SHA-256 of what was sent along.</param>
public sealed record TransferMessageBody(string Kind, string? Text, IReadOnlyList<string> Evidence);

/// <summary>A transfer in a list.</summary>
/// <param name="TransferId">Its id.</param>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="State">One of <see cref="TransferStates"/>.</param>
/// <param name="SubmittedOn">The day it was submitted.</param>
/// <param name="DecidedOn">The day of the final decision.</param>
/// <param name="Lines">How many lines of each result are in play or were decided; an issuer's own only.</param>
public sealed record TransferSummaryBody(
    string TransferId,
    string InstitutionId,
    string ProgrammeId,
    string State,
    LocalDate SubmittedOn,
    LocalDate? DecidedOn,
    LineCounts Lines
)
{
    /// <summary>The summary as the caller may see it.</summary>
    public static TransferSummaryBody Of(Transfer transfer, Caller caller)
    {
        var own =
            TransferAccess.SightOf(caller, transfer) == TransferSight.Whole
                ? transfer.Lines()
                : [.. transfer.Lines().Where(line => line.IssuerIds.Any(caller.ActsFor))];
        return new TransferSummaryBody(
            transfer.Id,
            transfer.InstitutionId,
            transfer.Submitted.ProgrammeId,
            transfer.State,
            transfer.Submitted.SubmittedOn,
            transfer.DecidedOn,
            new LineCounts(
                own.Count(line => line.Result == LineResults.Match),
                own.Count(line => line.Result == LineResults.Maybe),
                own.Count(line => line.Result == LineResults.Miss)
            )
        );
    }
}

/// <summary>Lines by result.</summary>
/// <param name="Match">Granted by the rules or by an evaluator.</param>
/// <param name="Maybe">Waiting for an evaluator.</param>
/// <param name="Miss">Refused after having been in play.</param>
public sealed record LineCounts(int Match, int Maybe, int Miss);

/// <summary>Makes bodies.</summary>
internal static class TransferReading
{
    /// <summary>The body of a transfer, reduced to what the caller may see.</summary>
    public static async Task<TransferBody> BodyAsync(
        IQuerySession session,
        IdentityVault vault,
        Transfer transfer,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var document = await session.LoadAsync<ProposalDocument>(transfer.Evaluated!.ProposalHash, cancellation);
        var language = Languages.Of(http.Request);
        var proposal = VoidedLines.Mark(ProposalBody.Of(document!.Read(), language), transfer.VoidedLines, language);
        if (TransferAccess.SightOf(http.Caller(), transfer) != TransferSight.Whole)
        {
            return OfIssuer(transfer, proposal, http.Caller());
        }

        var notes = await vault.Read(session, transfer.AccountId, NoteIds(transfer), cancellation);
        return Of(transfer, proposal) with
        {
            AccountId = transfer.AccountId,
            Replaces = transfer.Submitted.Replaces,
            Reason = transfer.NoteId is { } reason ? notes.GetValueOrDefault(reason) : null,
            Appeals =
                transfer.Appeals.Count == 0
                    ? null
                    : [.. transfer.Appeals.Select(appeal => AppealBody.Of(transfer, appeal, notes))],
            Decisions =
            [
                .. transfer.Decisions.Select(decision => new LineDecisionBody(
                    decision.Line,
                    decision.Decision,
                    decision.NoteId is { } id ? notes.GetValueOrDefault(id) : null,
                    decision.Similarity,
                    decision.Evidence
                )),
            ],
            Messages =
            [
                .. transfer.Messages.Select(message => new TransferMessageBody(
                    message.Kind,
                    notes.GetValueOrDefault(message.NoteId),
                    message.Evidence
                )),
            ],
        };
    }

    private static List<string> NoteIds(Transfer transfer) =>
        [
            .. transfer
                .Decisions.Select(decision => decision.NoteId)
                .Concat(transfer.Messages.Select(message => message.NoteId))
                .Append(transfer.NoteId)
                .OfType<string>()
                .Concat(transfer.Appeals.SelectMany(appeal => appeal.NoteIds())),
        ];

    private static TransferBody Of(Transfer transfer, ProposalBody proposal) =>
        new()
        {
            TransferId = transfer.Id,
            InstitutionId = transfer.InstitutionId,
            ProgrammeId = transfer.Submitted.ProgrammeId,
            ProgrammeVersion = transfer.Submitted.ProgrammeVersion,
            State = transfer.State,
            SubmittedOn = transfer.Submitted.SubmittedOn,
            HeldUntil = TransferStates.IsOpen(transfer.State) ? transfer.HeldUntilOn : null,
            DecidedOn = transfer.DecidedOn,
            ApprovedLines = transfer.ApprovedLines.Count == 0 ? null : transfer.ApprovedLines,
            VoidedLines = transfer.VoidedLines.Count == 0 ? null : transfer.VoidedLines,
            Proposal = proposal,
        };

    /// <summary>Only the lines that use the issuer's outcomes; sums and caps would tell of the others.</summary>
    private static TransferBody OfIssuer(Transfer transfer, ProposalBody proposal, Caller issuer)
    {
        var own = transfer
            .Lines()
            .Where(line => line.IssuerIds.Any(issuer.ActsFor))
            .Select(line => line.Line)
            .ToHashSet();
        var body = Of(transfer, proposal);
        return body with
        {
            ApprovedLines = body.ApprovedLines?.Where(own.Contains).ToList(),
            VoidedLines = body.VoidedLines?.Where(line => own.Contains(line.Line)).ToList(),
            Proposal = proposal with
            {
                Lines = [.. proposal.Lines.Where(line => own.Contains(line.Line))],
                Totals = null,
                Caps = null,
            },
        };
    }
}

using CreditBank.Api.Access;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Transfers;

/// <summary>Decides lines that the rules leave to a person.</summary>
public sealed record EvaluateTransfer
{
    /// <summary>The decisions, one a line.</summary>
    public required IReadOnlyList<LineToDecide> Lines { get; init; }
}

/// <summary>A decision on one maybe line.</summary>
public sealed record LineToDecide
{
    /// <summary>The line's number.</summary>
    public required int Line { get; init; }

    /// <summary><c>grant</c> or <c>refuse</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Why; the learner reads it.</summary>
    public required string Reason { get; init; }

    /// <summary>The similarity that was found, 0 to 1.</summary>
    public Credits? Similarity { get; init; }

    /// <summary>SHA-256 of what it rests on, uploaded before.</summary>
    public IReadOnlyList<string>? Evidence { get; init; }

    /// <summary>
    /// The courses it becomes, where no rule names any or others fit better; missing means those of the line.
    /// </summary>
    public IReadOnlyList<string>? CourseCodes { get; init; }
}

/// <summary>Decides maybe lines.</summary>
public static class EvaluateTransferEndpoint
{
    /// <summary>The longest reason, in characters.</summary>
    public const int ReasonLengthMax = 2000;

    private const int EvidenceMax = 20;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<EvaluateTransfer>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Lines)
                .Must(lines => lines is { Count: >= 1 and <= TransferDecider.OutcomesMax })
                .Says(
                    "field.count",
                    $"应有 1 至 {TransferDecider.OutcomesMax} 项。",
                    $"There must be 1 to {TransferDecider.OutcomesMax}."
                );
            RuleFor(command => command.Lines)
                .Must(lines => lines is null || lines.Select(line => line?.Line).Distinct().Count() == lines.Count)
                .Says("field.repeated", "有重复的行。", "A line stands twice.");
            RuleForEach(command => command.Lines).SetValidator(new LineValidator());
        }
    }

    private sealed class LineValidator : AbstractValidator<LineToDecide>
    {
        public LineValidator()
        {
            RuleFor(line => line.Decision).OneOf(LineDecider.Words);
            RuleFor(line => line.Reason).Text(ReasonLengthMax);
            RuleFor(line => line.Similarity)
                .Must(similarity => similarity is not { } share || share.Value is >= 0 and <= 1)
                .Says("field.share", "应为 0 至 1。", "Must be from 0 to 1.");
            RuleFor(line => line.Evidence)
                .Must(evidence => evidence is null or { Count: <= EvidenceMax })
                .Says("field.count", $"至多 {EvidenceMax} 项。", $"At most {EvidenceMax}.");
            RuleForEach(line => line.Evidence)
                .Must(EvidenceStore.IsHash)
                .Says(
                    "evidence.hash",
                    "应为 64 位小写十六进制的 SHA-256。",
                    "Must be a SHA-256 in lower-case hexadecimal."
                );
            RuleFor(line => line.CourseCodes)
                .Must(codes => codes is null or { Count: <= EvidenceMax })
                .Says("field.count", $"至多 {EvidenceMax} 项。", $"At most {EvidenceMax}.");
            RuleForEach(line => line.CourseCodes).Text(64);
        }
    }

    /// <summary>
    /// An evaluator of the receiver decides maybe lines. The rules are asked again: caps and filled courses hold
    /// also for
    /// what a person grants. Holds of refused lines are released.
    /// </summary>
    [WolverinePost("/v1/transfers/{transferId}/evaluation", OperationId = "evaluateTransfer")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "transfer.unknown")]
    [Refuses(
        409,
        "account.erased",
        "account.merged",
        "institution.merged",
        "institution.suspended",
        "transfer.lineDecided",
        "transfer.outdated",
        "transfer.state"
    )]
    [Refuses(
        422,
        "credit.unit",
        "evidence.missing",
        "transfer.courseMissing",
        "transfer.line",
        RefusesAttribute.OfARule
    )]
    [HonoursIfMatch]
    [ProducesResponseType<TransferBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Post(
        string transferId,
        EvaluateTransfer command,
        HttpContext http,
        TransferDesk desk,
        EvidenceStore evidence,
        CancellationToken cancellation
    ) => Races.Retry(() => EvaluateAsync(transferId, command, http, desk, evidence, cancellation));

    private static async Task<IResult> EvaluateAsync(
        string transferId,
        EvaluateTransfer command,
        HttpContext http,
        TransferDesk desk,
        EvidenceStore evidence,
        CancellationToken cancellation
    )
    {
        var (opened, refused) = await desk.OpenForReceiverAsync(
            transferId,
            givesBack: false,
            [CallerRoles.Evaluator],
            http,
            cancellation
        );
        if (opened is null)
        {
            return refused!;
        }

        await using (opened)
        {
            var cited = command.Lines.SelectMany(line => line.Evidence ?? []).ToList();
            return await EvidenceCheck.MissingAsync(evidence, cited, cancellation) is { } missing
                ? Answers.Refused(missing)
                : await DecideAsync(opened, command, http, desk, cancellation);
        }
    }

    private static async Task<IResult> DecideAsync(
        OpenedTransfer opened,
        EvaluateTransfer command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        if (await opened.KeepAsync(command.Lines.Select(line => line.Reason), cancellation) is not { } notes)
        {
            return Answers.Refused(TransferRefusals.Erased);
        }

        var verdicts = command.Lines.Select((line, place) => VerdictOf(line, notes[place])).ToList();
        var decision = LineDecider.Decide(
            opened.Transfer,
            await opened.ProposalAsync(cancellation),
            verdicts,
            await opened.EvaluationAsync(null, cancellation),
            http.Caller().ActorId,
            desk.Today
        );
        return await opened.AnswerAsync(decision, http, cancellation);
    }

    private static LineVerdict VerdictOf(LineToDecide line, string noteId) =>
        new(
            line.Line,
            line.Decision == LineDecider.Grant,
            noteId,
            line.Similarity,
            line.Evidence ?? [],
            line.CourseCodes ?? []
        );
}

/// <summary>Checks that cited evidence was uploaded.</summary>
internal static class EvidenceCheck
{
    /// <summary>The refusal that names what is missing; none when nothing is.</summary>
    public static async Task<Refusal?> MissingAsync(
        EvidenceStore store,
        IReadOnlyList<string> cited,
        CancellationToken cancellation
    )
    {
        var missing = cited.Except(await store.Known(cited, cancellation)).ToList();
        var list = string.Join(", ", missing);
        return missing.Count == 0
            ? null
            : new Refusal(
                "evidence.missing",
                RefusalKind.Rule,
                new BilingualText($"尚未上传：{list}。", $"Not uploaded yet: {list}.")
            );
    }
}

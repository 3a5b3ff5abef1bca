using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Transfers;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Appeals;

/// <summary>Decides an appeal.</summary>
public sealed record DecideAppeal
{
    /// <summary><c>uphold</c>, <c>vary</c> or <c>remand</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Why; the learner reads it.</summary>
    public required string Reason { get; init; }

    /// <summary>What is varied; only with <c>vary</c>, and then at least one line that is granted.</summary>
    public IReadOnlyList<LineToVary>? Lines { get; init; }
}

/// <summary>A panel's word on one line.</summary>
public sealed record LineToVary
{
    /// <summary>The line's number.</summary>
    public required int Line { get; init; }

    /// <summary><c>grant</c> a line that was not approved, or <c>refuse</c> one that was.</summary>
    public required string Decision { get; init; }

    /// <summary>Why; the learner reads it.</summary>
    public required string Reason { get; init; }

    /// <summary>The courses it becomes, where the rules leave that open; missing means those of the line.</summary>
    public IReadOnlyList<string>? CourseCodes { get; init; }
}

/// <summary>Decides appeals.</summary>
public static class DecideAppealEndpoint
{
    private const int CoursesMax = 20;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<DecideAppeal>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Decision).OneOf(AppealDecisions.All);
            RuleFor(command => command.Reason).Text(EvaluateTransferEndpoint.ReasonLengthMax);
            RuleFor(command => command.Lines)
                .Must((command, lines) => command.Decision == AppealDecisions.Vary == lines is not null)
                .Says("appeal.lines", "仅在 vary 时给出 lines。", "lines belongs to vary, and to nothing else.");
            RuleFor(command => command.Lines)
                .Must(lines => lines is null or { Count: >= 1 and <= TransferDecider.OutcomesMax })
                .Says(
                    "field.count",
                    $"应有 1 至 {TransferDecider.OutcomesMax} 项。",
                    $"There must be 1 to {TransferDecider.OutcomesMax}."
                );
            RuleFor(command => command.Lines)
                .Must(lines => lines is null || lines.Any(line => line?.Decision == LineDecider.Grant))
                .Says("appeal.nothingGranted", "至少批准一行。", "At least one line must be granted.");
            RuleFor(command => command.Lines)
                .Must(lines => lines is null || lines.Select(line => line?.Line).Distinct().Count() == lines.Count)
                .Says("field.repeated", "有重复的行。", "A line stands twice.");
            RuleForEach(command => command.Lines).SetValidator(new LineValidator());
        }
    }

    private sealed class LineValidator : AbstractValidator<LineToVary>
    {
        public LineValidator()
        {
            RuleFor(line => line.Decision).OneOf(LineDecider.Words);
            RuleFor(line => line.Reason).Text(EvaluateTransferEndpoint.ReasonLengthMax);
            RuleFor(line => line.CourseCodes)
                .Must(codes => codes is null or { Count: <= CoursesMax })
                .Says("field.count", $"至多 {CoursesMax} 项。", $"At most {CoursesMax}.");
            RuleForEach(line => line.CourseCodes).Text(64);
        }
    }

    /// <summary>
    /// A panel, none of those who submitted, evaluated or decided before: the decision stands (<c>uphold</c>), the
    /// panel grants more and it is posted at once (<c>vary</c>), or the transfer is open again and its credit is held
    /// again (<c>remand</c>). Nothing that was posted is edited.
    /// </summary>
    [WolverinePost("/v1/transfers/{transferId}/appeals/{appealId}/decision", OperationId = "decideAppeal")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "appeal.unknown", "transfer.unknown")]
    [Refuses(
        409,
        "account.erased",
        "appeal.line",
        "appeal.state",
        "credit.used",
        "institution.merged",
        "institution.suspended",
        "transfer.outdated",
        "transfer.undecided"
    )]
    [Refuses(
        422,
        "appeal.nothing",
        "credit.unit",
        "transfer.courseMissing",
        "transfer.line",
        "transfer.nothing",
        "transfer.nothingToApprove",
        RefusesAttribute.OfARule
    )]
    [HonoursIfMatch]
    [ProducesResponseType<TransferBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Post(
        string transferId,
        string appealId,
        DecideAppeal command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    ) => Races.Retry(() => OpenAndDecideAsync(transferId, appealId, command, http, desk, cancellation));

    private static async Task<IResult> OpenAndDecideAsync(
        string transferId,
        string appealId,
        DecideAppeal command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var (opened, refused) = await PanelAccess.OpenAsync(
            transferId,
            appealId,
            grants: command.Decision != AppealDecisions.Uphold,
            http,
            desk,
            cancellation
        );
        if (opened is null)
        {
            return refused!;
        }

        await using (opened)
        {
            return await DecideAsync(opened, appealId, command, http, desk, cancellation);
        }
    }

    private static async Task<IResult> DecideAsync(
        OpenedTransfer opened,
        string appealId,
        DecideAppeal command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var lines = command.Lines ?? [];
        var words = lines.Select(line => line.Reason).Prepend(command.Reason);
        if (await opened.KeepAsync(words, cancellation) is not { } notes)
        {
            return Answers.Refused(TransferRefusals.Erased);
        }

        var panel = new PanelCase(
            opened.Transfer,
            await opened.AccountAsync(cancellation),
            await opened.ProposalAsync(cancellation),
            await opened.EvaluationsAsync(cancellation),
            appealId,
            http.Caller().ActorId,
            desk.Today,
            desk.Terms.HeldUntil(desk.Today)
        );
        var decision = command.Decision switch
        {
            AppealDecisions.Vary => Reopening.Vary(panel, notes[0], Verdicts(lines, [.. notes.Skip(1)])),
            AppealDecisions.Remand => Reopening.Remand(panel, notes[0]),
            _ => AppealDecider.Uphold(opened.Transfer, appealId, notes[0], panel.ActorId, desk.Today),
        };
        return await opened.AnswerAsync(decision, http, cancellation);
    }

    private static IReadOnlyList<PanelVerdict> Verdicts(IReadOnlyList<LineToVary> lines, string[] notes) =>
        [
            .. lines.Select(
                (line, place) =>
                    new PanelVerdict(
                        line.Line,
                        line.Decision == LineDecider.Grant,
                        notes[place],
                        line.CourseCodes ?? []
                    )
            ),
        ];
}

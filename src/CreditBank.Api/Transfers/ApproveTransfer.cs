using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Transfers;

/// <summary>Approves a transfer, whole or in part.</summary>
public sealed record ApproveTransfer
{
    /// <summary>The lines to approve; missing means every match line, and then no maybe line may be open.</summary>
    public IReadOnlyList<int>? Lines { get; init; }
}

/// <summary>Approves transfers.</summary>
public static class ApproveTransferEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<ApproveTransfer>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Lines)
                .Must(lines => lines is null or { Count: > 0 })
                .Says("field.empty", "至少一项；缺省为全部。", "At least one; leave it out for all.");
            RuleFor(command => command.Lines)
                .Must(lines => lines is null || lines.Distinct().Count() == lines.Count)
                .Says("field.repeated", "有重复的行。", "A line stands twice.");
        }
    }

    /// <summary>
    /// An approver of the receiver, who neither submitted nor evaluated, approves. Approved means posted: credit is
    /// converted
    /// and the rest of the hold released, in one commit with the account at its version.
    /// </summary>
    [WolverinePost("/v1/transfers/{transferId}/approval", OperationId = "approveTransfer")]
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
        "transfer.state",
        "transfer.undecided"
    )]
    [Refuses(422, "credit.unit", "transfer.line", "transfer.nothingToApprove", RefusesAttribute.OfARule)]
    [HonoursIfMatch]
    [ProducesResponseType<TransferBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Post(
        string transferId,
        ApproveTransfer command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    ) => Races.Retry(() => ApproveAsync(transferId, command, http, desk, cancellation));

    private static async Task<IResult> ApproveAsync(
        string transferId,
        ApproveTransfer command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var (opened, refused) = await desk.OpenForReceiverAsync(
            transferId,
            givesBack: false,
            [CallerRoles.Approver],
            http,
            cancellation
        );
        if (opened is null)
        {
            return refused!;
        }

        await using (opened)
        {
            var today = desk.Today;
            var decision = ApprovalDecider.Approve(
                opened.Transfer,
                await opened.ProposalAsync(cancellation),
                command.Lines,
                await opened.EvaluationAsync(today, cancellation),
                http.Caller().ActorId,
                today
            );
            return await opened.AnswerAsync(decision, http, cancellation);
        }
    }
}

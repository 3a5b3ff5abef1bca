using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Transfers;

/// <summary>Returns or rejects a transfer.</summary>
public sealed record CloseTransfer
{
    /// <summary>Why; the learner reads it.</summary>
    public required string Reason { get; init; }
}

/// <summary>
/// Ends transfers without a conversion: return, rejection, withdrawal. Everything held is released. A suspended
/// receiver may return and reject, so that learners get their credit back.
/// </summary>
public static class CloseTransferEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<CloseTransfer>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Reason).Text(EvaluateTransferEndpoint.ReasonLengthMax);
        }
    }

    /// <summary>An approver of the receiver sends it back; the learner may submit a new one that names it.</summary>
    [WolverinePost("/v1/transfers/{transferId}/return", OperationId = "returnTransfer")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "transfer.unknown")]
    [Refuses(409, "account.erased", "account.merged", "institution.merged", "transfer.state")]
    [HonoursIfMatch]
    [ProducesResponseType<TransferBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Return(
        string transferId,
        CloseTransfer command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    ) => Races.Retry(() => CloseAsync(transferId, command, returns: true, http, desk, cancellation));

    /// <summary>An approver of the receiver refuses it.</summary>
    [WolverinePost("/v1/transfers/{transferId}/rejection", OperationId = "rejectTransfer")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "transfer.unknown")]
    [Refuses(409, "account.erased", "account.merged", "institution.merged", "transfer.state")]
    [HonoursIfMatch]
    [ProducesResponseType<TransferBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Reject(
        string transferId,
        CloseTransfer command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    ) => Races.Retry(() => CloseAsync(transferId, command, returns: false, http, desk, cancellation));

    /// <summary>The learner takes it back before a decision.</summary>
    [WolverinePost("/v1/transfers/{transferId}/withdrawal", OperationId = "withdrawTransfer")]
    [Refuses(403, "access.role")]
    [Refuses(404, "transfer.unknown")]
    [Refuses(409, "account.erased", "account.merged", "transfer.state")]
    [HonoursIfMatch]
    [ProducesResponseType<TransferBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Withdraw(
        string transferId,
        HttpContext http,
        [NotBody] TransferDesk desk,
        CancellationToken cancellation
    ) => Races.Retry(() => WithdrawAsync(transferId, http, desk, cancellation));

    private static async Task<IResult> WithdrawAsync(
        string transferId,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var (opened, refused) = await desk.OpenAsync(transferId, http, TransferAccess.LacksLearner, cancellation);
        if (opened is null)
        {
            return refused!;
        }

        await using (opened)
        {
            var account = await opened.AccountAsync(cancellation);
            var decision = TransferDecider.Withdraw(opened.Transfer, account, desk.Today);
            return await opened.AnswerAsync(decision, http, cancellation);
        }
    }

    private static async Task<IResult> CloseAsync(
        string transferId,
        CloseTransfer command,
        bool returns,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var (opened, refused) = await desk.OpenForReceiverAsync(
            transferId,
            givesBack: true,
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
            if (await opened.KeepAsync([command.Reason], cancellation) is not [var noteId])
            {
                return Answers.Refused(TransferRefusals.Erased);
            }

            var account = await opened.AccountAsync(cancellation);
            var actorId = http.Caller().ActorId;
            var decision = returns
                ? TransferDecider.Return(opened.Transfer, account, actorId, noteId, desk.Today)
                : TransferDecider.Reject(opened.Transfer, account, actorId, noteId, desk.Today);
            return await opened.AnswerAsync(decision, http, cancellation);
        }
    }
}

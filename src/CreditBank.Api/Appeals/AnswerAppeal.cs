using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Transfers;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Appeals;

/// <summary>Says whether a panel takes an appeal up.</summary>
public sealed record AnswerAppeal
{
    /// <summary><c>admit</c> or <c>dismiss</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Why; the learner reads it.</summary>
    public required string Reason { get; init; }
}

/// <summary>Answers appeals.</summary>
public static class AnswerAppealEndpoint
{
    private const string Admit = "admit";
    private const string Dismiss = "dismiss";

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<AnswerAppeal>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Decision).OneOf([Admit, Dismiss]);
            RuleFor(command => command.Reason).Text(EvaluateTransferEndpoint.ReasonLengthMax);
        }
    }

    /// <summary>
    /// A panel, none of those who decided before, says whether the appeal is admitted. It may also decide at once.
    /// </summary>
    [WolverinePost("/v1/transfers/{transferId}/appeals/{appealId}/answer", OperationId = "answerAppeal")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "appeal.unknown", "transfer.unknown")]
    [Refuses(409, "account.erased", "appeal.state", "institution.merged")]
    [HonoursIfMatch]
    [ProducesResponseType<TransferBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        string transferId,
        string appealId,
        AnswerAppeal command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var (opened, refused) = await PanelAccess.OpenAsync(
            transferId,
            appealId,
            grants: false,
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
            return await opened.KeepAsync([command.Reason], cancellation) is [var noteId]
                ? await opened.AnswerAsync(
                    AppealDecider.Answer(
                        opened.Transfer,
                        appealId,
                        command.Decision == Admit,
                        noteId,
                        http.Caller().ActorId,
                        desk.Today
                    ),
                    http,
                    cancellation
                )
                : Answers.Refused(TransferRefusals.Erased);
        }
    }
}

/// <summary>Who may decide an appeal.</summary>
internal static class PanelAccess
{
    /// <summary>
    /// Opens a transfer for a panel. A panel of a receiver that became part of another decides no more; while the
    /// receiver is suspended nothing is granted and nothing reopened there, by whichever panel.
    /// </summary>
    public static async Task<(OpenedTransfer? Opened, IResult? Refused)> OpenAsync(
        string transferId,
        string appealId,
        bool grants,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var (opened, refused) = await desk.OpenAsync(
            transferId,
            http,
            (caller, transfer) => Lacks(caller, transfer, appealId),
            cancellation
        );
        if (opened is null)
        {
            return (null, refused);
        }

        var caller = http.Caller();
        var (receiver, own) = (opened.Transfer.InstitutionId, caller.InstitutionId);
        var refusal =
            await desk.OwnAffairsAsync(caller, opened.Transfer.AccountId, cancellation)
            ?? (own is null ? null : await desk.IsNoMoreAsync(own, cancellation))
            ?? (grants ? await desk.MayNotReopenAsync(receiver, cancellation) : null);
        if (refusal is null)
        {
            return (opened, null);
        }

        await opened.DisposeAsync();
        return (null, Answers.Refused(refusal));
    }

    /// <summary>Why the caller may not; none when nothing but the appeal's own history stands in the way.</summary>
    public static Kernel.Refusal? Lacks(Caller caller, Transfer transfer, string appealId) =>
        transfer.AppealOf(appealId) is null
            ? AccessRefusals.Unknown("appeal")
            : TransferAccess.LacksPanel(caller, transfer);
}

using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.LearningAgreements;

/// <summary>Agrees to a learning agreement.</summary>
public sealed record ApproveAgreement
{
    /// <summary>Words for the learner.</summary>
    public string? Reason { get; init; }
}

/// <summary>Refuses a learning agreement.</summary>
public sealed record RejectAgreement
{
    /// <summary>Why; the learner reads it.</summary>
    public required string Reason { get; init; }
}

/// <summary>Decides learning agreements.</summary>
public static class DecideAgreementEndpoint
{
    /// <summary>The wrong fields of an approval.</summary>
    public sealed class ApprovalValidator : AbstractValidator<ApproveAgreement>
    {
        /// <summary>The rules.</summary>
        public ApprovalValidator()
        {
            RuleFor(command => command.Reason).OptionalText(EvaluateTransferEndpoint.ReasonLengthMax);
        }
    }

    /// <summary>The wrong fields of a rejection.</summary>
    public sealed class RejectionValidator : AbstractValidator<RejectAgreement>
    {
        /// <summary>The rules.</summary>
        public RejectionValidator()
        {
            RuleFor(command => command.Reason).Text(EvaluateTransferEndpoint.ReasonLengthMax);
        }
    }

    /// <summary>
    /// An approver of the receiver, or of its successor, agrees; from then on it binds the receiver's later decisions.
    /// </summary>
    [WolverinePost("/v1/learning-agreements/{agreementId}/approval", OperationId = "approveLearningAgreement")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "agreement.unknown")]
    [Refuses(409, "account.erased", "agreement.state", "institution.merged", "institution.suspended")]
    [Refuses(422, "agreement.until")]
    [HonoursIfMatch]
    [ProducesResponseType<AgreementBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Approve(
        string agreementId,
        ApproveAgreement command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    ) => DecideAsync(agreementId, approves: true, command.Reason, http, desk, cancellation);

    /// <summary>
    /// An approver of the receiver, or of its successor, does not agree; a suspended receiver may say so.
    /// </summary>
    [WolverinePost("/v1/learning-agreements/{agreementId}/rejection", OperationId = "rejectLearningAgreement")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "agreement.unknown")]
    [Refuses(409, "account.erased", "agreement.state", "institution.merged")]
    [HonoursIfMatch]
    [ProducesResponseType<AgreementBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Reject(
        string agreementId,
        RejectAgreement command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    ) => DecideAsync(agreementId, approves: false, command.Reason, http, desk, cancellation);

    private static async Task<IResult> DecideAsync(
        string agreementId,
        bool approves,
        string? reason,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (!desk.Books.TryBookOf(agreementId, LedgerIdKind.Agreement, out var book))
        {
            return Answers.Refused(AccessRefusals.Unknown("agreement"));
        }

        await using var session = desk.Books.Write(book, http.Actor());
        var stream = await session.Events.FetchForWriting<LearningAgreement>(agreementId, cancellation);
        if (stream.Aggregate is not { } agreement || !AgreementReading.MaySee(caller, agreement))
        {
            return Answers.Refused(AccessRefusals.Unknown("agreement"));
        }

        var refusal =
            caller.Lacks(CallerRoles.Approver)
            ?? (caller.Is(CallerRoles.Approver, agreement.InstitutionId) ? null : AccessRefusals.Institution)
            ?? http.ExpectsOther(stream.CurrentVersion)
            ?? await desk.OwnAffairsAsync(caller, agreement.AccountId, cancellation)
            ?? (
                approves
                    ? await desk.MayNotReceiveAsync(caller.InstitutionId!, cancellation)
                    : await desk.IsNoMoreAsync(caller.InstitutionId!, cancellation)
            );
        if (refusal is not null)
        {
            return Answers.Refused(refusal);
        }

        if (await desk.KeepAsync(session, agreement.AccountId, [reason], cancellation) is not [var noteId])
        {
            return Answers.Refused(TransferRefusals.Erased);
        }

        var decision = AgreementDecider.Decide(agreement, approves, noteId, caller.ActorId, desk.Today);
        if (!decision.Is(out var decided, out var refused))
        {
            return Answers.Refused(refused);
        }

        stream.AppendOne(decided);
        await session.SaveChangesAsync(cancellation);
        var stands = (await session.LoadAsync<LearningAgreement>(agreementId, cancellation))!;
        return Answers.Tagged(
            http,
            stands.Version,
            await AgreementReading.BodyAsync(session, desk.Vault, stands, cancellation)
        );
    }
}

using System.Security.Cryptography;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Transfers;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Appeals;

/// <summary>Appeals against the decision on a transfer.</summary>
public sealed record FileAppeal
{
    /// <summary>The grounds.</summary>
    public required string Reason { get; init; }

    /// <summary>SHA-256 of what is sent along, uploaded before.</summary>
    public IReadOnlyList<string>? Evidence { get; init; }
}

/// <summary>Files appeals.</summary>
public static class FileAppealEndpoint
{
    private const int EvidenceMax = 20;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<FileAppeal>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Reason).Text(EvaluateTransferEndpoint.ReasonLengthMax);
            RuleFor(command => command.Evidence)
                .Must(evidence => evidence is null or { Count: <= EvidenceMax })
                .Says("field.count", $"至多 {EvidenceMax} 项。", $"At most {EvidenceMax}.");
            RuleForEach(command => command.Evidence)
                .Must(EvidenceStore.IsHash)
                .Says(
                    "evidence.hash",
                    "应为 64 位小写十六进制的 SHA-256。",
                    "Must be a SHA-256 in lower-case hexadecimal."
                );
        }
    }

    /// <summary>
    /// The learner appeals against an approval, return or rejection, within ten days unless the operator chose another
    /// number.
    /// </summary>
    [WolverinePost("/v1/transfers/{transferId}/appeals", OperationId = "fileAppeal")]
    [Refuses(403, "access.role")]
    [Refuses(404, "transfer.unknown")]
    [Refuses(409, "account.erased", "appeal.filed", "transfer.state")]
    [Refuses(422, "appeal.late", "evidence.missing")]
    [HonoursIfMatch]
    [ProducesResponseType<AppealBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        string transferId,
        FileAppeal command,
        HttpContext http,
        TransferDesk desk,
        EvidenceStore evidence,
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
            var cited = command.Evidence ?? [];
            if (await EvidenceCheck.MissingAsync(evidence, cited, cancellation) is { } missing)
            {
                return Answers.Refused(missing);
            }

            if (await opened.KeepAsync([command.Reason], cancellation) is not [var noteId])
            {
                return Answers.Refused(TransferRefusals.Erased);
            }

            var appealId = "apl-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            var decision = AppealDecider.File(opened.Transfer, appealId, noteId, cited, desk.Terms, desk.Today);
            return await opened.CommitAsync(decision, cancellation) is { } no
                ? Answers.Refused(no)
                : await AppealAnswers.Created(opened, appealId, cancellation);
        }
    }
}

/// <summary>Shows one appeal after a commit.</summary>
internal static class AppealAnswers
{
    /// <summary>201 with the appeal.</summary>
    public static async Task<IResult> Created(OpenedTransfer opened, string appealId, CancellationToken cancellation)
    {
        var (transfer, notes) = await opened.ReadAgainAsync(
            stands => stands.AppealOf(appealId)!.NoteIds(),
            cancellation
        );
        var body = AppealBody.Of(transfer, transfer.AppealOf(appealId)!, notes);
        return Answers.Created($"/v1/transfers/{transfer.Id}/appeals/{appealId}", body);
    }
}

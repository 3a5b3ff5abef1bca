using CreditBank.Api.Access;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Http;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Transfers;

/// <summary>Asks the learner for something.</summary>
public sealed record AskForInformation
{
    /// <summary>What is asked.</summary>
    public required string Text { get; init; }
}

/// <summary>Answers a question of the receiver.</summary>
public sealed record GiveInformation
{
    /// <summary>The answer.</summary>
    public required string Text { get; init; }

    /// <summary>SHA-256 of what is sent along, uploaded before.</summary>
    public IReadOnlyList<string>? Evidence { get; init; }
}

/// <summary>Questions and answers while a transfer is open.</summary>
public static class InformationEndpoint
{
    private const int EvidenceMax = 20;

    /// <summary>The wrong fields of a question.</summary>
    public sealed class QuestionValidator : AbstractValidator<AskForInformation>
    {
        /// <summary>The rules.</summary>
        public QuestionValidator()
        {
            RuleFor(command => command.Text).Text(EvaluateTransferEndpoint.ReasonLengthMax);
        }
    }

    /// <summary>The wrong fields of an answer.</summary>
    public sealed class AnswerValidator : AbstractValidator<GiveInformation>
    {
        /// <summary>The rules.</summary>
        public AnswerValidator()
        {
            RuleFor(command => command.Text).Text(EvaluateTransferEndpoint.ReasonLengthMax);
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

    /// <summary>An evaluator or approver of the receiver asks; the learner is next.</summary>
    [WolverinePost("/v1/transfers/{transferId}/information-requests", OperationId = "requestInformation")]
    [Refuses(403, "access.fourEyes", "access.institution", "access.role")]
    [Refuses(404, "transfer.unknown")]
    [Refuses(409, "account.erased", "account.merged", "institution.merged", "institution.suspended", "transfer.state")]
    [HonoursIfMatch]
    [ProducesResponseType<TransferBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Ask(
        string transferId,
        AskForInformation command,
        HttpContext http,
        TransferDesk desk,
        CancellationToken cancellation
    )
    {
        var (opened, refused) = await desk.OpenForReceiverAsync(
            transferId,
            givesBack: false,
            [CallerRoles.Evaluator, CallerRoles.Approver],
            http,
            cancellation
        );
        if (opened is null)
        {
            return refused!;
        }

        await using (opened)
        {
            return await opened.KeepAsync([command.Text], cancellation) is [var noteId]
                ? await opened.AnswerAsync(
                    TransferDecider.RequestInformation(opened.Transfer, noteId),
                    http,
                    cancellation
                )
                : Answers.Refused(TransferRefusals.Erased);
        }
    }

    /// <summary>The learner answers; the receiver is next.</summary>
    [WolverinePost("/v1/transfers/{transferId}/information", OperationId = "giveInformation")]
    [Refuses(403, "access.role")]
    [Refuses(404, "transfer.unknown")]
    [Refuses(409, "account.erased", "account.merged", "transfer.state")]
    [Refuses(422, "evidence.missing")]
    [HonoursIfMatch]
    [ProducesResponseType<TransferBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Give(
        string transferId,
        GiveInformation command,
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

            return await opened.KeepAsync([command.Text], cancellation) is [var noteId]
                ? await opened.AnswerAsync(
                    TransferDecider.GiveInformation(opened.Transfer, noteId, cited),
                    http,
                    cancellation
                )
                : Answers.Refused(TransferRefusals.Erased);
        }
    }
}

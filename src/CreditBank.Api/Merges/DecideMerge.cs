using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Merges;

/// <summary>Another person's decision on a proposed merge.</summary>
public sealed record DecideMerge
{
    /// <summary><c>confirmed</c> or <c>declined</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Why it is declined; required then. Kept sealed.</summary>
    public string? Reason { get; init; }
}

/// <summary>Undoes a merge.</summary>
public sealed record UndoMerge
{
    /// <summary>How it was found that the accounts are two persons'. Kept sealed.</summary>
    public required string Reason { get; init; }
}

/// <summary>Decides merges, and undoes them.</summary>
public static class DecideMergeEndpoint
{
    private const string Confirmed = "confirmed";
    private const string Declined = "declined";

    /// <summary>The wrong fields of a decision.</summary>
    public sealed class Validator : AbstractValidator<DecideMerge>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Decision).OneOf([Confirmed, Declined]);
            RuleFor(command => command.Reason).OptionalText(ProposeMergeEndpoint.ReasonLengthMax);
            RuleFor(command => command.Reason)
                .Must((command, reason) => command.Decision != Declined || reason is not null)
                .Says("field.required", "不同意时须说明理由。", "Required when declined.");
        }
    }

    /// <summary>The wrong fields of an undoing.</summary>
    public sealed class UndoValidator : AbstractValidator<UndoMerge>
    {
        /// <summary>The rules.</summary>
        public UndoValidator()
        {
            RuleFor(command => command.Reason).Text(ProposeMergeEndpoint.ReasonLengthMax);
        }
    }

    /// <summary>
    /// An operator or branch who did not propose it confirms or declines. Confirmed, the survivor takes over everything
    /// in the same moment, and the other account is frozen.
    /// </summary>
    [WolverinePost("/v1/accounts/{accountId}/merges/{mergeId}/decision", OperationId = "decideMerge")]
    [Refuses(403, "access.fourEyes", "access.role")]
    [Refuses(404, "merge.unknown")]
    [Refuses(
        409,
        "account.erased",
        "account.merged",
        "merge.absorbedSurvives",
        "merge.appealTerm",
        "merge.openTransfers",
        "merge.state"
    )]
    [ProducesResponseType<MergeBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Decide(
        string accountId,
        string mergeId,
        DecideMerge command,
        HttpContext http,
        MergeDesk desk,
        CancellationToken cancellation
    ) =>
        WithMerge(
            accountId,
            mergeId,
            http,
            desk,
            merge =>
                command.Decision == Confirmed
                    ? merge.Confirm(http.Caller().ActorId, cancellation)
                    : merge.Decline(command.Reason!, http.Caller().ActorId, cancellation),
            cancellation
        );

    /// <summary>
    /// An operator or branch undoes a merge. The absorbed account gets back what it brought and what was not used
    /// since; what was used, and what was recorded meanwhile, the answer names for a person to look at.
    /// </summary>
    [WolverinePost("/v1/accounts/{accountId}/merges/{mergeId}/unmerge", OperationId = "undoMerge")]
    [Refuses(403, "access.role")]
    [Refuses(404, "merge.unknown")]
    [Refuses(409, "account.erased", "account.merged", "merge.state")]
    [ProducesResponseType<MergeBody>(StatusCodes.Status200OK)]
    public static Task<IResult> Undo(
        string accountId,
        string mergeId,
        UndoMerge command,
        HttpContext http,
        MergeDesk desk,
        CancellationToken cancellation
    ) => WithMerge(accountId, mergeId, http, desk, merge => merge.Undo(command.Reason, cancellation), cancellation);

    /// <summary>Decides; anew when another writer was first, such as a deposit into one of the accounts.</summary>
    private static async Task<IResult> WithMerge(
        string accountId,
        string mergeId,
        HttpContext http,
        MergeDesk desk,
        Func<OpenedMerge, Task<IResult>> decide,
        CancellationToken cancellation
    )
    {
        if (MergeDesk.MayNot(http.Caller()) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        return await Races.Retry(async () =>
        {
            await using var opened = await desk.OpenAsync(accountId, mergeId, http, cancellation);
            return opened is null ? Answers.Refused(AccessRefusals.Unknown("merge")) : await decide(opened);
        });
    }
}

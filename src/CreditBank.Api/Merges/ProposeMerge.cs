using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Merges;

/// <summary>Proposes that two accounts are one person's.</summary>
public sealed record ProposeMerge
{
    /// <summary>The account that ends in the one of the route.</summary>
    public required string Absorbed { get; init; }

    /// <summary>How it was found that both are one person's. Kept sealed.</summary>
    public required string Reason { get; init; }
}

/// <summary>Proposes merges.</summary>
public static class ProposeMergeEndpoint
{
    /// <summary>The longest reason, in characters.</summary>
    public const int ReasonLengthMax = 2000;

    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<ProposeMerge>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Absorbed).Text(64);
            RuleFor(command => command.Reason).Text(ReasonLengthMax);
        }
    }

    /// <summary>
    /// An operator or branch proposes; the answer lists what both accounts have, the possible duplicates. Nothing
    /// moves before another person confirms.
    /// </summary>
    [WolverinePost("/v1/accounts/{accountId}/merges", OperationId = "proposeMerge")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [Refuses(409, "account.erased", "account.merged", "merge.absorbedSurvives", "merge.openTransfers")]
    [Refuses(422, "merge.absorbed", "merge.same")]
    [ProducesResponseType<MergeBody>(StatusCodes.Status201Created)]
    public static async Task<IResult> Post(
        string accountId,
        ProposeMerge command,
        HttpContext http,
        MergeDesk desk,
        CancellationToken cancellation
    ) =>
        MergeDesk.MayNot(http.Caller()) is { } refusal
            ? Answers.Refused(refusal)
            : await desk.Propose(accountId, command.Absorbed, command.Reason, http, cancellation);
}

using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger.Events;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Erasure;

/// <summary>Erases the person behind an account.</summary>
public sealed record ErasePerson
{
    /// <summary>
    /// <c>request</c>, <c>consentWithdrawn</c>, <c>purposeMet</c>, <c>retentionOver</c> or <c>unlawful</c>.
    /// </summary>
    public required string Reason { get; init; }
}

/// <summary>What an erasure did.</summary>
/// <param name="AccountId">The account; it stays, and nobody can tell whose it was.</param>
/// <param name="ErasedOn">The day in Shanghai.</param>
/// <param name="AlsoErased">Accounts that had been merged into it.</param>
public sealed record ErasureBody(string AccountId, LocalDate ErasedOn, IReadOnlyList<string> AlsoErased);

/// <summary>Erases persons.</summary>
public static class ErasePersonEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<ErasePerson>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Reason).OneOf(ErasureReasons.All);
        }
    }

    /// <summary>
    /// The operator acts, once the learner asked or the law demands it. The person's key is destroyed, and with it
    /// identity, name, notes, waiting records and evidence. No event, hash or balance changes. It cannot be undone.
    /// Whose award it is may have to be kept for a term.
    /// </summary>
    [WolverinePost("/v1/accounts/{accountId}/erasure", OperationId = "erasePerson")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [Refuses(409, "account.erased", "account.merged", "erasure.held", "erasure.pending", "erasure.retained")]
    [ProducesResponseType<ErasureBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        string accountId,
        ErasePerson command,
        HttpContext http,
        ErasureDesk desk,
        CancellationToken cancellation
    ) =>
        http.Caller().Lacks(CallerRoles.Operator) is { } refusal
            ? Answers.Refused(refusal)
            : await Races.Retry(() => desk.Erase(accountId, command.Reason, http, cancellation));
}

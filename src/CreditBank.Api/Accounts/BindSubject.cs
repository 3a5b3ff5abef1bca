using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Accounts;

/// <summary>Ties a token's subject to an account.</summary>
public sealed record BindSubject
{
    /// <summary>The learner's subject, as the tokens' <c>sub</c> says.</summary>
    public required string Subject { get; init; }

    /// <summary>
    /// The issuer of the learner's tokens, as their <c>iss</c> says; missing means the bank's first issuer.
    /// </summary>
    public string? Issuer { get; init; }
}

/// <summary>What was bound.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="ActorId">The subject's pseudonym, as events will name it.</param>
public sealed record BoundSubject(string AccountId, string ActorId);

/// <summary>Binds subjects to accounts.</summary>
public static class BindSubjectEndpoint
{
    /// <summary>The wrong fields, all of them.</summary>
    public sealed class Validator : AbstractValidator<BindSubject>
    {
        /// <summary>The rules.</summary>
        public Validator()
        {
            RuleFor(command => command.Issuer).OptionalText(300);
            RuleFor(command => command.Subject).Text(200);
        }
    }

    /// <summary>An operator or branch binds; binding again moves the subject.</summary>
    [WolverinePost("/v1/accounts/{accountId}/subjects", OperationId = "bindSubject")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [Refuses(409, "account.erased", "account.merged")]
    [ProducesResponseType<BoundSubject>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        string accountId,
        BindSubject command,
        HttpContext http,
        LedgerBooks books,
        IdentityVault vault,
        DeploymentMode mode,
        CancellationToken cancellation
    )
    {
        if (http.Caller().Lacks(CallerRoles.Operator, CallerRoles.Branch) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (!books.TryBookOf(accountId, Kernel.LedgerIdKind.Account, out var book))
        {
            return Answers.Refused(AccessRefusals.Unknown("account"));
        }

        await using var session = books.Write(book, http.Actor());
        if (await session.Events.FetchStreamStateAsync(accountId, cancellation) is null)
        {
            return Answers.Refused(AccessRefusals.Unknown("account"));
        }

        if (await session.LoadAsync<Person>(accountId, cancellation) is not { } person)
        {
            return Answers.Refused(Account.PersonGone);
        }

        if (person.MergedInto is { } survivor)
        {
            return Answers.Refused(Account.MergedAway(survivor));
        }

        var pseudonym = vault.Keys.Pseudonym(command.Issuer ?? mode.FirstIssuer, command.Subject);
        vault.Expect(session, person);
        vault.Bind(session, pseudonym, accountId);
        await session.SaveChangesAsync(cancellation);
        return Answers.Ok(new BoundSubject(accountId, pseudonym));
    }
}

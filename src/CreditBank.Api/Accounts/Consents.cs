using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Accounts;

/// <summary>What a learner allowed.</summary>
/// <param name="ConsentId">The consent.</param>
/// <param name="InstitutionId">Who may see it.</param>
/// <param name="Scope">What may be seen: <c>outcomes</c> or <c>account</c>.</param>
/// <param name="From">The first day, inclusive.</param>
/// <param name="To">The day it ends, exclusive; missing means until withdrawn.</param>
/// <param name="WithdrawnOn">The day from which it no longer holds, where it was taken back.</param>
public sealed record ConsentBody(
    string ConsentId,
    string InstitutionId,
    string Scope,
    LocalDate From,
    LocalDate? To,
    LocalDate? WithdrawnOn
)
{
    /// <summary>The body of a consent.</summary>
    public static ConsentBody Of(ConsentState consent) =>
        new(
            consent.Granted.ConsentId,
            consent.Granted.InstitutionId,
            consent.Granted.Scope,
            consent.Granted.FromOn,
            consent.Granted.ToOn,
            consent.WithdrawnOn
        );
}

/// <summary>The list of an account's consents.</summary>
/// <param name="Items">In the order in which they were given, those taken back included.</param>
public sealed record ConsentList(IReadOnlyList<ConsentBody> Items);

/// <summary>Shows a learner's consents.</summary>
public static class GetConsentsEndpoint
{
    /// <summary>The learner sees what was allowed to whom.</summary>
    [WolverineGet("/v1/accounts/{accountId}/consents", OperationId = "listConsents")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [ProducesResponseType<ConsentList>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        if (ConsentAccess.Refuse(http.Caller(), accountId) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        await using var session = books.Read(book);
        var facts = AccountFacts.Of(await session.Events.FetchStreamAsync(accountId, token: cancellation));
        return facts.Count == 0
            ? AccountReading.Unknown
            : Answers.Ok(new ConsentList([.. facts.Consents().Select(ConsentBody.Of)]));
    }
}

/// <summary>Only the learner has a hand in consents.</summary>
internal static class ConsentAccess
{
    /// <summary>Nothing for the learner; 403 for who may see the account, 404 for anybody else.</summary>
    public static Refusal? Refuse(Caller caller, string accountId) =>
        caller.Owns(accountId) ? null
        : caller.Is(CallerRoles.Auditor) ? AccessRefusals.Role(CallerRoles.Learner)
        : AccessRefusals.Unknown("account");
}

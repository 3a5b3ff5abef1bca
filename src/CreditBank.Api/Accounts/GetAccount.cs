using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Accounts;

/// <summary>An account, without who it belongs to.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="OpenedOn">The day it was opened; missing where only own rows are shown.</param>
/// <param name="OpenedBy">The institution that opened it; missing when the bank did.</param>
/// <param name="IdentityProof">How sure the identity is: <c>document</c> or <c>institution</c>.</param>
/// <param name="Sight">How much of it the caller sees: <c>existence</c>, <c>ownRows</c> or <c>whole</c>.</param>
/// <param name="OutcomeCount">How many outcomes the caller sees, withdrawn and revoked ones included.</param>
/// <param name="ChangedAt">When the last thing the caller sees was recorded.</param>
/// <param name="MergedInto">The account that took it over: read and use that one. Missing while it stands.</param>
/// <param name="ErasedOn">The day the person was erased; missing while it is known whose account this is.</param>
/// <param name="Absorbed">The accounts it took over and still has; missing where there are none.</param>
public sealed record AccountBody(
    string AccountId,
    LocalDate? OpenedOn,
    string? OpenedBy,
    string? IdentityProof,
    string Sight,
    int? OutcomeCount,
    Instant? ChangedAt,
    string? MergedInto = null,
    LocalDate? ErasedOn = null,
    IReadOnlyList<string>? Absorbed = null
)
{
    /// <summary>The body of a view.</summary>
    public static AccountBody Of(string accountId, AccountView view)
    {
        var opened = view.Facts[0].Data as AccountOpened;
        var content = view.Sight != Accounts.Sight.Existence;
        var absorbed = view.Facts.Absorbed(accountId);
        return new AccountBody(
            accountId,
            opened?.OpenedOn,
            opened?.OpenedBy,
            opened?.IdentityProof,
            System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(view.Sight.ToString()),
            content ? OutcomeView.Fold(view.Facts, view.EffectiveOn).Count : null,
            content ? view.Facts[^1].RecordedAt : null,
            view.MergedInto,
            view.Facts.ErasedOn(),
            absorbed.Count == 0 ? null : absorbed
        );
    }
}

/// <summary>Shows an account.</summary>
public static class GetAccountEndpoint
{
    /// <summary>
    /// The learner, an auditor, and an institution by consent see the account; without consent an institution sees
    /// its
    /// own rows; who opens accounts sees that it exists.
    /// </summary>
    [WolverineGet("/v1/accounts/{accountId}", OperationId = "getAccount")]
    [Refuses(404, "account.unknown")]
    [AsksAsOf]
    [ProducesResponseType<AccountBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        var (view, refused) = await AccountReading.OpenAsync(
            http,
            books,
            today,
            accountId,
            ConsentScopes.Account,
            cancellation
        );
        if (view is null)
        {
            return refused!;
        }

        var body = AccountBody.Of(accountId, view);
        return view.Sight == Sight.Whole ? Answers.Tagged(http, view.Version, body) : Answers.Ok(body);
    }
}

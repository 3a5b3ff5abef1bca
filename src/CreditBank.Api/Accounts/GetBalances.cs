using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Journal;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Accounts;

/// <summary>
/// Where credit of one unit is. Recorded = available + held + converted + forfeited + expired + revoked + withdrawn.
/// </summary>
/// <param name="Unit">The unit of every amount.</param>
/// <param name="Recorded">What was recorded and recognised, corrections applied.</param>
/// <param name="Available">May be asked for in a transfer.</param>
/// <param name="Held">Set aside for transfers.</param>
/// <param name="Converted">Became credit of programmes.</param>
/// <param name="Forfeited">Lost by rule in a conversion.</param>
/// <param name="Expired">Ended by time.</param>
/// <param name="Revoked">Revoked by issuers.</param>
/// <param name="Withdrawn">Taken back by issuers.</param>
public sealed record UnitBalanceBody(
    string Unit,
    Credits Recorded,
    Credits Available,
    Credits Held,
    Credits Converted,
    Credits Forfeited,
    Credits Expired,
    Credits Revoked,
    Credits Withdrawn
)
{
    /// <summary>The body of the sums.</summary>
    public static UnitBalanceBody Of(UnitBalance sums) =>
        new(
            sums.Unit,
            sums.Recorded,
            sums.Available,
            sums.Held,
            sums.Converted,
            sums.Forfeited,
            sums.Expired,
            sums.Revoked,
            sums.Withdrawn
        );
}

/// <summary>What a programme granted.</summary>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="Amount">In <paramref name="Unit"/>.</param>
/// <param name="Unit">The programme's unit.</param>
public sealed record GrantedBody(string InstitutionId, string ProgrammeId, Credits Amount, string Unit);

/// <summary>An account's balances.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Lines">A line for each source unit, by unit.</param>
/// <param name="Totals">Everything together, in standard credit.</param>
/// <param name="Granted">What programmes granted, by programme and unit.</param>
/// <param name="MergedInto">The account that took it over, with all its credit; missing while it stands.</param>
public sealed record BalancesBody(
    string AccountId,
    IReadOnlyList<UnitBalanceBody> Lines,
    UnitBalanceBody Totals,
    IReadOnlyList<GrantedBody> Granted,
    string? MergedInto = null
)
{
    /// <summary>The body of an account's sums.</summary>
    public static BalancesBody Of(string accountId, Balances balances) =>
        new(
            accountId,
            [
                .. balances
                    .Units.Where(sums => !sums.IsNothing)
                    .OrderBy(sums => sums.Unit, StringComparer.Ordinal)
                    .Select(UnitBalanceBody.Of),
            ],
            UnitBalanceBody.Of(balances.Standard),
            [
                .. balances
                    .Granted.Where(granted => !granted.Amount.IsZero)
                    .OrderBy(granted => granted.Programme, StringComparer.Ordinal)
                    .ThenBy(granted => granted.Unit, StringComparer.Ordinal)
                    .Select(GrantedBodyOf),
            ]
        );

    private static GrantedBody GrantedBodyOf(GrantedBalance granted)
    {
        var slash = granted.Programme.IndexOf('/', StringComparison.Ordinal);
        return new GrantedBody(
            granted.Programme[..slash],
            granted.Programme[(slash + 1)..],
            granted.Amount,
            granted.Unit
        );
    }
}

/// <summary>Shows an account's balances.</summary>
public static class GetBalancesEndpoint
{
    /// <summary>
    /// The balances as they are, or as they were known at an instant and true on a day. A read after a write shows
    /// the
    /// write.
    /// </summary>
    [WolverineGet("/v1/accounts/{accountId}/balances", OperationId = "getBalances")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [AsksAsOf]
    [ProducesResponseType<BalancesBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (!AsOf.TryRead(http, out var asOf, out var wrong))
        {
            return wrong;
        }

        var kept =
            asOf.EffectiveOn is null && AccountReading.SightOf(http.Caller(), accountId) == Sight.Whole
                ? await Kept(accountId, asOf.KnownAt, http, books, cancellation)
                : null;
        return kept ?? await Folded(accountId, http, books, clock, cancellation);
    }

    /// <summary>The answer from stored sums; none where there is nothing in them, or not yet.</summary>
    private static async Task<IResult?> Kept(
        string accountId,
        Instant? knownAt,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        await using var session = books.Read(book);
        if (knownAt is { } at)
        {
            return await Then(accountId, at, http, books, session, book, cancellation);
        }

        if (await StoredBalances.Read(session, book, accountId, cancellation) is not { } balances)
        {
            return AccountReading.Unknown;
        }

        // An account that was taken over has nothing; only of one with nothing is it worth asking.
        return balances.Standard.IsNothing && balances.Units.Count > 0
            ? null
            : Answers.Tagged(http, balances.Version, BalancesBody.Of(accountId, balances));
    }

    private static async Task<IResult?> Then(
        string accountId,
        Instant at,
        HttpContext http,
        LedgerBooks books,
        IQuerySession session,
        string book,
        CancellationToken cancellation
    )
    {
        if (await books.Settled.RefuseAsync(session, at, cancellation) is not null)
        {
            return null;
        }

        var balances = await PastBalances.Read(session, book, accountId, at, cancellation);
        return balances is null || balances.Standard.IsNothing
            ? null
            : Answers.Tagged(http, balances.Version, BalancesBody.Of(accountId, balances));
    }

    private static async Task<IResult> Folded(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        var (view, refused) = await AccountReading.OpenContentAsync(
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

        var balances = Balances.Of(view.Facts.Select(fact => fact.Data), view.EffectiveOn);
        var body = BalancesBody.Of(accountId, balances) with { MergedInto = view.MergedInto };
        return view.Sight == Sight.Whole ? Answers.Tagged(http, view.Version, body) : Answers.Ok(body);
    }
}

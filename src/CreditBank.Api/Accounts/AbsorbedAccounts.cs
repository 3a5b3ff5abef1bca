using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;

namespace CreditBank.Api.Accounts;

/// <summary>Who had two accounts that were merged may read both, with a token for the survivor.</summary>
internal static class AbsorbedAccounts
{
    /// <summary>
    /// The caller of this request, who from here on also owns the account when it was merged into its own. Looks only
    /// when a learner asks for an account that is not the one in the token.
    /// </summary>
    public static async Task<Caller> CallerOn(
        HttpContext http,
        LedgerBooks books,
        string accountId,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (
            !caller.Is(CallerRoles.Learner)
            || caller.AccountId is null
            || caller.Owns(accountId)
            || !books.TryBookOf(accountId, LedgerIdKind.Account, out var book)
        )
        {
            return caller;
        }

        await using var session = books.Read(book);
        if ((await session.LoadAsync<Person>(accountId, cancellation))?.MergedInto != caller.AccountId)
        {
            return caller;
        }

        var both = caller with { AbsorbedId = accountId };
        http.Features.Set(both);
        return both;
    }

    /// <summary>
    /// The learner's own account and those that were merged into it, for lists of what stands in either; none for who
    /// has no account.
    /// </summary>
    public static async Task<string[]> OfLearner(Caller caller, LedgerBooks books, CancellationToken cancellation)
    {
        if (caller.AccountId is not { } accountId || !books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return [];
        }

        await using var session = books.Read(book);
        var account = await session.Events.AggregateStreamAsync<Account>(accountId, token: cancellation);
        return account is null ? [] : [.. account.WithAbsorbed];
    }
}

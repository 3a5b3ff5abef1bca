using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Kernel;

namespace CreditBank.Api.Accounts;

/// <summary>
/// Nobody decides about the own account (INV-14), whichever roles the token carries and whoever asked for the decision.
/// </summary>
internal static class OwnAffairs
{
    /// <summary>Why the caller may not decide about an account; none when it is somebody else's.</summary>
    /// <param name="caller">Who would decide.</param>
    /// <param name="accountId">The account, or one that was merged into another.</param>
    /// <param name="books">The books.</param>
    /// <param name="vault">Knows whose subject was bound to which account.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<Refusal?> RefuseAsync(
        Caller caller,
        string accountId,
        LedgerBooks books,
        IdentityVault vault,
        CancellationToken cancellation
    )
    {
        string?[] own = [caller.AccountId, await vault.AccountOfSubject(caller.ActorId, cancellation)];
        if (own.All(mine => mine is null))
        {
            return null;
        }

        await using var session = books.Read(books.BookOf(accountId));
        var survivorId = (await session.LoadAsync<Person>(accountId, cancellation))?.MergedInto;
        return own.Any(mine => mine is not null && (mine == accountId || mine == survivorId))
            ? AccessRefusals.OwnAccount
            : null;
    }
}

using CreditBank.Api.Infrastructure.Vault;

namespace CreditBank.Api.KeyRotation;

/// <summary>
/// Persons: their key is wrapped anew, their name gets its new tag, and the claim on their identity moves to the book
/// of its new tag, all in one commit.
/// </summary>
internal sealed class PersonPass(VaultKeys keys, IdentityVault vault) : IKeyPass
{
    public string What => "persons";

    public Type Kind => typeof(Person);

    public async Task<PassedBatch> NextAsync(
        RotationBatch batch,
        string after,
        int count,
        CancellationToken cancellation
    )
    {
        var stale = await batch.StaleAsync<Person>(keys.Data.Current.Number, after, count, cancellation);
        if (stale.Count == 0)
        {
            return new PassedBatch(0, after);
        }

        var changed = stale.Select(vault.ChangedTagsOf).ToList();
        var claims = await batch.TakeAsync<IdentityClaim>(
            changed.Select(tags => tags.Before).GroupBy(vault.BookOfIdentity),
            cancellation
        );
        var byTag = changed.ToDictionary(tags => tags.Before, StringComparer.Ordinal);
        await batch.InsertAsync(
            claims.Select(claim => Moved(claim, byTag[claim.Id])).GroupBy(claim => vault.BookOfIdentity(claim.Id)),
            claim => claim.Id,
            cancellation
        );
        await batch.ChangeAsync<Person>(
            batch.Book,
            [.. stale.Select(person => person.Id)],
            [.. stale.Zip(changed, (person, tags) => KeyChange.Of(keys.Rewrap(person.WrappedKey), tags.NameTag))],
            cancellation
        );
        return new PassedBatch(stale.Count, stale[^1].Id, stale.Count - claims.Count);
    }

    private static IdentityClaim Moved(IdentityClaim claim, ChangedTags tags) =>
        new()
        {
            Id = tags.After,
            AccountId = claim.AccountId,
            ClaimedForId = claim.ClaimedForId,
            NameTag = tags.NameTag,
        };
}

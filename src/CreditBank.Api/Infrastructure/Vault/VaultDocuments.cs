namespace CreditBank.Api.Infrastructure.Vault;

/// <summary>
/// Who an account belongs to, encrypted under a key of its own. Erasing a person deletes this and the claims below;
/// no event, hash or balance changes. In the account's book.
/// </summary>
public sealed class Person
{
    /// <summary>The account.</summary>
    public required string Id { get; init; }

    /// <summary>The person's key, wrapped by the vault's.</summary>
    public required byte[] WrappedKey { get; init; }

    /// <summary>Identity and name, sealed.</summary>
    public required byte[] SealedIdentity { get; init; }

    /// <summary>The name as compared with records, keyed; none when no name was given.</summary>
    public string? NameTag { get; init; }

    /// <summary>
    /// The account that took this one over: records that name this one go there. None while it stands.
    /// </summary>
    public string? MergedInto { get; init; }

    /// <summary>The same person, whose account another took over, or stands again.</summary>
    public Person With(string? mergedInto) =>
        new()
        {
            Id = Id,
            WrappedKey = WrappedKey,
            SealedIdentity = SealedIdentity,
            NameTag = NameTag,
            MergedInto = mergedInto,
        };
}

/// <summary>Claims an identity for one account, in the book of the identity's own bucket.</summary>
public sealed class IdentityClaim
{
    /// <summary>The keyed hash of the identity.</summary>
    public required string Id { get; init; }

    /// <summary>The account; after a merge the one that took over.</summary>
    public required string AccountId { get; init; }

    /// <summary>The account it was claimed for before a merge; none where it was claimed for this one.</summary>
    public string? ClaimedForId { get; init; }

    /// <summary>The name as compared with records, keyed; none when no name was given.</summary>
    public string? NameTag { get; init; }
}

/// <summary>Ties a token's subject to an account, in the book of the subject's own bucket.</summary>
public sealed class SubjectBinding
{
    /// <summary>The subject's pseudonym.</summary>
    public required string Id { get; init; }

    /// <summary>The account; after a merge the one that took over.</summary>
    public required string AccountId { get; init; }

    /// <summary>The account it was bound to before a merge; none where it was bound to this one.</summary>
    public string? BoundToId { get; init; }
}

/// <summary>
/// Words that people wrote, sealed under the person's key; events name it by its id. In the account's book.
/// </summary>
public sealed class Note
{
    /// <summary>Random.</summary>
    public required string Id { get; init; }

    /// <summary>Whose key seals it.</summary>
    public required string AccountId { get; init; }

    /// <summary>The words, sealed.</summary>
    public required byte[] SealedText { get; init; }
}

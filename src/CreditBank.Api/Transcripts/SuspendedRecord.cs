using System.Text.Json;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Outcomes;

namespace CreditBank.Api.Transcripts;

/// <summary>
/// A record whose person has no account yet, or whose name is clearly another's. Sealed under a key made for that
/// person; becomes an outcome when the account opens. In the book of the person's tag.
/// </summary>
public sealed class SuspendedRecord
{
    /// <summary>The record's claim.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is: the key of <see cref="SuspendedPerson"/>.</summary>
    public required string PersonTag { get; init; }

    /// <summary>The issuer.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>The transcript it came with.</summary>
    public required string TranscriptId { get; init; }

    /// <summary>The record as it was sent, sealed.</summary>
    public required byte[] SealedRecord { get; init; }

    /// <summary>The record as it was sent.</summary>
    internal RecordBody Open(VaultKeys keys, SuspendedPerson person) =>
        JsonSerializer.Deserialize<RecordBody>(
            keys.Open(person.WrappedKey, SealedRecord, SuspendedPerson.Purpose + Id),
            RecordJson.Options
        )!;

    /// <summary>The same record, found under another tag of its person.</summary>
    internal SuspendedRecord With(string personTag) =>
        new()
        {
            Id = Id,
            PersonTag = personTag,
            InstitutionId = InstitutionId,
            TranscriptId = TranscriptId,
            SealedRecord = SealedRecord,
        };
}

/// <summary>
/// The key under which a person's suspended records are sealed, in the book of the person's tag. Destroying it makes
/// them unreadable.
/// </summary>
public sealed class SuspendedPerson
{
    /// <summary>The kind in <c>LedgerBooks.BookOfKey</c>; the same bucket as the identity's claim.</summary>
    public const string KeyKind = IdentityVault.IdentityKey;

    /// <summary>What the seal of a record is bound to, before its id.</summary>
    public const string Purpose = "suspended-record";

    /// <summary>The tag of the identity, or of the account where the issuer named one.</summary>
    public required string Id { get; init; }

    /// <summary>The person's key, wrapped by the vault's.</summary>
    public required byte[] WrappedKey { get; init; }
}

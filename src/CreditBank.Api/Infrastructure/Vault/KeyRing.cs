namespace CreditBank.Api.Infrastructure.Vault;

/// <summary>
/// The bank's own keys as the database keeps them: sealed under the master key. One document, in the registry book.
/// While one master key takes another's place it is sealed under both.
/// </summary>
public sealed class KeyRing
{
    /// <summary>The only ring's id.</summary>
    public const string Key = "ring";

    /// <summary>Always <see cref="Key"/>.</summary>
    public string Id { get; init; } = Key;

    /// <summary>The same keys under each master key that opens them.</summary>
    public required IReadOnlyList<SealedRing> Copies { get; init; }

    /// <summary>The current generation of the keys that rotate, from 1.</summary>
    public required int Generation { get; init; }

    /// <summary>Whether the generation before is still in use: a rotation began and has not ended.</summary>
    public required bool IsRotating { get; init; }
}

/// <summary>A copy of the keys under one master key.</summary>
/// <param name="MasterKeyName">See <see cref="MasterKey.Name"/>.</param>
/// <param name="SealedKeys">AES-256-GCM, see <see cref="Sealing"/>.</param>
public sealed record SealedRing(string MasterKeyName, byte[] SealedKeys);

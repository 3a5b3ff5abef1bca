namespace CreditBank.Api.Evidence;

/// <summary>
/// A piece of evidence, named by what it is. Its bytes may show a person, so they are sealed under a key of their
/// own. In the book of the hash's bucket; never changed.
/// </summary>
public sealed class EvidenceRecord
{
    /// <summary>SHA-256 of its bytes, lower-case hexadecimal.</summary>
    public required string Id { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required int Bytes { get; init; }

    /// <summary>Its key, wrapped by the vault's.</summary>
    public required byte[] WrappedKey { get; init; }

    /// <summary>How many <see cref="EvidencePart"/>s it has.</summary>
    public required int Parts { get; init; }
}

/// <summary>Some of the bytes of a piece of evidence, sealed. Beside its record.</summary>
public sealed class EvidencePart
{
    /// <summary>The evidence's hash, a slash and the part's number, from 0.</summary>
    public required string Id { get; init; }

    /// <summary>The bytes, sealed under the evidence's key.</summary>
    public required byte[] Sealed { get; init; }

    /// <summary>The id of a part; also what its seal is bound to.</summary>
    public static string IdOf(string sha256, int part) => $"{sha256}/{part}";
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CreditBank.Api.Infrastructure.Vault;

/// <summary>
/// The one key that is kept outside of the database. It seals the ring of the bank's own keys and nothing else, so
/// another one takes its place by sealing one row again (decision 0015).
/// </summary>
public sealed class MasterKey
{
    /// <summary>Its length in bytes.</summary>
    public const int Bytes = 32;

    private const string RingPurpose = "key-ring";
    private readonly byte[] key;

    /// <summary>Takes the key.</summary>
    /// <param name="key">32 bytes from a cryptographic source.</param>
    public MasterKey(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Bytes);
        this.key = key.ToArray();
        Name = "mk-" + Convert.ToHexStringLower(Derive("creditbank/v1/master-key-name").AsSpan(0, 8));
        Development = Derive("creditbank/v1/development-tokens");
    }

    /// <summary>
    /// What messages call it: <c>mk-</c> and 16 lower-case hexadecimal digits, derived (HKDF, RFC 5869), so that the
    /// name tells nothing about the key.
    /// </summary>
    public string Name { get; }

    /// <summary>The key that signs development tokens; used only in the embedded trial mode.</summary>
    public byte[] Development { get; }

    /// <summary>Seals the bank's keys.</summary>
    internal byte[] Seal(DataKeys keys) =>
        Sealing.Seal(Derive("creditbank/v1/key-ring"), JsonSerializer.SerializeToUtf8Bytes(keys), RingPurpose);

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <exception cref="CryptographicException">Another key sealed it, or it was altered.</exception>
    internal DataKeys Open(byte[] sealedKeys) =>
        JsonSerializer.Deserialize<DataKeys>(Sealing.Open(Derive("creditbank/v1/key-ring"), sealedKeys, RingPurpose))!;

    /// <summary>
    /// The keys of a bank without a ring. They derive from the master key, as they did before there were rings, so
    /// that what such a bank keeps stays as it is.
    /// </summary>
    internal DataKeys FirstKeys() =>
        new(
            new KeyGeneration(1, Derive("creditbank/v1/wrapping"), Derive("creditbank/v1/identity-lookup")),
            Before: null,
            Records: Derive("creditbank/v1/identity-lookup"),
            Content: Derive("creditbank/v1/content-comparison"),
            Pseudonym: Derive("creditbank/v1/pseudonym")
        );

    private byte[] Derive(string purpose)
    {
        var derived = new byte[Bytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, [], Encoding.UTF8.GetBytes(purpose));
        return derived;
    }
}

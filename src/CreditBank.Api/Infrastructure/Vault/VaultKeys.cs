using System.Security.Cryptography;
using System.Text;

namespace CreditBank.Api.Infrastructure.Vault;

/// <summary>
/// The keys of the identity vault, derived from one master key (HKDF, RFC 5869): one wraps persons' keys, one looks
/// identities up, one compares contents, one makes pseudonyms. They stay in memory.
/// </summary>
public sealed class VaultKeys
{
    /// <summary>The master key's length in bytes.</summary>
    public const int MasterKeyBytes = 32;

    private readonly byte[] wrapping;
    private readonly byte[] lookup;
    private readonly byte[] content;
    private readonly byte[] pseudonym;

    /// <summary>Derives the keys.</summary>
    /// <param name="masterKey">32 bytes from a cryptographic source.</param>
    public VaultKeys(ReadOnlySpan<byte> masterKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(masterKey.Length, MasterKeyBytes);
        wrapping = Derive(masterKey, "creditbank/v1/wrapping");
        lookup = Derive(masterKey, "creditbank/v1/identity-lookup");
        content = Derive(masterKey, "creditbank/v1/content-comparison");
        pseudonym = Derive(masterKey, "creditbank/v1/pseudonym");
        Development = Derive(masterKey, "creditbank/v1/development-tokens");
    }

    /// <summary>The key that signs development tokens; used only in the embedded trial mode.</summary>
    public byte[] Development { get; }

    /// <summary>The key under which an identity is found: 32 lower-case hexadecimal digits.</summary>
    public string LookupTag(string text) => Tag(lookup, text);

    /// <summary>The tag by which the contents of two records are compared without keeping them.</summary>
    public string ContentTag(string text) => Tag(content, text);

    /// <summary>The pseudonym of a token's subject.</summary>
    public string Pseudonym(string issuer, string subject) => "act-" + Tag(pseudonym, issuer + "\n" + subject)[..20];

    /// <summary>A new key for one person or one piece of evidence, wrapped.</summary>
    public byte[] NewWrappedKey() => Sealing.Seal(wrapping, RandomNumberGenerator.GetBytes(32), "person-key");

    /// <summary>Encrypts a text under a person's key.</summary>
    /// <param name="wrappedKey">The person's key as it is stored.</param>
    /// <param name="text">What to encrypt.</param>
    /// <param name="purpose">Bound to the ciphertext; opening needs the same.</param>
    public byte[] Seal(byte[] wrappedKey, string text, string purpose) =>
        Sealing.Seal(Unwrap(wrappedKey), Encoding.UTF8.GetBytes(text), purpose);

    /// <summary>Decrypts what <see cref="Seal"/> made.</summary>
    /// <exception cref="CryptographicException">It was altered, or key or purpose differ.</exception>
    public string Open(byte[] wrappedKey, byte[] sealedText, string purpose) =>
        Encoding.UTF8.GetString(Sealing.Open(Unwrap(wrappedKey), sealedText, purpose));

    /// <summary>Encrypts bytes under a wrapped key, such as a piece of evidence under its own.</summary>
    public byte[] SealBytes(byte[] wrappedKey, ReadOnlySpan<byte> plain, string purpose) =>
        Sealing.Seal(Unwrap(wrappedKey), plain, purpose);

    /// <summary>Decrypts what <see cref="SealBytes"/> made.</summary>
    /// <exception cref="CryptographicException">It was altered, or key or purpose differ.</exception>
    public byte[] OpenBytes(byte[] wrappedKey, ReadOnlySpan<byte> sealedBytes, string purpose) =>
        Sealing.Open(Unwrap(wrappedKey), sealedBytes, purpose);

    private byte[] Unwrap(byte[] wrappedKey) => Sealing.Open(wrapping, wrappedKey, "person-key");

    private static string Tag(byte[] key, string text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    private static byte[] Derive(ReadOnlySpan<byte> masterKey, string purpose)
    {
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey, key, [], Encoding.UTF8.GetBytes(purpose));
        return key;
    }
}

using System.Security.Cryptography;
using System.Text;

namespace CreditBank.Api.Infrastructure.Vault;

/// <summary>
/// The keys of the identity vault: one wraps persons' keys, one finds identities, one claims records, one compares
/// contents, one makes pseudonyms. The ring keeps them (<see cref="KeyRingStore"/>); opened, they stay in memory.
/// </summary>
public sealed class VaultKeys(MasterKey master)
{
    private DataKeys? opened;

    /// <summary>Takes a master key; the ring is opened with it at start.</summary>
    /// <param name="masterKey">32 bytes from a cryptographic source.</param>
    public VaultKeys(ReadOnlySpan<byte> masterKey)
        : this(new MasterKey(masterKey)) { }

    /// <summary>The key that opens the ring.</summary>
    public MasterKey Master => master;

    /// <summary>The keys themselves.</summary>
    internal DataKeys Data => opened ?? throw new InvalidOperationException("The ring of keys is not open yet.");

    /// <summary>Takes the keys that the ring holds.</summary>
    internal void Open(DataKeys keys) => opened = keys;

    /// <summary>
    /// The tag under which an identity is found, or a name compared: 32 lower-case hexadecimal digits. Another after a
    /// rotation.
    /// </summary>
    public string IdentityTag(string text) => Tag(Data.Current.Identity, text);

    /// <summary>The same under the keys that a rotation replaces.</summary>
    internal string IdentityTagBefore(string text) => Tag(Data.Before!.Identity, text);

    /// <summary>The tag under which a record or certificate is claimed for ever: 32 hexadecimal digits.</summary>
    public string LookupTag(string text) => Tag(Data.Records, text);

    /// <summary>The tag by which the contents of two records are compared without keeping them.</summary>
    public string ContentTag(string text) => Tag(Data.Content, text);

    /// <summary>The pseudonym of a token's subject.</summary>
    public string Pseudonym(string issuer, string subject) =>
        "act-" + Tag(Data.Pseudonym, issuer + "\n" + subject)[..20];

    /// <summary>A new key for one person or one piece of evidence, wrapped.</summary>
    public byte[] NewWrappedKey() => WrappedKey.Wrap(Data.Current, RandomNumberGenerator.GetBytes(32));

    /// <summary>The same key, wrapped under the current generation.</summary>
    internal byte[] Rewrap(byte[] wrappedKey) => WrappedKey.Wrap(Data.Current, Unwrap(wrappedKey));

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

    private byte[] Unwrap(byte[] wrappedKey) => WrappedKey.Unwrap(Data, wrappedKey);

    private static string Tag(byte[] key, string text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToHexStringLower(hash[..16]);
    }
}

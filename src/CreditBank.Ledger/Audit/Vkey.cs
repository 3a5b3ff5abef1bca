using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// A key that checks signatures of notes, with the name that goes with it: C2SP signed-note, "Verifier keys". Its text
/// is <c>name+keyid+base64</c>. Two keys are equal when name, type and key are.
/// </summary>
public sealed record Vkey
{
    private const int IdBytes = 4;
    private readonly PublicKey key;

    internal Vkey(string name, NoteKeyType type, PublicKey key)
    {
        (Name, Type, this.key) = (name, type, key);
        Id = IdOf(name, type, PublicKey.Span);
    }

    /// <summary>The name of the key; for a log, its origin.</summary>
    public string Name { get; }

    /// <summary>What it signs.</summary>
    public NoteKeyType Type { get; }

    /// <summary>The first four bytes, big-endian, of the SHA-256 over name, newline, type and key.</summary>
    public uint Id { get; }

    /// <summary>The 32 bytes of the public key (RFC 8032).</summary>
    public ReadOnlyMemory<byte> PublicKey => key.Export(KeyBlobFormat.RawPublicKey);

    /// <summary>A key from its parts.</summary>
    /// <param name="name">Not empty, without spaces and plus signs.</param>
    /// <param name="type">What it signs.</param>
    /// <param name="publicKey">32 bytes.</param>
    /// <exception cref="ArgumentException">The name or the key is none.</exception>
    public static Vkey Create(string name, NoteKeyType type, ReadOnlySpan<byte> publicKey)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!NoteText.IsKeyName(name))
        {
            throw new ArgumentException("A key name has no spaces and no plus.", nameof(name));
        }

        return
            NSec.Cryptography.PublicKey.TryImport(
                SignatureAlgorithm.Ed25519,
                publicKey,
                KeyBlobFormat.RawPublicKey,
                out var key
            ) && key is not null
            ? new Vkey(name, type, key)
            : throw new ArgumentException("A public key of Ed25519 has 32 bytes.", nameof(publicKey));
    }

    /// <summary>Reads the text of a key, in the one spelling that <see cref="ToString"/> gives.</summary>
    /// <param name="text">Without white space around.</param>
    /// <param name="vkey">The key, when true.</param>
    /// <param name="problemCode">
    /// <see cref="AuditProblem.KeyMalformed"/> or <see cref="AuditProblem.KeyType"/>, when false.
    /// </param>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out Vkey? vkey,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        vkey = null;
        problemCode = AuditProblem.KeyMalformed;
        if (
            text?.Split('+', 3) is not [var name, _, var base64]
            || !NoteText.IsKeyName(name)
            || !Base64Text.TryDecode(base64, out var bytes)
            || bytes.Length == 0
        )
        {
            return false;
        }

        var type = (NoteKeyType)bytes[0];
        if (type is not (NoteKeyType.Ed25519 or NoteKeyType.Cosignature))
        {
            problemCode = AuditProblem.KeyType;
            return false;
        }

        var raw = bytes.AsSpan(1);
        if (raw.Length == SignatureAlgorithm.Ed25519.PublicKeySize)
        {
            vkey = Create(name, type, raw);
        }

        problemCode = vkey?.ToString() == text ? null : AuditProblem.KeyMalformed;
        return problemCode is null;
    }

    /// <summary>The text of the key: <c>name+keyid+base64</c>, the key id in eight small hexadecimal digits.</summary>
    public override string ToString() =>
        $"{Name}+{Id.ToString("x8", CultureInfo.InvariantCulture)}+"
        + Convert.ToBase64String([(byte)Type, .. PublicKey.Span]);

    /// <summary>
    /// Whether these bytes were signed with the private half (RFC 8032). Where implementations disagree, this is
    /// strict: nothing of low order and nothing that is not canonical verifies.
    /// </summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureAlgorithm.Ed25519.SignatureSize
        && SignatureAlgorithm.Ed25519.Verify(key, message, signature);

    private static uint IdOf(string name, NoteKeyType type, ReadOnlySpan<byte> publicKey)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. NoteText.ToBytes(name), (byte)'\n', (byte)type, .. publicKey], hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash[..IdBytes]);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using NodaTime;
using NSec.Cryptography;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// A private key that signs notes. Its text, <c>PRIVATE+KEY+name+keyid+base64</c>, is the form that the Go team's note
/// package reads and writes; it is a secret. <see cref="ToString"/> does not show it.
/// </summary>
public sealed class NoteSigner : IDisposable
{
    private const string Prefix = "PRIVATE+KEY+";

    private readonly Key key;

    private NoteSigner(string name, NoteKeyType type, Key key)
    {
        this.key = key;
        Vkey = new Vkey(name, type, key.PublicKey);
    }

    /// <summary>The public half, to give to everyone.</summary>
    public Vkey Vkey { get; }

    /// <summary>A key from its seed.</summary>
    /// <param name="name">Not empty, without spaces and plus signs; for a log, its origin.</param>
    /// <param name="type">What it will sign.</param>
    /// <param name="seed">The 32 bytes of an Ed25519 private key (RFC 8032), from a cryptographic source.</param>
    /// <exception cref="ArgumentException">The name or the seed is none.</exception>
    public static NoteSigner FromSeed(string name, NoteKeyType type, ReadOnlySpan<byte> seed)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!NoteText.IsKeyName(name))
        {
            throw new ArgumentException("A key name has no spaces and no plus.", nameof(name));
        }

        var exportable = new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        return
            Key.TryImport(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey, out var key, exportable)
            && key is not null
            ? new NoteSigner(name, type, key)
            : throw new ArgumentException("A seed of Ed25519 has 32 bytes.", nameof(seed));
    }

    /// <summary>Reads the secret text of a key.</summary>
    /// <param name="text">Without white space around.</param>
    /// <param name="signer">The key, when true; to be disposed.</param>
    /// <param name="problemCode">
    /// <see cref="AuditProblem.KeyMalformed"/> or <see cref="AuditProblem.KeyType"/>, when false.
    /// </param>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out NoteSigner? signer,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        signer = null;
        problemCode = AuditProblem.KeyMalformed;
        if (
            text is null
            || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text[Prefix.Length..].Split('+', 3) is not [var name, var id, var base64]
            || !NoteText.IsKeyName(name)
            || !Base64Text.TryDecode(base64, out var bytes)
            || bytes.Length != 1 + SignatureAlgorithm.Ed25519.PrivateKeySize
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

        var read = FromSeed(name, type, bytes.AsSpan(1));
        if (read.Vkey.Id.ToString("x8", CultureInfo.InvariantCulture) != id)
        {
            read.Dispose();
            return false;
        }

        (signer, problemCode) = (read, null);
        return true;
    }

    /// <summary>The secret text, to be kept where only the operator reads it.</summary>
    public string ToSecretText() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Vkey.Name}+{Vkey.Id:x8}+")
        + Convert.ToBase64String([(byte)Vkey.Type, .. key.Export(KeyBlobFormat.RawPrivateKey)]);

    /// <summary>Signs the text of a note.</summary>
    /// <exception cref="InvalidOperationException">The key is a witness's, which only cosigns.</exception>
    public NoteSignature Sign(string text)
    {
        Require(NoteKeyType.Ed25519);
        return new NoteSignature(Vkey.Name, Vkey.Id, SignatureAlgorithm.Ed25519.Sign(key, NoteText.ToBytes(text)));
    }

    /// <summary>Cosigns a checkpoint as the largest consistent one seen at an instant; whole seconds count.</summary>
    /// <exception cref="InvalidOperationException">The key is no witness's.</exception>
    public NoteSignature Cosign(Checkpoint checkpoint, Instant at)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfLessThan(at, NodaConstants.UnixEpoch);
        Require(NoteKeyType.Cosignature);
        var seconds = at.ToUnixTimeSeconds();
        var message = NoteSignature.CosignedMessage(checkpoint.Text, seconds);
        var signature = SignatureAlgorithm.Ed25519.Sign(key, message);
        return new NoteSignature(Vkey.Name, Vkey.Id, NoteSignature.WithTime(seconds, signature));
    }

    /// <summary>The public half; never the secret.</summary>
    public override string ToString() => Vkey.ToString();

    /// <summary>Wipes the private key from memory.</summary>
    public void Dispose() => key.Dispose();

    private void Require(NoteKeyType type)
    {
        if (Vkey.Type != type)
        {
            throw new InvalidOperationException($"The key {Vkey.Name} is of type {Vkey.Type}.");
        }
    }
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace CreditBank.Ledger.Audit;

/// <summary>One signature line of a note; whose it is is only claimed until it has been verified.</summary>
/// <param name="KeyName">The name of the key.</param>
/// <param name="KeyId">The id of the key.</param>
/// <param name="Bytes">What follows the key id; for a cosignature its time and then 64 bytes.</param>
public sealed record NoteSignature(string KeyName, uint KeyId, ReadOnlyMemory<byte> Bytes)
{
    private const string Mark = "\u2014 ";
    private const int TimeBytes = sizeof(ulong);
    private static readonly long TimeMax = Instant.MaxValue.ToUnixTimeSeconds();

    /// <summary>The line as it stands in the note, without its newline.</summary>
    public string Line
    {
        get
        {
            var bytes = new byte[sizeof(uint) + Bytes.Length];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
            Bytes.Span.CopyTo(bytes.AsSpan(sizeof(uint)));
            return $"{Mark}{KeyName} {Convert.ToBase64String(bytes)}";
        }
    }

    /// <summary>Reads a line without its newline.</summary>
    public static bool TryParse(string line, [NotNullWhen(true)] out NoteSignature? signature)
    {
        ArgumentNullException.ThrowIfNull(line);
        signature = null;
        if (
            line.StartsWith(Mark, StringComparison.Ordinal)
            && line[Mark.Length..].Split(' ') is [var name, var base64]
            && NoteText.IsKeyName(name)
            && Base64Text.TryDecode(base64, out var bytes)
            && bytes.Length > sizeof(uint)
        )
        {
            var id = BinaryPrimitives.ReadUInt32BigEndian(bytes);
            signature = new NoteSignature(name, id, bytes.AsMemory(sizeof(uint)));
        }

        return signature is not null;
    }

    /// <summary>A cosignature's bytes from its parts.</summary>
    internal static byte[] WithTime(long seconds, ReadOnlySpan<byte> signature)
    {
        var bytes = new byte[TimeBytes + signature.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, seconds);
        signature.CopyTo(bytes.AsSpan(TimeBytes));
        return bytes;
    }

    /// <summary>What a cosigner signs: two lines of its own, then the text (C2SP tlog-cosignature).</summary>
    internal static byte[] CosignedMessage(string text, long seconds) =>
        NoteText.ToBytes(FormattableString.Invariant($"cosignature/v1\ntime {seconds}\n{text}"));

    /// <summary>Checks it against the key that it names.</summary>
    internal bool TryVerify(string text, Vkey key, [NotNullWhen(true)] out VerifiedSignature? verified)
    {
        verified = null;
        if (key.Type == NoteKeyType.Ed25519)
        {
            verified = key.Verify(NoteText.ToBytes(text), Bytes.Span) ? new VerifiedSignature(key, null) : null;
        }
        else if (Bytes.Length > TimeBytes && TryReadTime(out var seconds))
        {
            var isRight = key.Verify(CosignedMessage(text, seconds), Bytes.Span[TimeBytes..]);
            verified = isRight ? new VerifiedSignature(key, Instant.FromUnixTimeSeconds(seconds)) : null;
        }

        return verified is not null;
    }

    /// <summary>False for a time after the year 9999, which no honest clock shows.</summary>
    private bool TryReadTime(out long seconds)
    {
        seconds = BinaryPrimitives.ReadInt64BigEndian(Bytes.Span);
        return seconds >= 0 && seconds <= TimeMax;
    }
}

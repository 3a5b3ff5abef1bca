using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// Reads a leaf that is in its canonical bytes, in one pass and without a JSON reader. It answers yes only when the
/// bytes are exactly those that <see cref="LeafWriter"/> would write; no means only that the slower way must decide,
/// which it does for texts with escapes, names that are not ASCII, and numbers of sixteen digits. One object serves any
/// number of leaves; not for several threads at once.
/// </summary>
public sealed class LeafScanner
{
    private const int DepthMax = 60;
    private const int DigitsMax = 15;
    private static readonly SearchValues<byte> EndsText = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(character => (byte)character),
        (byte)'"',
        (byte)'\\',
    ]);

    // The same few texts stand in every leaf of a book, or in leaves that stand together.
    private readonly Kept actor = new();
    private readonly Kept book = new();
    private readonly Kept causation = new();
    private readonly Kept correlation = new();
    private readonly Kept stream = new();
    private readonly Kept type = new();

    /// <summary>Reads a leaf.</summary>
    /// <param name="bytes">The whole leaf; the payload is not copied.</param>
    /// <param name="leaf">The leaf, when true.</param>
    public bool TryScan(ReadOnlyMemory<byte> bytes, out Leaf leaf)
    {
        leaf = default;
        if (!Utf8.IsValid(bytes.Span))
        {
            return false;
        }

        var at = new Cursor(bytes.Span);
        if (
            !at.Skip("{\"actor\":"u8)
            || !TryOptional(ref at, actor)
            || !at.Skip(",\"book\":"u8)
            || !TryText(ref at, book)
            || !at.Skip(",\"causationId\":"u8)
            || !TryOptional(ref at, causation)
            || !at.Skip(",\"correlationId\":"u8)
            || !TryOptional(ref at, correlation)
            || !at.Skip(",\"data\":"u8)
        )
        {
            return false;
        }

        var from = at.Position;
        if (!TrySkipValue(ref at, 0))
        {
            return false;
        }

        var data = bytes[from..at.Position];
        if (!TryPlace(ref at, out var envelope))
        {
            return false;
        }

        leaf = new Leaf(envelope, data, null);
        return true;
    }

    private bool TryPlace(ref Cursor at, out EventEnvelope envelope)
    {
        envelope = default;
        if (
            !at.Skip(",\"eventId\":\""u8)
            || !TryId(ref at, out var id)
            || !at.Skip("\",\"format\":1,\"recordedAtMicroseconds\":"u8)
            || !TryNumber(ref at, out var recordedAt)
            || !at.Skip(",\"schemaVersion\":"u8)
            || !TryNumber(ref at, out var schema)
            || !at.Skip(",\"sequence\":"u8)
            || !TryNumber(ref at, out var sequence)
            || !at.Skip(",\"stream\":"u8)
            || !TryText(ref at, stream)
            || !at.Skip(",\"type\":"u8)
            || !TryText(ref at, type)
            || !at.Skip(",\"version\":"u8)
            || !TryNumber(ref at, out var version)
            || !at.Skip("}"u8)
            || !at.IsAtEnd
            || schema != Leaf.SchemaVersionOf(type.Text!)
        )
        {
            return false;
        }

        envelope = new EventEnvelope(
            book.Text!,
            sequence,
            id,
            stream.Text!,
            version,
            type.Text!,
            recordedAt,
            actor.Text,
            correlation.Text,
            causation.Text
        );
        return true;
    }

    private static bool TryOptional(ref Cursor at, Kept kept)
    {
        if (!at.Skip("null"u8))
        {
            return TryText(ref at, kept);
        }

        kept.Forget();
        return true;
    }

    private static bool TryText(ref Cursor at, Kept kept)
    {
        if (!TryBytes(ref at, out var bytes))
        {
            return false;
        }

        kept.Keep(bytes);
        return true;
    }

    private static bool TryBytes(scoped ref Cursor at, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!at.Skip("\""u8))
        {
            return false;
        }

        var length = at.Rest.IndexOfAny(EndsText);
        if (length < 0 || at.Rest[length] != '"')
        {
            return false;
        }

        bytes = at.Rest[..length];
        at.Position += length + 1;
        return true;
    }

    private static bool TryId(ref Cursor at, out Guid id)
    {
        const int Length = 36;
        id = default;
        var read =
            at.Rest.Length >= Length
            && !at.Rest[..Length].ContainsAnyInRange((byte)'A', (byte)'F')
            && Utf8Parser.TryParse(at.Rest[..Length], out id, out var consumed)
            && consumed == Length;
        at.Position += read ? Length : 0;
        return read;
    }

    private static bool TryNumber(ref Cursor at, out long number)
    {
        number = 0;
        var digits = at.Rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is <= 0 or > DigitsMax + 1 || (digits > 1 && at.Rest[0] == '0'))
        {
            return false;
        }

        foreach (var digit in at.Rest[..digits])
        {
            number = number * 10 + (digit - '0');
        }

        at.Position += digits;
        return number <= CanonicalJson.IntegerMax;
    }

    private static bool TrySkipValue(ref Cursor at, int depth)
    {
        if (at.IsAtEnd || depth > DepthMax)
        {
            return false;
        }

        switch (at.Rest[0])
        {
            case (byte)'"':
                return TryBytes(ref at, out _);
            case (byte)'{':
                return TrySkipObject(ref at, depth + 1);
            case (byte)'[':
                return TrySkipArray(ref at, depth + 1);
            case (byte)'t':
                return at.Skip("true"u8);
            case (byte)'f':
                return at.Skip("false"u8);
            case (byte)'n':
                return at.Skip("null"u8);
            default:
                var isNegative = at.Skip("-"u8);
                return TryNumber(ref at, out var number) && !(isNegative && number == 0);
        }
    }

    private static bool TrySkipArray(ref Cursor at, int depth)
    {
        at.Position++;
        if (at.Skip("]"u8))
        {
            return true;
        }

        do
        {
            if (!TrySkipValue(ref at, depth))
            {
                return false;
            }
        } while (at.Skip(","u8));

        return at.Skip("]"u8);
    }

    private static bool TrySkipObject(ref Cursor at, int depth)
    {
        at.Position++;
        if (at.Skip("}"u8))
        {
            return true;
        }

        ReadOnlySpan<byte> before = default;
        var isFirst = true;
        do
        {
            // For ASCII the order of bytes is the order of UTF-16 code units, which RFC 8785 asks for.
            if (
                !TryBytes(ref at, out var name)
                || name.ContainsAnyExceptInRange((byte)' ', (byte)'~')
                || (!isFirst && before.SequenceCompareTo(name) >= 0)
                || !at.Skip(":"u8)
                || !TrySkipValue(ref at, depth)
            )
            {
                return false;
            }

            before = name;
            isFirst = false;
        } while (at.Skip(","u8));

        return at.Skip("}"u8);
    }

    private ref struct Cursor(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;

        public int Position { get; set; }

        public readonly ReadOnlySpan<byte> Rest => bytes[Position..];

        public readonly bool IsAtEnd => Position == bytes.Length;

        public bool Skip(ReadOnlySpan<byte> literal)
        {
            var isThere = Rest.StartsWith(literal);
            Position += isThere ? literal.Length : 0;
            return isThere;
        }
    }

    /// <summary>A text that was read last, made anew only when the bytes differ.</summary>
    private sealed class Kept
    {
        private byte[] bytes = [];

        public string? Text { get; private set; }

        public void Forget() => (Text, bytes) = (null, []);

        public void Keep(ReadOnlySpan<byte> read)
        {
            if (Text is null || !read.SequenceEqual(bytes))
            {
                (Text, bytes) = (Encoding.UTF8.GetString(read), read.ToArray());
            }
        }
    }
}

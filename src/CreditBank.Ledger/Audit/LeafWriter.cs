using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// Makes the leaf of a stored event: a pure function of what stands in its row, so that anyone can recompute it from a
/// plain dump of the table. One object serves any number of events; not for several threads at once.
/// </summary>
/// <remarks>
/// The members stand in the order of RFC 8785. A payload that would make the leaf longer than
/// <see cref="EntryBundle.EntryBytesMax"/> is replaced by the SHA-256 of its canonical form (rulings 8).
/// </remarks>
public sealed class LeafWriter
{
    private static readonly SearchValues<char> ToEscape = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(character => (char)character),
        '"',
        '\\',
    ]);

    private readonly CanonicalJson canonical = new();
    private GrowingBytes output = new(4096);

    /// <summary>Writes the leaf of an event.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="data">The payload as JSON text, as storage gives it.</param>
    /// <param name="leaf">The leaf, when true. It is overwritten by the next call.</param>
    /// <param name="problem">Why the payload has no canonical form (rulings 6), when false.</param>
    public bool TryWrite(
        in EventEnvelope envelope,
        ReadOnlySpan<byte> data,
        out ReadOnlySpan<byte> leaf,
        out CanonicalJsonProblem problem
    )
    {
        leaf = default;
        if (!canonical.TryWrite(data, out var payload, out problem))
        {
            return false;
        }

        Write(envelope, Leaf.DataName, payload);
        if (output.Length > EntryBundle.EntryBytesMax)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(payload));
            Write(envelope, Leaf.DataHashName, Encoding.ASCII.GetBytes($"\"{hash}\""));
        }

        leaf = output.Written;
        return true;
    }

    /// <summary>Writes the leaf of an event whose payload is only known by its hash.</summary>
    /// <param name="envelope">The envelope.</param>
    /// <param name="dataSha256">SHA-256 of the canonical payload, lower-case hexadecimal.</param>
    /// <returns>The leaf. It is overwritten by the next call.</returns>
    public ReadOnlySpan<byte> Write(in EventEnvelope envelope, string dataSha256)
    {
        Write(envelope, Leaf.DataHashName, Encoding.UTF8.GetBytes($"\"{dataSha256}\""));
        return output.Written;
    }

    private void Write(in EventEnvelope envelope, string payloadName, ReadOnlySpan<byte> payload)
    {
        output.Length = 0;
        output.Add((byte)'{');
        Member(Leaf.ActorName, envelope.Actor);
        Member(Leaf.BookName, envelope.Book);
        Member(Leaf.CausationName, envelope.CausationId);
        Member(Leaf.CorrelationName, envelope.CorrelationId);
        Name(payloadName);
        output.Add(payload);
        Name(Leaf.EventIdName);
        output.Add((byte)'"');
        envelope.EventId.TryFormat(output.Reserve(36), out var written);
        output.Length += written;
        output.Add((byte)'"');
        Member(Leaf.FormatName, Leaf.Format);
        Member(Leaf.RecordedName, envelope.RecordedAtMicroseconds);
        Member(Leaf.SchemaName, Leaf.SchemaVersionOf(envelope.Type));
        Member(Leaf.SequenceName, envelope.Sequence);
        Member(Leaf.StreamName, envelope.Stream);
        Member(Leaf.TypeName, envelope.Type);
        Member(Leaf.VersionName, envelope.Version);
        output.Add((byte)'}');
    }

    private void Name(string name)
    {
        if (output.Length > 1)
        {
            output.Add((byte)',');
        }

        output.Add((byte)'"');
        Characters(name);
        output.Add("\":"u8);
    }

    private void Member(string name, long value)
    {
        Name(name);
        Utf8Formatter.TryFormat(value, output.Reserve(20), out var written);
        output.Length += written;
    }

    private void Member(string name, string? value)
    {
        Name(name);
        if (value is null)
        {
            output.Add("null"u8);
            return;
        }

        output.Add((byte)'"');
        var rest = value.AsSpan();
        for (var at = rest.IndexOfAny(ToEscape); at >= 0; at = rest.IndexOfAny(ToEscape))
        {
            Characters(rest[..at]);
            Escape(rest[at]);
            rest = rest[(at + 1)..];
        }

        Characters(rest);
        output.Add((byte)'"');
    }

    private void Characters(ReadOnlySpan<char> characters)
    {
        var room = output.Reserve(Encoding.UTF8.GetMaxByteCount(characters.Length));
        output.Length += Encoding.UTF8.GetBytes(characters, room);
    }

    private void Escape(char character) =>
        Characters(
            character switch
            {
                '"' => "\\\"",
                '\\' => @"\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                _ => $"\\u{(int)character:x4}",
            }
        );
}

using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// The canonical bytes of a JSON text, RFC 8785 (JCS), for the values that event payloads may hold (rulings 6):
/// objects, arrays, strings, true, false, null, and integers within plus or minus 2^53 - 1. For these, what PostgreSQL
/// keeps as jsonb has the same canonical bytes as what was sent, so that anyone can recompute a leaf from a plain
/// dump.
/// </summary>
/// <remarks>
/// One object serves any number of texts and then allocates nothing, because its buffers stay. Not for several threads
/// at once. Names are sorted by UTF-16 code units (section 3.2.3); -0 is written 0, as ECMAScript does.
/// </remarks>
public sealed class CanonicalJson
{
    /// <summary>The largest integer, inclusive, that every reader of JSON numbers keeps exactly.</summary>
    public const long IntegerMax = (1L << 53) - 1;

    private const int DepthMax = 64;
    private const int IntegerDigitsMax = 16;
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = DepthMax };

    private readonly CanonicalMembers members = new();
    private GrowingBytes output = new(4096);
    private GrowingBytes text = new(256);

    /// <summary>
    /// The canonical bytes of a text that is known to have some, such as one that we wrote ourselves.
    /// </summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static byte[] Of(ReadOnlySpan<byte> json) =>
        new CanonicalJson().TryWrite(json, out var canonical, out var problem)
            ? canonical.ToArray()
            : throw new ArgumentException($"{problem.Code} at byte {problem.Position}", nameof(json));

    /// <summary>Canonicalises a value that has been parsed.</summary>
    /// <inheritdoc cref="TryWrite(ReadOnlySpan{byte}, out ReadOnlySpan{byte}, out CanonicalJsonProblem)"/>
    public bool TryWrite(JsonElement value, out ReadOnlySpan<byte> canonical, out CanonicalJsonProblem problem) =>
        TryWrite(JsonMarshal.GetRawUtf8Value(value), out canonical, out problem);

    /// <summary>Canonicalises one JSON value.</summary>
    /// <param name="json">UTF-8 without byte order mark; white space around is allowed.</param>
    /// <param name="canonical">The canonical bytes, when true. They are overwritten by the next call.</param>
    /// <param name="problem">What cannot be written and where, when false.</param>
    public bool TryWrite(ReadOnlySpan<byte> json, out ReadOnlySpan<byte> canonical, out CanonicalJsonProblem problem)
    {
        output.Length = 0;
        members.Clear();
        if (!Utf8.IsValid(json))
        {
            return Refuse(AuditProblem.JsonText, FirstInvalid(json), out canonical, out problem);
        }

        var reader = new Utf8JsonReader(json, Strict);
        string? code;
        try
        {
            reader.Read();
            code = WriteValue(ref reader);

            // Reading on after the value throws when anything but white space follows.
            if (code is null && reader.Read())
            {
                code = AuditProblem.JsonMalformed;
            }
        }
        catch (JsonException)
        {
            code = AuditProblem.JsonMalformed;
        }

        if (code is not null)
        {
            return Refuse(code, reader.TokenStartIndex, out canonical, out problem);
        }

        canonical = output.Written;
        problem = default;
        return true;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static bool Refuse(
        string code,
        long position,
        out ReadOnlySpan<byte> canonical,
        out CanonicalJsonProblem problem
    )
    {
        canonical = default;
        problem = new CanonicalJsonProblem(code, position);
        return false;
    }

    private string? WriteValue(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return WriteObject(ref reader);
            case JsonTokenType.StartArray:
                return WriteArray(ref reader);
            case JsonTokenType.String:
                return WriteString(ref reader);
            case JsonTokenType.Number:
                return WriteInteger(reader.ValueSpan);
            default:
                output.Add(reader.ValueSpan);
                return null;
        }
    }

    private string? WriteArray(ref Utf8JsonReader reader)
    {
        output.Add((byte)'[');
        for (var isFirst = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; isFirst = false)
        {
            if (!isFirst)
            {
                output.Add((byte)',');
            }

            if (WriteValue(ref reader) is { } problem)
            {
                return problem;
            }
        }

        output.Add((byte)']');
        return null;
    }

    private string? WriteObject(ref Utf8JsonReader reader)
    {
        output.Add((byte)'{');
        var scope = members.Open(output.Length);
        for (var isFirst = true; reader.Read() && reader.TokenType != JsonTokenType.EndObject; isFirst = false)
        {
            if (!isFirst)
            {
                output.Add((byte)',');
            }

            var from = output.Length;
            if (WriteString(ref reader) is { } wrongName)
            {
                return wrongName;
            }

            var name = members.AddName(reader.ValueIsEscaped ? text.Written : reader.ValueSpan);
            output.Add((byte)':');
            reader.Read();
            if (WriteValue(ref reader) is { } problem)
            {
                return problem;
            }

            members.Add(name, from, output.Length);
        }

        if (!members.Close(scope, ref output))
        {
            return AuditProblem.JsonDuplicate;
        }

        output.Add((byte)'}');
        return null;
    }

    /// <summary>
    /// Writes a string or a name; where it came with escapes, <see cref="text"/> then has it without.
    /// </summary>
    private string? WriteString(ref Utf8JsonReader reader)
    {
        output.Add((byte)'"');
        if (!reader.ValueIsEscaped)
        {
            // What JSON allows without an escape is what the canonical form writes without one.
            output.Add(reader.ValueSpan);
        }
        else if (TryUnescape(ref reader))
        {
            WriteEscaped(text.Written);
        }
        else
        {
            return AuditProblem.JsonText;
        }

        output.Add((byte)'"');
        return null;
    }

    private bool TryUnescape(ref Utf8JsonReader reader)
    {
        text.Length = 0;
        try
        {
            text.Length = reader.CopyString(text.Reserve(reader.ValueSpan.Length));
            return true;
        }
        catch (InvalidOperationException)
        {
            // The reader has no other way to say that an escape is half a surrogate pair.
            return false;
        }
    }

    private void WriteEscaped(ReadOnlySpan<byte> characters)
    {
        while (!characters.IsEmpty)
        {
            var plain = IndexToEscape(characters);
            output.Add(characters[..plain]);
            if (plain == characters.Length)
            {
                return;
            }

            WriteEscape(characters[plain]);
            characters = characters[(plain + 1)..];
        }
    }

    private static int IndexToEscape(ReadOnlySpan<byte> characters)
    {
        var control = characters.IndexOfAnyInRange((byte)0, (byte)0x1F);
        var marks = (control < 0 ? characters : characters[..control]).IndexOfAny((byte)'"', (byte)'\\');
        return marks >= 0 ? marks
            : control >= 0 ? control
            : characters.Length;
    }

    private void WriteEscape(byte character)
    {
        var letter = character switch
        {
            (byte)'"' => (byte)'"',
            (byte)'\\' => (byte)'\\',
            (byte)'\b' => (byte)'b',
            (byte)'\t' => (byte)'t',
            (byte)'\n' => (byte)'n',
            (byte)'\f' => (byte)'f',
            (byte)'\r' => (byte)'r',
            _ => (byte)0,
        };
        output.Add((byte)'\\');
        if (letter > 0)
        {
            output.Add(letter);
            return;
        }

        output.Add("u00"u8);
        output.Add((byte)('0' + (character >> 4)));
        output.Add("0123456789abcdef"u8[character & 15]);
    }

    private string? WriteInteger(ReadOnlySpan<byte> number)
    {
        var digits = number[0] == '-' ? number[1..] : number;
        if (digits.Length > IntegerDigitsMax || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return AuditProblem.JsonNumber;
        }

        var value = 0L;
        foreach (var digit in digits)
        {
            value = value * 10 + (digit - '0');
        }

        if (value > IntegerMax)
        {
            return AuditProblem.JsonNumber;
        }

        output.Add(value == 0 ? digits : number);
        return null;
    }
}

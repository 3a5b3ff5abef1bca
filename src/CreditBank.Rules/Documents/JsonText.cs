using System.Buffers;
using System.Globalization;
using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// Writes JSON whose bytes never change: no white space, only the escapes of RFC 8785, decimals in canonical text.
/// </summary>
internal sealed class JsonText
{
    private const int SpareMax = 64 * 1024;
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\" + string.Concat(Enumerable.Range(0, 32).Select(code => (char)code))
    );

    [ThreadStatic]
    private static char[]? spare;

    private char[] buffer;
    private int length;
    private bool separate;

    public JsonText()
    {
        buffer = spare ?? new char[16 * 1024];
        spare = null;
    }

    /// <summary>The text; the writer is used up by it.</summary>
    public string Finish()
    {
        var finished = new string(buffer, 0, length);
        if (buffer.Length <= SpareMax)
            spare = buffer;
        buffer = [];
        return finished;
    }

    public JsonText BeginObject() => Begin('{');

    public JsonText EndObject() => End('}');

    public JsonText BeginList() => Begin('[');

    public JsonText EndList() => End(']');

    /// <summary>A field's name that this program knows: letters only.</summary>
    public JsonText Name(string name)
    {
        Separate();
        Append('"');
        Append(name);
        Append("\":");
        separate = false;
        return this;
    }

    /// <summary>A field's name from a document: any text.</summary>
    public JsonText Key(string name)
    {
        Separate();
        Quote(name);
        Append(':');
        separate = false;
        return this;
    }

    public JsonText Value(string value)
    {
        Separate();
        Quote(value);
        separate = true;
        return this;
    }

    public JsonText Value(Credits value)
    {
        Separate();
        Append('"');
        Reserve(32);
        var room = buffer.AsSpan(length);
        int written;
        // Most amounts are whole, and whole numbers are written several times faster.
        if (value.Value.Scale == 0)
            ((long)value.Value).TryFormat(room, out written, default, CultureInfo.InvariantCulture);
        else
            value.Value.TryFormat(room, out written, default, CultureInfo.InvariantCulture);
        length += written;
        Append('"');
        separate = true;
        return this;
    }

    public JsonText Value(bool value)
    {
        Separate();
        Append(value ? "true" : "false");
        separate = true;
        return this;
    }

    public JsonText Value(int value)
    {
        Separate();
        Reserve(16);
        value.TryFormat(buffer.AsSpan(length), out var written, default, CultureInfo.InvariantCulture);
        length += written;
        separate = true;
        return this;
    }

    public JsonText Field(string name, string? value) => value is null ? this : Name(name).Value(value);

    public JsonText Field(string name, Credits value) => Name(name).Value(value);

    public JsonText Field(string name, bool value) => Name(name).Value(value);

    public JsonText Field(string name, int value) => Name(name).Value(value);

    public JsonText Field(string name, IReadOnlyList<string> values) => Field(name, values, static value => value);

    public JsonText Field<T>(string name, IReadOnlyList<T> items, Func<T, string> text)
    {
        Name(name).BeginList();
        for (var i = 0; i < items.Count; i++)
            Value(text(items[i]));
        return EndList();
    }

    private JsonText Begin(char bracket)
    {
        Separate();
        Append(bracket);
        separate = false;
        return this;
    }

    private JsonText End(char bracket)
    {
        Append(bracket);
        separate = true;
        return this;
    }

    private void Separate()
    {
        if (separate)
            Append(',');
        separate = false;
    }

    private void Quote(string value)
    {
        Append('"');
        var clean = value.AsSpan();
        while (clean.IndexOfAny(Escaped) is >= 0 and var at)
        {
            Append(clean[..at]);
            AppendEscape(clean[at]);
            clean = clean[(at + 1)..];
        }

        Append(clean);
        Append('"');
    }

    private void AppendEscape(char c)
    {
        Append('\\');
        switch (c)
        {
            case '\b':
                Append('b');
                break;
            case '\t':
                Append('t');
                break;
            case '\n':
                Append('n');
                break;
            case '\f':
                Append('f');
                break;
            case '\r':
                Append('r');
                break;
            case '"' or '\\':
                Append(c);
                break;
            default:
                Append('u');
                Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
                break;
        }
    }

    private void Append(char c)
    {
        Reserve(1);
        buffer[length++] = c;
    }

    private void Append(ReadOnlySpan<char> text)
    {
        Reserve(text.Length);
        text.CopyTo(buffer.AsSpan(length));
        length += text.Length;
    }

    private void Reserve(int count)
    {
        if (buffer.Length - length < count)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + count));
    }
}

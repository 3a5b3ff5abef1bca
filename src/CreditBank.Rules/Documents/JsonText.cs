using System.Buffers;
using System.Globalization;
using System.Text;
using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// Writes JSON whose bytes never change: no white space, only the escapes of RFC 8785, decimals in canonical text.
/// </summary>
internal sealed class JsonText
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\" + string.Concat(Enumerable.Range(0, 32).Select(code => (char)code))
    );

    private readonly StringBuilder text = new(8192);
    private bool separate;

    public override string ToString() => text.ToString();

    public JsonText BeginObject()
    {
        Separate();
        text.Append('{');
        separate = false;
        return this;
    }

    public JsonText EndObject()
    {
        text.Append('}');
        separate = true;
        return this;
    }

    public JsonText BeginList()
    {
        Separate();
        text.Append('[');
        separate = false;
        return this;
    }

    public JsonText EndList()
    {
        text.Append(']');
        separate = true;
        return this;
    }

    public JsonText Name(string name)
    {
        Separate();
        Quote(name);
        text.Append(':');
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
        text.Append('"').Append(CultureInfo.InvariantCulture, $"{value.Value}").Append('"');
        separate = true;
        return this;
    }

    public JsonText Value(bool value)
    {
        Separate();
        text.Append(value ? "true" : "false");
        separate = true;
        return this;
    }

    public JsonText Value(int value)
    {
        Separate();
        text.Append(CultureInfo.InvariantCulture, $"{value}");
        separate = true;
        return this;
    }

    public JsonText Field(string name, string? value) => value is null ? this : Name(name).Value(value);

    public JsonText Field(string name, Credits value) => Name(name).Value(value);

    public JsonText Field(string name, bool value) => Name(name).Value(value);

    public JsonText Field(string name, int value) => Name(name).Value(value);

    public JsonText Field(string name, IEnumerable<string> values)
    {
        Name(name).BeginList();
        foreach (var value in values)
            Value(value);
        return EndList();
    }

    private void Separate()
    {
        if (separate)
            text.Append(',');
        separate = false;
    }

    private void Quote(string value)
    {
        text.Append('"');
        var next = value.AsSpan().IndexOfAny(Escaped);
        if (next < 0)
        {
            text.Append(value).Append('"');
            return;
        }

        var clean = 0;
        for (var i = next; i < value.Length; i++)
        {
            var escape = value[i] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\t' => "\\t",
                '\n' => "\\n",
                '\f' => "\\f",
                '\r' => "\\r",
                < ' ' => "\\u" + ((int)value[i]).ToString("x4", CultureInfo.InvariantCulture),
                _ => null,
            };
            if (escape is null)
                continue;
            text.Append(value, clean, i - clean).Append(escape);
            clean = i + 1;
        }

        text.Append(value, clean, value.Length - clean).Append('"');
    }
}

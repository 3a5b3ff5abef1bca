using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace CreditBank.Ledger.Audit;

/// <summary>What the texts of C2SP signed-note and its relatives have in common.</summary>
internal static class NoteText
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The bytes of a text.</summary>
    /// <exception cref="EncoderFallbackException">The text has half a surrogate pair.</exception>
    public static byte[] ToBytes(string text) => Utf8.GetBytes(text);

    /// <summary>Reads UTF-8 that has no ASCII control characters but newlines (U+000A).</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        var isText = System.Text.Unicode.Utf8.IsValid(bytes);
        text = isText ? Utf8.GetString(bytes) : null;
        return text is not null && !text.Any(character => character < ' ' && character != '\n');
    }

    /// <summary>
    /// Whether a key may have the name: not empty, no Unicode space, no plus, nothing that a note forbids.
    /// </summary>
    public static bool IsKeyName(string name) =>
        name.Length > 0 && !name.Any(character => character is '+' or < ' ' || char.IsWhiteSpace(character));

    /// <summary>Reads an ASCII decimal without sign and without leading zeros, up to 2^63 - 1.</summary>
    public static bool TryReadNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && (text[0] != '0' || text.Length == 1);
}

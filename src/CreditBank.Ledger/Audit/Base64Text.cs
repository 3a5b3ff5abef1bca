using System.Diagnostics.CodeAnalysis;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// Standard base64 with padding, RFC 4648 section 4, read strictly: one text for one sequence of bytes.
/// </summary>
internal static class Base64Text
{
    /// <summary>Reads the one text that encoding the bytes would give: no white space, no spare bits set.</summary>
    public static bool TryDecode([NotNullWhen(true)] string? text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text is null || text.Length % 4 != 0)
        {
            return false;
        }

        var buffer = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, buffer, out var written))
        {
            return false;
        }

        var decoded = buffer.AsSpan(0, written).ToArray();
        bytes = Convert.ToBase64String(decoded) == text ? decoded : null;
        return bytes is not null;
    }
}

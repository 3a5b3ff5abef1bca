using System.Globalization;
using System.Text;
using CreditBank.Kernel.Identifiers;

namespace CreditBank.Rules;

/// <summary>
/// The form in which titles are compared (RK-19): compatibility forms folded as NFKC does it, lower case, without
/// spaces and punctuation, and with a closing numeral as a digit, so that 计算机应用基础（一）and 计算机应用基础 Ⅰ are one, while （上）and
/// （下）stay two.
/// </summary>
public static class TitleKey
{
    private const string Chinese = "一二三四五六七八九十";
    private static readonly string[] Roman = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"];

    /// <summary>The comparison form of a title.</summary>
    public static string Of(string title)
    {
        var parts = new List<string>();
        var part = new StringBuilder(title.Length);
        foreach (var rune in CompatibilityText.Decompose(title))
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)
                part.Append(Rune.ToLowerInvariant(rune).ToString());
            else if (part.Length > 0)
                Close();
        }

        if (part.Length > 0)
            Close();
        if (parts.Count > 0)
            parts[^1] = WithDigit(parts[^1], alone: parts.Count > 1);
        return string.Concat(parts);

        void Close()
        {
            parts.Add(part.ToString());
            part.Clear();
        }
    }

    private static string WithDigit(string part, bool alone)
    {
        var last = Chinese.IndexOf(part[^1], StringComparison.Ordinal);
        if (last >= 0)
            return part[..^1] + (last + 1).ToString(CultureInfo.InvariantCulture);
        var letters = part.Length;
        while (letters > 0 && part[letters - 1] is 'i' or 'v' or 'x')
            letters--;
        var numeral = Array.IndexOf(Roman, part[letters..]);
        var standsAlone = letters == 0 ? alone : !char.IsAsciiLetter(part[letters - 1]);
        return numeral >= 0 && standsAlone
            ? part[..letters] + (numeral + 1).ToString(CultureInfo.InvariantCulture)
            : part;
    }
}

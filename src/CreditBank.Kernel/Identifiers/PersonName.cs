using System.Buffers;
using System.Globalization;
using System.Text;

namespace CreditBank.Kernel.Identifiers;

/// <summary>
/// Names of persons: which texts can be one, and whether two are the same one (rulings 5). A name is kept as it was
/// written; only for matching is it folded.
/// </summary>
public static class PersonName
{
    /// <summary>
    /// The most characters (code points) of a name, inclusive. Twice what the notice on names of ethnic minorities asks
    /// of a name field (2016, no. 33: fifty).
    /// </summary>
    public const int CharactersMax = 100;

    private const int Separator = 0x00B7;

    /// <summary>
    /// Whether two names are the same: compared by NFKC, without regard to case, white space and invisible characters;
    /// what stands for the separator U+00B7 counts as one (U+2022, U+2027, U+2219, U+22C5, U+30FB, a full stop,
    /// their full- and half-width forms). A text without any letter matches nothing.
    /// </summary>
    public static bool Matches(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return Folded(left) is { Length: > 0 } folded && folded == Folded(right);
    }

    /// <summary>
    /// Whether a text can be a name: 1 to <see cref="CharactersMax"/> characters of any plane with at least one letter;
    /// no white space around it; no control characters, line breaks, marks of writing direction, other invisible
    /// characters (the joiners U+200C and U+200D are letters' business and allowed), no lone surrogates and no U+FFFD.
    /// </summary>
    public static bool IsAcceptable(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
        {
            return false;
        }

        var rest = text.AsSpan();
        var (characters, letters) = (0, 0);
        while (!rest.IsEmpty)
        {
            var isWellFormed = Rune.DecodeFromUtf16(rest, out var rune, out var consumed) == OperationStatus.Done;
            if (!isWellFormed || !IsAllowed(rune))
            {
                return false;
            }

            characters++;
            letters += IsLetter(rune) ? 1 : 0;
            rest = rest[consumed..];
        }

        return letters > 0 && characters <= CharactersMax;
    }

    private static bool IsAllowed(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control => false,
            UnicodeCategory.LineSeparator => false,
            UnicodeCategory.ParagraphSeparator => false,
            UnicodeCategory.Format => rune.Value is 0x200C or 0x200D,
            _ => rune.Value != 0xFFFD && (rune.Value & 0xFFFE) != 0xFFFE && rune.Value is < 0xFDD0 or > 0xFDEF,
        };

    /// <summary>
    /// Private use counts: older systems keep rare Hanzi there. So do planes 2 and 3 as a whole: Unicode adds Hanzi to
    /// them faster than runtimes learn of it.
    /// </summary>
    private static bool IsLetter(Rune rune) =>
        Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.PrivateUse || rune.Plane is 2 or 3;

    /// <summary>
    /// What <see cref="Matches"/> compares: two names are the same when their folded forms are equal and not empty.
    /// </summary>
    public static string Folded(string name)
    {
        var (folded, letters) = (new StringBuilder(name.Length), 0);
        foreach (var rune in CompatibilityText.Decompose(name))
        {
            if (IsInvisible(rune))
            {
                continue;
            }

            letters += IsLetter(rune) ? 1 : 0;

            // Up and down again, because some letters (the long s, the final sigma) have only a way up.
            var lower = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
            folded.Append(IsSeparator(rune) ? new Rune(Separator) : lower);
        }

        return letters > 0 ? folded.ToString() : "";
    }

    private static bool IsSeparator(Rune rune) =>
        rune.Value is Separator or '.' or 0x2022 or 0x2027 or 0x2219 or 0x22C5 or 0x30FB;

    private static bool IsInvisible(Rune rune) =>
        Rune.IsWhiteSpace(rune)
        || rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control;
}

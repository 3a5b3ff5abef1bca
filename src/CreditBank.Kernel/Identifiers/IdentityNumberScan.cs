using System.Globalization;
using NodaTime;

namespace CreditBank.Kernel.Identifiers;

/// <summary>
/// Finds identity numbers in texts that must not hold any. An institution that numbers its records by the learner's
/// identity number would otherwise write personal data into events that can never be changed.
/// </summary>
public static class IdentityNumberScan
{
    private const int LegacyLength = 15;
    private const int LegacyBornFromYear = 1927;
    private const int YearsOfAgeMin = 3;

    // Of GB/T 2260, in the order of that standard.
    private const string ProvinceDigits =
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83";

    // Digits of the provinces, and 9 for permanent residents, whose number has no province first.
    private static readonly string[] Provinces =
    [
        .. ProvinceDigits.Split(' '),
        .. Enumerable.Range(90, 10).Select(prefix => prefix.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>
    /// Whether the text contains what checks as a resident id or a permanent residence number: eighteen characters
    /// anywhere, also in full-width digits, also with one separator between area, day of birth and sequence; or a run
    /// of exactly fifteen digits that reads as a number issued before 1999.
    /// </summary>
    /// <remarks>
    /// Running numbers that hold a date are not mistaken for people: an unknown province does not count, nor does a
    /// birth less than three years before <paramref name="today"/>, nor, in fifteen digits, a year before 1927, which
    /// is how two digits of a year in this century read.
    /// </remarks>
    /// <param name="text">Such as a record id.</param>
    /// <param name="today">The day in Shanghai; none lets every day of birth count.</param>
    public static bool LooksLikeIdentityNumber(string text, LocalDate? today = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = string.Create(text.Length, text, static (to, from) => Fold(from, to));
        for (var start = 0; start < folded.Length; start++)
        {
            if (char.IsAsciiDigit(folded[start]) && (IsNumberAt(folded, start, today) || IsLegacyAt(folded, start)))
            {
                return true;
            }
        }

        return false;
    }

    private static void Fold(string from, Span<char> to)
    {
        for (var i = 0; i < from.Length; i++)
        {
            var digit = CharUnicodeInfo.GetDecimalDigitValue(from[i]);
            to[i] =
                digit >= 0 ? (char)('0' + digit)
                : from[i] is 'x' or '\uFF38' or '\uFF58' ? 'X'
                : from[i];
        }
    }

    private static bool IsNumberAt(string text, int start, LocalDate? today)
    {
        Span<char> number = stackalloc char[Mod11Check.Length];
        var at = start;
        for (var filled = 0; filled < number.Length; filled++)
        {
            if (filled is 6 or 14 && at < text.Length && IsSeparator(text[at]))
            {
                at++;
            }

            if (at >= text.Length)
            {
                return false;
            }

            number[filled] = text[at++];
        }

        return Mod11Check.HasShape(number)
            && IsProvince(number[..2])
            && Mod11Check.ProblemOf(number, today?.PlusYears(-YearsOfAgeMin)) is null;
    }

    private static bool IsLegacyAt(string text, int start)
    {
        var rest = text.AsSpan(start);
        var length = rest.IndexOfAnyExceptInRange('0', '9');
        var isWholeRun = (length < 0 ? rest.Length : length) == LegacyLength;
        return isWholeRun
            && (start == 0 || !char.IsAsciiDigit(text[start - 1]))
            && IsProvince(rest[..2])
            && rest[0] != '9'
            && Mod11Check.TryReadDay($"19{rest.Slice(6, 6)}", out var bornOn)
            && bornOn.Year >= LegacyBornFromYear;
    }

    private static bool IsSeparator(char character) =>
        character is '-' or '_' or '.' or '/' || char.IsWhiteSpace(character);

    private static bool IsProvince(ReadOnlySpan<char> digits)
    {
        foreach (var province in Provinces)
        {
            if (digits.SequenceEqual(province))
            {
                return true;
            }
        }

        return false;
    }
}

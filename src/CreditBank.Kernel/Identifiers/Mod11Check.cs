using NodaTime;

namespace CreditBank.Kernel.Identifiers;

/// <summary>
/// The parts that a resident id and the permanent residence number of today share: eighteen characters with the day of
/// birth at the seventh and an ISO 7064 MOD 11-2 check character at the end (GB 11643-1999, clause 4).
/// </summary>
internal static class Mod11Check
{
    /// <summary>How long such a number is.</summary>
    public const int Length = 18;

    private const int EarliestYear = 1800;
    private const string CheckCharacters = "10X98765432";
    private static ReadOnlySpan<byte> Weights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>Whether it is seventeen ASCII digits and a digit or a capital X.</summary>
    public static bool HasShape(ReadOnlySpan<char> number) =>
        number.Length == Length
        && AreDigits(number[..(Length - 1)])
        && (char.IsAsciiDigit(number[^1]) || number[^1] == 'X');

    /// <summary>The check character that seventeen digits ask for.</summary>
    public static char CheckCharacter(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < Length - 1; i++)
        {
            sum += (digits[i] - '0') * Weights[i];
        }

        return CheckCharacters[sum % 11];
    }

    /// <summary>What is wrong with a number of the right shape; none when nothing is.</summary>
    public static string? ProblemOf(ReadOnlySpan<char> number, LocalDate? today)
    {
        if (CheckCharacter(number) != number[^1])
        {
            return IdentifierProblem.Checksum;
        }

        if (!TryReadDay(number.Slice(6, 8), out var bornOn))
        {
            return IdentifierProblem.Date;
        }

        return bornOn > today ? IdentifierProblem.Future : null;
    }

    /// <summary>
    /// Reads eight digits as year, month and day; false for a day that does not exist or lies before 1800.
    /// </summary>
    public static bool TryReadDay(ReadOnlySpan<char> digits, out LocalDate on)
    {
        var (year, month, day) = (Number(digits[..4]), Number(digits.Slice(4, 2)), Number(digits.Slice(6, 2)));
        var exists =
            year >= EarliestYear
            && month is >= 1 and <= 12
            && day >= 1
            && day <= CalendarSystem.Iso.GetDaysInMonth(year, month);
        on = exists ? new LocalDate(year, month, day) : default;
        return exists;
    }

    /// <summary>Whether all are digits 0 to 9 of ASCII; those of other scripts are not meant.</summary>
    public static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            number = number * 10 + (digit - '0');
        }

        return number;
    }
}

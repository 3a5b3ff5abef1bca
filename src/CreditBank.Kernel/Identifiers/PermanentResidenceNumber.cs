using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace CreditBank.Kernel.Identifiers;

/// <summary>
/// The number on a foreigner's permanent residence card of China. Cards since 2023 carry eighteen digits that begin
/// with 9 and check as GB 11643-1999 says; older ones carry fifteen characters: three letters of nationality (ISO
/// 3166-1), four digits of place, six of birth and two more. Personal data, like <see cref="ResidentId"/>.
/// </summary>
public readonly record struct PermanentResidenceNumber
{
    private const int OldLength = 15;

    private PermanentResidenceNumber(string value) => Value = value;

    /// <summary>Fifteen or eighteen characters in capitals.</summary>
    public string Value { get; }

    /// <summary>
    /// Reads a number; small letters become capitals, nothing else is repaired. Of the old form shape and day of birth
    /// are checked, in either century, because its check digit is not published.
    /// </summary>
    /// <param name="text">The number as typed.</param>
    /// <param name="today">A day of birth after it is refused in the new form; none compares nothing.</param>
    /// <param name="number">The number, when true.</param>
    /// <param name="problemCode">One of <see cref="IdentifierProblem"/>, when false.</param>
    public static bool TryParse(
        string? text,
        LocalDate? today,
        out PermanentResidenceNumber number,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        var value = text?.ToUpperInvariant() ?? "";
        problemCode = value.Length == OldLength ? ProblemOfOld(value) : ProblemOfNew(value, today);
        number = problemCode is null ? new PermanentResidenceNumber(value) : default;
        return problemCode is null;
    }

    /// <summary>A fixed text in place of the number, so that no log shows one by accident.</summary>
    public override string ToString() => "(permanent residence number)";

    private static string? ProblemOfNew(string value, LocalDate? today) =>
        Mod11Check.HasShape(value) && value[0] == '9' ? Mod11Check.ProblemOf(value, today) : IdentifierProblem.Shape;

    private static string? ProblemOfOld(string value)
    {
        if (value.AsSpan(0, 3).ContainsAnyExceptInRange('A', 'Z') || !Mod11Check.AreDigits(value.AsSpan(3)))
        {
            return IdentifierProblem.Shape;
        }

        // Two digits of year fit two centuries; 29 February exists only in one of 1900 and 2000.
        var day = value.AsSpan(7, 6);
        return Mod11Check.TryReadDay($"20{day}", out _) || Mod11Check.TryReadDay($"19{day}", out _)
            ? null
            : IdentifierProblem.Date;
    }
}

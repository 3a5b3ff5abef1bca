using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace CreditBank.Kernel.Identifiers;

/// <summary>
/// The resident identity number of China, GB 11643-1999: six digits of area, eight of birth, three of sequence and a
/// check character. Kept in today's form of eighteen characters with a capital X. Personal data: it never enters an
/// event, a log or a message, and <see cref="ToString"/> does not show it.
/// </summary>
/// <remarks>
/// The area is not looked up: people keep the area they were registered in, also where it has been dissolved since.
/// Numbers that begin with 8 are those of residents of Hong Kong, Macau and Taiwan; those that begin with 9 are a
/// <see cref="PermanentResidenceNumber"/>.
/// </remarks>
public readonly record struct ResidentId
{
    private const int LegacyLength = 15;

    private ResidentId(string value) => Value = value;

    /// <summary>Eighteen characters, the last a digit or X.</summary>
    public string Value { get; }

    /// <summary>Reads a number without comparing its day of birth with today.</summary>
    /// <inheritdoc cref="TryParse(string, LocalDate?, out ResidentId, out string)"/>
    public static bool TryParse(string? text, out ResidentId id, [NotNullWhen(false)] out string? problemCode) =>
        TryParse(text, null, out id, out problemCode);

    /// <summary>
    /// Reads a number. A small x becomes X; one of fifteen digits, as issued until 1999, gets its century (always 19)
    /// and its check character. Nothing else is repaired, neither spaces nor full-width digits.
    /// </summary>
    /// <param name="text">The number as typed.</param>
    /// <param name="today">A day of birth after it is refused; on it is allowed.</param>
    /// <param name="id">The number, when true.</param>
    /// <param name="problemCode">One of <see cref="IdentifierProblem"/>, when false.</param>
    public static bool TryParse(
        string? text,
        LocalDate? today,
        out ResidentId id,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        var number = Normalised(text);
        problemCode = number is null ? IdentifierProblem.Shape : Mod11Check.ProblemOf(number, today);
        id = problemCode is null ? new ResidentId(number!) : default;
        return problemCode is null;
    }

    /// <summary>A fixed text in place of the number, so that no log shows one by accident.</summary>
    public override string ToString() => "(resident id)";

    private static string? Normalised(string? text)
    {
        if (text is { Length: LegacyLength } && Mod11Check.AreDigits(text))
        {
            var digits = string.Concat(text.AsSpan(0, 6), "19", text.AsSpan(6));
            text = digits + Mod11Check.CheckCharacter(digits);
        }
        else if (text is { Length: Mod11Check.Length } && text[^1] == 'x')
        {
            text = text[..^1] + 'X';
        }

        return text is not null && Mod11Check.HasShape(text) && text[0] is >= '1' and <= '8' ? text : null;
    }
}

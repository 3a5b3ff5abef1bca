using System.Diagnostics.CodeAnalysis;

namespace CreditBank.Kernel.Identifiers;

/// <summary>
/// The number of a passport of any country: 5 to 20 of A to Z and 0 to 9. Countries disagree on everything else
/// (ICAO Doc 9303 fixes only the alphabet), so that this says plausible, never genuine. Personal data, like
/// <see cref="ResidentId"/>.
/// </summary>
public readonly record struct PassportNumber
{
    private const int LengthMin = 5;
    private const int LengthMax = 20;

    private PassportNumber(string value) => Value = value;

    /// <summary>5 to 20 characters, capitals and digits.</summary>
    public string Value { get; }

    /// <summary>
    /// Reads a number. Small letters become capitals; spaces and hyphens are dropped, because passports print them
    /// for reading only.
    /// </summary>
    /// <param name="text">The number as typed.</param>
    /// <param name="number">The number, when true.</param>
    /// <param name="problemCode"><see cref="IdentifierProblem.Shape"/>, when false.</param>
    public static bool TryParse(string? text, out PassportNumber number, [NotNullWhen(false)] out string? problemCode)
    {
        var value = Normalised(text);
        problemCode = value is null ? IdentifierProblem.Shape : null;
        number = value is null ? default : new PassportNumber(value);
        return value is not null;
    }

    /// <summary>A fixed text in place of the number, so that no log shows one by accident.</summary>
    public override string ToString() => "(passport number)";

    private static string? Normalised(string? text)
    {
        Span<char> kept = stackalloc char[LengthMax];
        var length = 0;
        foreach (var character in text ?? "")
        {
            if (character is ' ' or '-')
            {
                continue;
            }

            if (!char.IsAsciiLetterOrDigit(character) || length == LengthMax)
            {
                return null;
            }

            kept[length++] = char.ToUpperInvariant(character);
        }

        return length >= LengthMin ? new string(kept[..length]) : null;
    }
}

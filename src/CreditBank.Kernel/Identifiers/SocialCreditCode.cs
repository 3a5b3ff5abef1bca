using System.Diagnostics.CodeAnalysis;

namespace CreditBank.Kernel.Identifiers;

/// <summary>
/// The unified social credit code of an organisation in China, GB 32100-2015: registration authority, category, six
/// digits of area, nine characters of organisation code and a check character. Not personal data.
/// </summary>
/// <remarks>
/// Some codes that were really issued fail the check. A caller may therefore let a person overrule
/// <see cref="IdentifierProblem.Checksum"/> with evidence, but never <see cref="IdentifierProblem.Shape"/>.
/// </remarks>
public readonly record struct SocialCreditCode
{
    private const int Length = 18;
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private static ReadOnlySpan<byte> Weights => [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    private static ReadOnlySpan<byte> OrganisationWeights => [3, 7, 9, 10, 5, 8, 4, 2];

    private SocialCreditCode(string value) => Value = value;

    /// <summary>Eighteen characters in capitals.</summary>
    public string Value { get; }

    /// <summary>
    /// Whether the organisation code inside (characters 9 to 17) also fits its own check of GB 11714-1997. A warning
    /// where it does not: the outer check decides.
    /// </summary>
    public bool HasValidOrganisationCode => OrganisationCheck(Value.AsSpan(8, 8)) == Value[16];

    /// <summary>Reads a code. Small letters become capitals; nothing else is repaired.</summary>
    /// <param name="text">The code as typed.</param>
    /// <param name="code">The code, when true.</param>
    /// <param name="problemCode">
    /// <see cref="IdentifierProblem.Shape"/> or <see cref="IdentifierProblem.Checksum"/>, when false.
    /// </param>
    public static bool TryParse(string? text, out SocialCreditCode code, [NotNullWhen(false)] out string? problemCode)
    {
        var value = text?.ToUpperInvariant() ?? "";
        problemCode =
            !HasShape(value) ? IdentifierProblem.Shape
            : CheckCharacter(value) != value[^1] ? IdentifierProblem.Checksum
            : null;
        code = problemCode is null ? new SocialCreditCode(value) : default;
        return problemCode is null;
    }

    /// <summary>The code itself.</summary>
    public override string ToString() => Value ?? "";

    private static bool HasShape(string value)
    {
        if (value.Length != Length || !Mod11Check.AreDigits(value.AsSpan(2, 6)))
        {
            return false;
        }

        foreach (var character in value)
        {
            if (!Alphabet.Contains(character))
            {
                return false;
            }
        }

        return true;
    }

    private static char CheckCharacter(string value)
    {
        var sum = 0;
        for (var i = 0; i < Weights.Length; i++)
        {
            sum += Alphabet.IndexOf(value[i]) * Weights[i];
        }

        // Without the outer remainder a sum that 31 divides would ask for a thirty-second character.
        return Alphabet[(31 - sum % 31) % 31];
    }

    private static char OrganisationCheck(ReadOnlySpan<char> code)
    {
        var sum = 0;
        for (var i = 0; i < code.Length; i++)
        {
            var value = char.IsAsciiDigit(code[i]) ? code[i] - '0' : code[i] - 'A' + 10;
            sum += value * OrganisationWeights[i];
        }

        return (11 - sum % 11) switch
        {
            10 => 'X',
            11 => '0',
            var digit => (char)('0' + digit),
        };
    }
}

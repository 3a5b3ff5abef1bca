using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// A grade scale: numbers with bounds, or words from best to worst with the score on 100 each begins at.
/// </summary>
internal sealed record GradeScale(
    string Id,
    BilingualText Title,
    decimal? Min,
    decimal? Max,
    IReadOnlyList<GradeWord> Words,
    IReadOnlyList<string> Cites
)
{
    /// <summary>The score on the scale of 100 that a value stands for; none when it is no value of the scale.</summary>
    public Credits? Hundred(string value)
    {
        foreach (var word in Words)
        {
            if (word.Word == value)
                return word.From;
        }

        if (
            Min is not { } min
            || Max is not { } max
            || !Credits.TryParse(value, null, out var number)
            || number.Value < min
            || number.Value > max
        )
        {
            return null;
        }

        return min == 0 && max == 100 ? number : Credits.Rounded((number.Value - min) * 100 / (max - min));
    }

    /// <summary>
    /// The word for a score on the scale of 100; none on a scale of numbers or below the lowest word.
    /// </summary>
    public string? WordFor(Credits hundred)
    {
        foreach (var word in Words)
        {
            if (hundred >= word.From)
                return word.Word;
        }

        return null;
    }
}

/// <summary>A word of a scale, and the score on 100 from which it is given (inclusive).</summary>
internal sealed record GradeWord(string Word, Credits From);

/// <summary>The shares of the passing grades of a reference group, best grade first; the shares add up to 1.</summary>
internal sealed record GradeDistribution(
    string Id,
    IReadOnlyList<(string Grade, decimal Share)> Shares,
    IReadOnlyList<string> Cites
);

using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>A level of the rule set's own framework.</summary>
internal sealed record LevelEntry(string Id, int Rank, BilingualText Title, BilingualText? Descriptor);

/// <summary>A unit and what one of it is worth in the standard credit, as an exact ratio.</summary>
internal sealed record UnitEntry(
    string Id,
    BilingualText Title,
    Ratio Worth,
    bool Points,
    int Decimals,
    IReadOnlyList<(string InstitutionId, Ratio Worth)> Issuers,
    IReadOnlyList<string> Cites
)
{
    public Ratio WorthAt(string institutionId)
    {
        foreach (var (issuer, worth) in Issuers)
        {
            if (issuer == institutionId)
                return worth;
        }

        return Worth;
    }
}

/// <summary>An exact ratio of two positive decimals.</summary>
internal readonly record struct Ratio(decimal Numerator, decimal Denominator)
{
    public static readonly Ratio One = new(1, 1);

    public decimal Of(decimal amount) => amount * Numerator / Denominator;

    public Ratio Times(Ratio other) => new(Numerator * other.Numerator, Denominator * other.Denominator);
}

/// <summary>How results are rounded: to a step, in a mode, per line or at the total.</summary>
internal sealed record RoundingRule(decimal Step, string Mode, bool AtTotal)
{
    public static readonly RoundingRule Exact = new(0.0001m, "halfUp", false);

    public Credits Round(decimal amount)
    {
        var steps = amount / Step;
        var whole = Mode switch
        {
            "floor" => decimal.Floor(steps),
            "ceiling" => decimal.Ceiling(steps),
            "halfEven" => decimal.Round(steps, 0, MidpointRounding.ToEven),
            _ => decimal.Round(steps, 0, MidpointRounding.AwayFromZero),
        };
        return new Credits(whole * Step);
    }
}

/// <summary>How much of an activity makes one standard credit (or one point).</summary>
internal sealed record ActivityEntry(string Id, BilingualText Title, decimal PerCredit, string Measure, bool Points);

/// <summary>A table from one framework's levels to another's: partial and many-valued (rulings 20).</summary>
internal sealed record Crosswalk(
    string Id,
    string From,
    string To,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Rows,
    IReadOnlyList<string> Cites
);

/// <summary>Places outcomes without a level of their own, by kind and certificate level.</summary>
internal sealed record Placement(string Id, Condition When, string Level);

/// <summary>A certificate of the directory of outcomes and its value, by period.</summary>
internal sealed record CertificateEntry(
    string Id,
    string Code,
    string? CertificateLevel,
    BilingualText Title,
    Credits Credits,
    string? Level,
    Period Period,
    IReadOnlyList<string> Cites
);

/// <summary>Years of relevant work and the factor they multiply recognised credit by.</summary>
internal sealed record ExperienceStep(string Id, decimal YearsFrom, decimal Factor);

/// <summary>A family of certificates of which only the best counts (RK-18).</summary>
internal sealed record Family(string Id, BilingualText Title, IReadOnlyList<string> Codes, IReadOnlyList<string> Cites);

/// <summary>The academic year and its terms, by the day a course ends.</summary>
internal sealed record AcademicCalendar(AnnualDate YearStarts, IReadOnlyList<(string Id, AnnualDate Starts)> Terms)
{
    public string YearOf(LocalDate on) =>
        (on >= YearStarts.InYear(on.Year) ? on.Year : on.Year - 1).ToString(
            System.Globalization.CultureInfo.InvariantCulture
        );

    public string TermOf(LocalDate on)
    {
        var term = Terms[^1].Id;
        foreach (var (id, starts) in InYearOrder())
        {
            if (on >= starts)
                term = id;
        }

        return YearOf(on) + "-" + term;

        IEnumerable<(string Id, LocalDate Starts)> InYearOrder()
        {
            var year = int.Parse(YearOf(on), System.Globalization.CultureInfo.InvariantCulture);
            return Terms
                .Select(entry => (entry.Id, Starts: entry.Starts.InYear(year)))
                .Select(entry => entry.Starts < YearStarts.InYear(year) ? (entry.Id, entry.Starts.PlusYears(1)) : entry)
                .OrderBy(entry => entry.Item2);
        }
    }
}

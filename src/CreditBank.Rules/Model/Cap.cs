using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// A bound on what counts: a cap from above, or a requirement of the award from below. What counts is said by a
/// condition over lines; the bound is an amount, a number of items, or a share of the programme or of some courses.
/// </summary>
internal sealed class Bound
{
    public required string Id { get; init; }

    public required BilingualText Title { get; init; }

    public required IReadOnlyList<string> Cites { get; init; }

    /// <summary>Caps with a lower order cut first where the rule set is sequential.</summary>
    public int Order { get; init; }

    /// <summary>Whether the bound applies at all, judged by programme and request.</summary>
    public required Condition Applies { get; init; }

    /// <summary>Which lines count.</summary>
    public required Condition Counts { get; init; }

    public decimal? Amount { get; init; }

    public int? Items { get; init; }

    public decimal? Share { get; init; }

    /// <summary>What the share is of: none for the programme's total, else the courses that it holds for.</summary>
    public Condition? ShareOf { get; init; }

    public CapScope Per { get; init; }
}

/// <summary>What a cap is counted for separately.</summary>
internal enum CapScope
{
    All,
    Institution,
    Category,
    Kind,
    Outcome,
    AcademicYear,
    Term,
}

/// <summary>How lines are chosen and what is best.</summary>
internal sealed record Allocation(bool Sequential, string[] Prefer, string[] Priority, int NodesMax)
{
    public static readonly string[] Preferences =
    [
        "leastWaste",
        "earliestExpiry",
        "earliestCompleted",
        "fewestOutcomes",
        "highestScore",
    ];

    public static readonly Allocation Default = new(false, ["leastWaste", "earliestExpiry"], [], 20_000);
}

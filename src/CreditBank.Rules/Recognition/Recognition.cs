using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>What an outcome is worth under a rule set, whoever may want it later (rulings 15).</summary>
public sealed record Recognition
{
    /// <summary>The version that recognised.</summary>
    public required RuleSetReference RuleSet { get; init; }

    /// <summary>
    /// In standard credit; zero for points, for failed outcomes and where <see cref="Problem"/> says why.
    /// </summary>
    public required Credits StandardCredits { get; init; }

    /// <summary>Points of community and leisure learning; they never become credit.</summary>
    public required Credits Points { get; init; }

    /// <summary>
    /// The amount the ledger keeps, in <see cref="SourceUnit"/>: the outcome's own credits, or what its hours or its
    /// certificate are worth.
    /// </summary>
    public required Credits SourceCredits { get; init; }

    /// <summary>The id of the unit of <see cref="SourceCredits"/>, never one of its other names.</summary>
    public required string SourceUnit { get; init; }

    /// <summary>The level in the rule set's framework; none where a person has to place it.</summary>
    public string? Level { get; init; }

    /// <summary>A stable code of why credits or level are open (<see cref="LineCodes.UnitUnclear"/>,
    /// <see cref="LineCodes.LevelUnclear"/>); none when all is clear.</summary>
    public string? Problem { get; init; }

    /// <summary>The clauses that decided.</summary>
    public required IReadOnlyList<Citation> Clauses { get; init; }

    /// <summary>The result in a person's words.</summary>
    public required BilingualText Explanation { get; init; }

    /// <summary>The reasoning as stable JSON text.</summary>
    public required string Trace { get; init; }

    /// <summary>SHA-256 of the trace's UTF-8 bytes, lower-case hexadecimal.</summary>
    public required string TraceHash { get; init; }
}

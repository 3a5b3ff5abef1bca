namespace CreditBank.Rules;

/// <summary>
/// What stands against an outcome or against its use by an equivalence: the code, the clause, what was seen and what
/// was needed. Texts are made only for findings that reach a line.
/// </summary>
internal sealed record Finding(
    LineResult Result,
    string Code,
    string? Clause,
    string? Seen = null,
    string? Needed = null
)
{
    /// <summary>The clause of the rule set that refused in its own words.</summary>
    public Clause? Refusing { get; init; }

    /// <summary>Whether an evaluator's yes settles it.</summary>
    public bool ForEvaluator => Result == LineResult.Maybe;
}

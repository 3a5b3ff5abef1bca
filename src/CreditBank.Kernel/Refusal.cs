namespace CreditBank.Kernel;

/// <summary>
/// A decision that says no: a value, not an exception. The code is stable and part of the HTTP contract
/// (<c>credit.insufficient</c>); the texts are for people and may change.
/// </summary>
/// <param name="Code">Stable, dotted, lower case.</param>
/// <param name="Kind">Which kind of no this is; it alone decides the HTTP status.</param>
/// <param name="Text">What a person reads, in both languages, without personal data.</param>
public sealed record Refusal(string Code, RefusalKind Kind, BilingualText Text)
{
    /// <summary>The clauses that decided; empty where no rule did.</summary>
    public IReadOnlyList<Citation> Clauses { get; init; } = [];

    /// <summary>The state that stood in the way, such as <c>approved</c>; none where no state did.</summary>
    public string? State { get; init; }

    /// <summary>
    /// The field of the body that cannot be, as a JSON Pointer; none where no single one is wrong by itself.
    /// </summary>
    public string? Pointer { get; init; }
}

/// <summary>The kinds of refusal, in the order of rulings 23.</summary>
public enum RefusalKind
{
    /// <summary>The caller may not know whether it exists: 404.</summary>
    Unknown,

    /// <summary>The caller may see it but not do it, four eyes included: 403.</summary>
    Forbidden,

    /// <summary>Not in this state, or another writer was first: 409.</summary>
    Conflict,

    /// <summary>A rule refuses, or the content cannot be: 422.</summary>
    Rule,
}

/// <summary>A text for people in Chinese and English.</summary>
/// <param name="Zh">Chinese, simplified.</param>
/// <param name="En">English.</param>
public sealed record BilingualText(string Zh, string En);

/// <summary>Names the clause of a published rule set that decided.</summary>
/// <param name="RuleSetVersion">The version, such as <c>sqf-2016.1</c>.</param>
/// <param name="Clause">The clause's id in that version's documents.</param>
public sealed record Citation(string RuleSetVersion, string Clause);

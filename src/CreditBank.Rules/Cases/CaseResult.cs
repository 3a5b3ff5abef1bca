namespace CreditBank.Rules;

/// <summary>A worked case beside a rule set, and how it came out.</summary>
/// <param name="File">The case file, relative to the rule set's folder.</param>
/// <param name="Id">The case's id, such as <c>RK-08</c>.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Mismatches">What was expected and not found, with positions; empty when the case passes.</param>
/// <param name="Touched">The clauses that decided in it, by id; for coverage.</param>
/// <param name="Report">Every step in words, for <c>rules explain</c>.</param>
public sealed record CaseResult(
    string File,
    string Id,
    string Title,
    IReadOnlyList<RuleProblem> Mismatches,
    IReadOnlyList<string> Touched,
    IReadOnlyList<string> Report
)
{
    /// <summary>Whether everything came out as the case says.</summary>
    public bool Passed => Mismatches.Count == 0;
}

/// <summary>All cases of a folder.</summary>
/// <param name="RuleSet">The rule set of the folder; none when it has problems.</param>
/// <param name="Problems">The rule set's problems.</param>
/// <param name="Cases">The cases, by file.</param>
/// <param name="Untouched">The clauses no case touches.</param>
public sealed record FolderCheck(
    RuleSet? RuleSet,
    IReadOnlyList<RuleProblem> Problems,
    IReadOnlyList<CaseResult> Cases,
    IReadOnlyList<string> Untouched
)
{
    /// <summary>Whether the rule set may be published: no problem, and every case passes.</summary>
    public bool Passed => RuleSet is not null && Problems.Count == 0 && Cases.All(result => result.Passed);
}

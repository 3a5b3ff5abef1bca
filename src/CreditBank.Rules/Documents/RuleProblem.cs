namespace CreditBank.Rules;

/// <summary>Something wrong in a rule set's documents. All problems of a folder are reported at once.</summary>
/// <param name="File">The file's path within the folder; empty where the folder itself is meant.</param>
/// <param name="Line">Counted from 1; 0 where no line is meant.</param>
/// <param name="Column">Counted from 1; 0 where no column is meant.</param>
/// <param name="Code">Stable, dotted, lower case, such as <c>yaml.alias</c>.</param>
/// <param name="Text">What is wrong and what was expected, in English.</param>
public sealed record RuleProblem(string File, int Line, int Column, string Code, string Text)
{
    /// <summary>The form editors and terminals make a link of: <c>file(line,column): code text</c>.</summary>
    public override string ToString() => $"{File}({Line},{Column}): {Code} {Text}";
}

/// <summary>A rule set, or everything that is wrong with its documents; never both.</summary>
/// <param name="RuleSet">The rule set, when there is no problem.</param>
/// <param name="Problems">All problems, ordered by file, line and column.</param>
public sealed record RuleSetResult(RuleSet? RuleSet, IReadOnlyList<RuleProblem> Problems);

/// <summary>
/// Collects problems; past <see cref="CountMax"/> it keeps counting silently, so that memory stays bounded.
/// </summary>
internal sealed class ProblemList
{
    public const int CountMax = 1_000;
    private readonly List<RuleProblem> problems = [];

    public bool IsEmpty => problems.Count == 0;

    public int Count => problems.Count;

    public void Add(Position at, string code, string text)
    {
        if (problems.Count < CountMax)
            problems.Add(new RuleProblem(at.File, at.Line, at.Column, code, text));
    }

    public IReadOnlyList<RuleProblem> InOrder() =>
        [
            .. problems
                .OrderBy(problem => problem.File, StringComparer.Ordinal)
                .ThenBy(problem => problem.Line)
                .ThenBy(problem => problem.Column)
                .ThenBy(problem => problem.Code, StringComparer.Ordinal)
                .ThenBy(problem => problem.Text, StringComparer.Ordinal),
        ];
}

/// <summary>A place in a document; line and column are counted from 1.</summary>
internal readonly record struct Position(string File, int Line, int Column);

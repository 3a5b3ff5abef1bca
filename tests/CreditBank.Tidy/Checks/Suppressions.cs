using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>A warning may be switched off where it is wrong, with the reason beside it.</summary>
internal static partial class Suppressions
{
    private const string Rule = "unreasoned-suppression";

    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files) =>
        files.SelectMany(file =>
            file switch
            {
                { IsSource: true } => OfSource(file),
                _ when file.IsProject || file.Name.EndsWith(".props") || file.Name.EndsWith(".targets") => OfBuild(
                    file
                ),
                _ => [],
            }
        );

    private static IEnumerable<Finding> OfSource(RepositoryFile file)
    {
        var comments = file.Source.Comments.Split('\n');
        var pragmas = Pragma()
            .Matches(file.Source.Code)
            .Select(match => file.LineAt(match.Index))
            .Where(line => !IsComment(comments, line) && !IsComment(comments, line - 1))
            .Select(line => new Finding(Rule, file.Path, line, "say in a comment why the warning is wrong here"));
        var attributes = Attribute()
            .Matches(file.Source.Code)
            .Where(match => !match.Value.Contains("Justification"))
            .Select(match => new Finding(Rule, file.Path, file.LineAt(match.Index), "give a Justification"));
        return [.. pragmas, .. attributes];
    }

    private static IEnumerable<Finding> OfBuild(RepositoryFile file) =>
        from line in Enumerable.Range(1, file.Lines.Count)
        where file.Lines[line - 1].Contains("<NoWarn")
        where line < 2 || !file.Lines[line - 2].TrimEnd().EndsWith("-->", StringComparison.Ordinal)
        select new Finding(Rule, file.Path, line, "say in a comment above why the warning is wrong here");

    private static bool IsComment(string[] comments, int line) =>
        line >= 1 && !string.IsNullOrWhiteSpace(comments[line - 1]);

    [GeneratedRegex(@"#pragma\s+warning\s+disable|#nullable\s+disable")]
    private static partial Regex Pragma();

    [GeneratedRegex(@"\b(Unconditional)?SuppressMessage\s*\([^\]]*\]")]
    private static partial Regex Attribute();
}

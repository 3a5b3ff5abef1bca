using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy;

/// <summary>One place where the repository breaks one of its own rules.</summary>
/// <param name="Rule">The rule's short name, by which <see cref="Exemptions"/> call it.</param>
/// <param name="Path">Relative to the root.</param>
/// <param name="Line">Counted from one; 0 where the whole file is meant.</param>
/// <param name="Reason">What is wrong and what to do instead.</param>
internal sealed record Finding(string Rule, string Path, int Line, string Reason)
{
    /// <summary>One finding for each match of a pattern in a view of the file's text.</summary>
    public static IEnumerable<Finding> ForMatches(
        string rule,
        RepositoryFile file,
        string view,
        Regex what,
        string reason
    ) =>
        what.Matches(view)
            .Select(match => new Finding(
                rule,
                file.Path,
                file.LineAt(match.Index),
                $"{string.Join(' ', match.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}: {reason}"
            ));

    public override string ToString() => $"{Path}:{Line} {Reason} [{Rule}]";
}

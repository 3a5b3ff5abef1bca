using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>Nothing is left for later in the files: what is unfinished is an issue, not a remark.</summary>
internal static partial class UnfinishedWork
{
    private const string Reason = "finish it or file an issue";

    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files) =>
        files.Where(file => !file.IsGenerated).SelectMany(file => file.IsSource ? OfSource(file) : OfText(file));

    private static IEnumerable<Finding> OfSource(RepositoryFile file) =>
        [
            .. Finding.ForMatches("unfinished", file, file.Source.Comments, Remark(), Reason),
            .. Finding.ForMatches("unfinished", file, file.Source.Code, Stub(), Reason),
        ];

    private static IEnumerable<Finding> OfText(RepositoryFile file) =>
        Finding.ForMatches("unfinished", file, file.Text, Remark(), Reason);

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b")]
    private static partial Regex Remark();

    [GeneratedRegex(@"\bNotImplementedException\b")]
    private static partial Regex Stub();
}

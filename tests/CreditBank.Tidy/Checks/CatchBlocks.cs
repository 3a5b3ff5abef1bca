using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>
/// No error is swallowed: a catch block does something, or catches one kind and says why nothing is to be done.
/// </summary>
internal static partial class CatchBlocks
{
    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files) =>
        from file in files
        where file.IsSource
        from match in EmptyCatch().Matches(file.Source.Code)
        where !IsReasoned(file, match)
        select new Finding(
            "swallowed-error",
            file.Path,
            file.LineAt(match.Index),
            "an empty catch: handle it, or catch one kind of exception and say in a comment why nothing is to be done"
        );

    private static bool IsReasoned(RepositoryFile file, Match match)
    {
        var body = match.Groups["body"];
        var hasComment = !string.IsNullOrWhiteSpace(file.Source.Comments.Substring(body.Index, body.Length));
        var isOneKind = match.Groups["filter"].Success || match.Groups["type"].Value is not ("" or "Exception");
        return hasComment && isOneKind;
    }

    [GeneratedRegex(
        @"\bcatch\b\s*(\(\s*(System\s*\.\s*)?(?<type>[\w.<>]+)[^)]*\)\s*)?"
            + @"(?<filter>when\s*\([^{}]*\)\s*)?\{(?<body>\s*)\}"
    )]
    private static partial Regex EmptyCatch();
}

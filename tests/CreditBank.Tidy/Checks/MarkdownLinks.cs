using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>Every relative link of a document leads to a file, a folder or a heading that is there.</summary>
internal static partial class MarkdownLinks
{
    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files)
    {
        var paths = files.ToDictionary(file => file.Path);
        return from file in files
            where file.Path.EndsWith(".md", StringComparison.Ordinal)
            let prose = CodeSpans().Replace(file.Text, code => Blank(code.Value))
            from link in Links().Matches(prose)
            let target = link.Groups["target"].Value
            where !HasScheme().IsMatch(target) && !IsThere(file, target, paths)
            select new Finding("dangling-link", file.Path, file.LineAt(link.Index), $"leads nowhere: {target}");
    }

    private static bool IsThere(RepositoryFile from, string target, Dictionary<string, RepositoryFile> paths)
    {
        var (path, heading) = target.Split('#', 2) is [var before, var after] ? (before, after) : (target, "");
        var place = path == "" ? from.Path : Resolve(from.Folder, Uri.UnescapeDataString(path));
        return paths.TryGetValue(place, out var file)
            ? heading == "" || !place.EndsWith(".md") || Headings(file).Contains(Uri.UnescapeDataString(heading))
            : paths.Keys.Any(known => known.StartsWith(place.TrimEnd('/') + "/", StringComparison.Ordinal));
    }

    private static string Resolve(string folder, string path)
    {
        var parts = new List<string>();
        foreach (var part in (path.StartsWith('/') ? path : folder + path).Split('/'))
        {
            if (part == ".." && parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>The anchors of headings as sites make them: lower case, hyphens, repeated ones numbered.</summary>
    private static HashSet<string> Headings(RepositoryFile file)
    {
        var anchors = new HashSet<string>();
        var prose = Fences().Replace(file.Text, code => Blank(code.Value));
        foreach (var text in HeadingLines().Matches(prose).Select(match => match.Groups["text"].Value))
        {
            var anchor = NotInAnchors().Replace(text.Trim().ToLowerInvariant(), "").Replace(' ', '-');
            var number = 0;
            while (!anchors.Add(number == 0 ? anchor : $"{anchor}-{number}"))
            {
                number++;
            }
        }

        return anchors;
    }

    private static string Blank(string code) => LineContent().Replace(code, " ");

    [GeneratedRegex(
        @"\]\(\s*<?(?<target>[^)\s>]+)>?(\s+""[^""]*"")?\s*\)" + @"|^\[[^\]^]+\]:\s*<?(?<target>[^\s>]+)",
        RegexOptions.Multiline
    )]
    private static partial Regex Links();

    [GeneratedRegex(@"^([a-z][a-z0-9+.-]*:|//)", RegexOptions.IgnoreCase)]
    private static partial Regex HasScheme();

    [GeneratedRegex(@"^ *(```+|~~~+)[\s\S]*?^ *\1|(`+)[^`][\s\S]*?\2", RegexOptions.Multiline)]
    private static partial Regex CodeSpans();

    [GeneratedRegex(@"^ *(```+|~~~+)[\s\S]*?^ *\1", RegexOptions.Multiline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"^#{1,6}\s+(?<text>.+?)\s*#*$", RegexOptions.Multiline)]
    private static partial Regex HeadingLines();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{Mn}_ -]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"[^\n]")]
    private static partial Regex LineContent();
}

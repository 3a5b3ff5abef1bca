using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>How files look to a reader and to a tool: short, LF, no byte order mark, a final line feed.</summary>
internal static class FileShape
{
    private const int LinesMax = 400;
    private const int LineLengthMax = 120;

    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files) =>
        files.Where(file => !file.IsBinary && !file.IsGenerated).SelectMany(OfFile);

    private static IEnumerable<Finding> OfFile(RepositoryFile file)
    {
        if (file.HasByteOrderMark && !file.Path.EndsWith(".sln", StringComparison.Ordinal))
        {
            // The SDK writes the mark into solution files whenever it changes one.
            yield return new("byte-order-mark", file.Path, 1, "save as UTF-8 without a byte order mark");
        }

        if (file.Text.IndexOf('\r') is var carriageReturn and >= 0)
        {
            yield return new("line-end", file.Path, file.LineAt(carriageReturn), "lines end in LF alone");
        }

        if (file.Text.Length > 0 && file.Text[^1] != '\n' && !KeepsExactBytes(file))
        {
            yield return new("final-line-feed", file.Path, file.Lines.Count, "the last line ends in a line feed");
        }

        if (file.IsSource || file.Path == TopLevel.Script)
        {
            foreach (var finding in OfSource(file))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> OfSource(RepositoryFile file)
    {
        var count = file.Lines.Count - 1;
        if (count > LinesMax)
        {
            yield return new("file-length", file.Path, count, $"{count} lines, at most {LinesMax}: split it by topic");
        }

        for (var i = 0; i < file.Lines.Count; i++)
        {
            var length = file.Lines[i].Length;
            if (length > LineLengthMax && !IsLinkAlone(file.Lines[i]))
            {
                yield return new("line-length", file.Path, i + 1, $"{length} characters, at most {LineLengthMax}");
            }
        }
    }

    /// <summary>Snapshots are compared without it, and vectors are the very bytes that others hash.</summary>
    private static bool KeepsExactBytes(RepositoryFile file) =>
        file.Name.Contains(".verified.") || file.IsIn("specs/vectors/");

    /// <summary>A link cannot be broken over two lines.</summary>
    private static bool IsLinkAlone(string line)
    {
        var words = line.Trim().Split(' ');
        return words.Length <= 3 && words[^1].Contains("://");
    }
}

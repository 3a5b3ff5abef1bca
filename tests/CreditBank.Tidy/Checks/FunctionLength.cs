using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>
/// A function fits on a screen. Counted from its first line to its last, attributes and local functions included; a
/// table of data that a field or property is set to is no function.
/// </summary>
internal static partial class FunctionLength
{
    private const int LinesMax = 60;

    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files) =>
        from file in files
        where file.IsSource
        let code = file.Source.Code
        from member in Members(code)
        let text = code[member]
        let firstLine = file.LineAt(member.Start.Value + text.Length - text.TrimStart().Length)
        let lines = file.LineAt(member.End.Value - 1) - firstLine + 1
        where lines > LinesMax && IsFunction(text)
        select new Finding(
            "function-length",
            file.Path,
            firstLine,
            $"{lines} lines, at most {LinesMax}: split it by step"
        );

    /// <summary>The members of all types, each up to the brace or semicolon that ends it.</summary>
    private static IEnumerable<Range> Members(string code)
    {
        var start = 0;
        var depthInMember = 0;
        for (var i = 0; i < code.Length; i++)
        {
            var isOpening = code[i] == '{';
            var isClosing = code[i] == '}';
            if (depthInMember == 0 && (isClosing || (isOpening && OpensType().IsMatch(Declaration(code[start..i])))))
            {
                start = i + 1;
                continue;
            }

            depthInMember += isOpening ? 1 : 0;
            depthInMember -= isClosing ? 1 : 0;
            var ends = code[i] == ';' || (isClosing && !GoesOnAfterBrace(code[start..i]));
            if (depthInMember == 0 && ends)
            {
                yield return start..(i + 1);
                start = i + 1;
            }
        }
    }

    /// <summary>Whether a semicolon ends the member: it has an expression for a body, or a value.</summary>
    private static bool GoesOnAfterBrace(string member)
    {
        var head = member.Split('{', 2)[0];
        return head.Contains("=>") || IsSet(head);
    }

    /// <summary>A function has parameters, declares no type, and nothing is set to it.</summary>
    private static bool IsFunction(string member)
    {
        var head = Declaration(member.Split('{', 2)[0].Split("=>", 2)[0]);
        return head.Contains('(') && !OpensType().IsMatch(head) && !IsSet(head);
    }

    private static bool IsSet(string head) => SetTo().IsMatch(Parenthesised().Replace(Declaration(head), ""));

    private static string Declaration(string head) => Attributes().Replace(head, "");

    [GeneratedRegex(
        @"^\s*((public|internal|private|protected|file|sealed|static|abstract|partial|readonly|ref|unsafe|new)\s+)*"
            + @"(namespace|class|struct|interface|enum|record|extension)\b"
    )]
    private static partial Regex OpensType();

    [GeneratedRegex(@"^\s*(\[[^\]]*\]\s*)+")]
    private static partial Regex Attributes();

    [GeneratedRegex(@"\((?>[^()]+|(?<open>\()|(?<-open>\)))*(?(open)(?!))\)")]
    private static partial Regex Parenthesised();

    [GeneratedRegex("(?<![=!<>])=(?![=>])")]
    private static partial Regex SetTo();
}

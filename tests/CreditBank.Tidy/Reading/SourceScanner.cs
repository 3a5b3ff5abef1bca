namespace CreditBank.Tidy.Reading;

/// <summary>
/// Tells code, comments and literals of C# apart, character by character: enough to search code without finding what is
/// only quoted or said. It reads well-formed C#; in what does not compile it may be wrong, and never fails.
/// </summary>
internal sealed class SourceScanner
{
    private readonly string text;
    private readonly SourcePart[] parts;
    private int at;

    private SourceScanner(string text)
    {
        this.text = text;
        parts = new SourcePart[text.Length];
    }

    public static SourcePart[] Scan(string text)
    {
        var scanner = new SourceScanner(text);
        scanner.ScanCode(inHole: false);
        return scanner.parts;
    }

    /// <summary>Code up to the end, or up to the brace that closes the hole of an interpolated string.</summary>
    private void ScanCode(bool inHole)
    {
        var depth = 0;
        while (at < text.Length)
        {
            if (IsDirective())
            {
                TakeUntil(SourcePart.Code, "//", "\n");
            }
            else if (Sees("//"))
            {
                TakeUntil(SourcePart.Comment, "\n");
            }
            else if (Sees("/*"))
            {
                Take(SourcePart.Comment, 2);
                TakeUntil(SourcePart.Comment, "*/");
                Take(SourcePart.Comment, 2);
            }
            else if (Sees("'"))
            {
                ScanCharacter();
            }
            else if (StringPrefix() is var prefix and >= 0)
            {
                ScanString(prefix);
            }
            else if (inHole && depth == 0 && Sees("}"))
            {
                return;
            }
            else
            {
                depth += text[at] == '{' ? 1 : 0;
                depth -= text[at] == '}' ? 1 : 0;
                Take(SourcePart.Code, 1);
            }
        }
    }

    /// <summary>Whether a preprocessor line begins here: its words may hold a lone quote.</summary>
    private bool IsDirective() => Sees("#") && text[(text.LastIndexOf('\n', at) + 1)..at].All(char.IsWhiteSpace);

    private void ScanCharacter()
    {
        Take(SourcePart.Literal, Peek(1) == '\\' ? 3 : 2);
        TakeUntil(SourcePart.Literal, "'", "\n");
        Take(SourcePart.Literal, 1);
    }

    /// <summary>How many of $ and @ stand before the quote of a string that begins here; -1 where none does.</summary>
    private int StringPrefix()
    {
        var length = 0;
        while (Peek(length) is '$' or '@')
        {
            length++;
        }

        return Peek(length) == '"' ? length : -1;
    }

    private void ScanString(int prefixLength)
    {
        var prefix = text.AsSpan(at, prefixLength);
        var dollars = prefix.Count('$');
        var verbatim = prefix.Contains('@');
        Take(SourcePart.Literal, prefixLength);
        var quotes = Run('"');
        if (quotes >= 3 && !verbatim)
        {
            Take(SourcePart.Literal, quotes);
            ScanRaw(quotes, dollars);
        }
        else
        {
            Take(SourcePart.Literal, 1);
            ScanQuoted(verbatim, dollars > 0);
        }
    }

    private void ScanQuoted(bool verbatim, bool interpolated)
    {
        while (at < text.Length)
        {
            if ((!verbatim && Sees("\\")) || (verbatim && Sees("\"\"")) || (interpolated && Sees("{{")))
            {
                Take(SourcePart.Literal, 2);
            }
            else if (Sees("\"") || (!verbatim && Sees("\n")))
            {
                Take(SourcePart.Literal, 1);
                return;
            }
            else if (interpolated && Sees("{"))
            {
                ScanHole(braces: 1);
            }
            else
            {
                Take(SourcePart.Literal, 1);
            }
        }
    }

    private void ScanRaw(int quotes, int dollars)
    {
        while (at < text.Length)
        {
            if (Run('"') >= quotes)
            {
                Take(SourcePart.Literal, Run('"'));
                return;
            }

            var braces = Run('{');
            if (dollars > 0 && braces >= dollars)
            {
                Take(SourcePart.Literal, braces - dollars);
                ScanHole(dollars);
            }
            else
            {
                Take(SourcePart.Literal, 1);
            }
        }
    }

    private void ScanHole(int braces)
    {
        Take(SourcePart.Literal, braces);
        ScanCode(inHole: true);
        Take(SourcePart.Literal, braces);
    }

    private char Peek(int ahead) => at + ahead < text.Length ? text[at + ahead] : '\0';

    private bool Sees(string expected) => text.AsSpan(at).StartsWith(expected);

    private int Run(char character)
    {
        var rest = text.AsSpan(at);
        var end = rest.IndexOfAnyExcept(character);
        return end < 0 ? rest.Length : end;
    }

    private void Take(SourcePart part, int count)
    {
        for (var end = Math.Min(at + count, text.Length); at < end; at++)
        {
            parts[at] = part;
        }
    }

    private void TakeUntil(SourcePart part, params ReadOnlySpan<string> ends)
    {
        var next = text.Length;
        foreach (var end in ends)
        {
            var found = text.IndexOf(end, at, StringComparison.Ordinal);
            next = found >= 0 ? Math.Min(next, found) : next;
        }

        Take(part, next - at);
    }
}

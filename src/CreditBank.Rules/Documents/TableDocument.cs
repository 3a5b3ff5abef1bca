using System.Text;

namespace CreditBank.Rules;

/// <summary>
/// Reads a table: comma-separated values after RFC 4180 with a first line of column names. Positions are those of the
/// fields in the file, so that a mistake in row 41,207 is found without counting.
/// </summary>
internal sealed class TableDocument
{
    private readonly string file;
    private readonly string text;
    private readonly ProblemList problems;
    private readonly Dictionary<string, string> pool = new(StringComparer.Ordinal);
    private int next;
    private int line = 1;
    private int lineStart;

    private TableDocument(string file, string text, ProblemList problems)
    {
        this.file = file;
        this.text = text;
        this.problems = problems;
    }

    /// <summary>The table as a document: <c>name</c>, <c>columns</c> and <c>rows</c>.</summary>
    public static DocumentMap Read(string file, string text, ProblemList problems)
    {
        var reader = new TableDocument(file, text, problems);
        var at = new Position(file, 1, 1);
        var columns = reader.ReadRow() ?? new DocumentList(at);
        var rows = new DocumentList(at);
        while (reader.ReadRow() is { } row)
        {
            if (row.Items is not [DocumentText { Value.Length: 0 }])
                rows.Items.Add(row);
        }

        var table = new DocumentMap(at);
        table.Set("name", new DocumentText(at, file));
        table.Set("columns", columns);
        table.Set("rows", rows);
        return table;
    }

    private DocumentList? ReadRow()
    {
        if (next >= text.Length)
            return null;
        var row = new DocumentList(Here());
        while (true)
        {
            var at = Here();
            var value = next < text.Length && text[next] == '"' ? ReadQuoted(at) : ReadPlain();
            row.Items.Add(new DocumentText(at, Pooled(value)));
            if (next >= text.Length)
                return row;
            if (text[next] == ',')
            {
                next++;
                continue;
            }

            if (text[next] == '\r')
                next++;
            if (next < text.Length && text[next] == '\n')
                next++;
            line++;
            lineStart = next;
            return row;
        }
    }

    private string ReadPlain()
    {
        var end = text.AsSpan(next).IndexOfAny(",\r\n");
        end = end < 0 ? text.Length : next + end;
        var value = text[next..end].Trim();
        next = end;
        return value;
    }

    private string ReadQuoted(Position at)
    {
        var value = new StringBuilder();
        for (next++; next < text.Length; next++)
        {
            if (text[next] == '\n')
            {
                line++;
                lineStart = next + 1;
            }

            if (text[next] != '"')
            {
                value.Append(text[next]);
                continue;
            }

            if (next + 1 < text.Length && text[next + 1] == '"')
            {
                value.Append('"');
                next++;
                continue;
            }

            next++;
            if (next < text.Length && text[next] is not (',' or '\r' or '\n'))
            {
                problems.Add(Here(), "table.quote", "After a closing quotation mark comes a comma or the line's end.");
                ReadPlain();
            }

            return value.ToString();
        }

        problems.Add(at, "table.quote", "This quotation mark is never closed.");
        return value.ToString();
    }

    private string Pooled(string value)
    {
        if (pool.TryGetValue(value, out var kept))
            return kept;
        pool.Add(value, value);
        return value;
    }

    private Position Here() => new(file, line, next - lineStart + 1);
}

namespace CreditBank.Rules;

/// <summary>Equivalences from tables: one row, one equivalence, one citation.</summary>
internal sealed partial class RuleSetReader
{
    private static readonly string[] TableColumns =
    [
        "id",
        "sourceInstitution",
        "sourceCourse",
        "certificate",
        "certificateLevel",
        "scoreMinimum",
        "targetInstitution",
        "targetCourse",
        "similarity",
        "from",
        "to",
        "cites",
    ];

    private readonly Dictionary<string, string> pool = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> arrays = new(StringComparer.Ordinal);

    private void ReadTables(List<Equivalence> equivalences)
    {
        foreach (var table in root.Groups("tables"))
        {
            table.Required("name");
            var columns = table.Words("columns");
            var places = TableColumns.Select(column => IndexOf(columns, column)).ToArray();
            foreach (var unknown in columns.Where(column => !TableColumns.Contains(column)))
            {
                var known = string.Join(", ", TableColumns);
                table.Problem("columns", "table.column", $"The column '{unknown}' is unknown; known are {known}.");
            }

            if (places[0] < 0 || places[7] < 0 || places[11] < 0)
                table.Problem(
                    "columns",
                    "table.column",
                    "A table has at least the columns id, targetCourse and cites."
                );
            else if (table.Node("rows") is DocumentList rows)
                ReadRows(rows, columns.Count, places, equivalences);
            table.Node("rows");
            table.Done();
        }
    }

    private void ReadRows(DocumentList rows, int width, int[] places, List<Equivalence> equivalences)
    {
        equivalences.EnsureCapacity(equivalences.Count + rows.Items.Count);
        foreach (var item in rows.Items)
        {
            if (item is not DocumentList row || row.Items.Count != width)
            {
                problems.Add(item.At, "table.row", $"This row does not have the {width} fields of the first line.");
                continue;
            }

            if (ReadRow(new TableRow(row, places)) is { } equivalence)
                equivalences.Add(equivalence);
        }
    }

    private Equivalence? ReadRow(TableRow row)
    {
        var before = problems.Count;
        var (course, certificate) = (Pooled(row.Text(2)), Pooled(row.Text(3)));
        if (course is null == certificate is null)
            problems.Add(row.At(2), "equivalence.source", "A row names a sourceCourse or a certificate.");
        if (row.Text(0) is not { } id)
        {
            problems.Add(row.At(0), "field.missing", "The id of this row is missing.");
            return null;
        }

        if (row.Text(7) is not { } targets)
        {
            problems.Add(row.At(7), "field.missing", "The targetCourse of this row is missing.");
            return null;
        }

        var cites = row.Text(11);
        if (cites is null)
            problems.Add(row.At(11), "cite.missing", "Every row cites a source or says ASSUMPTION.");
        else if (!sourceIds.Contains(cites))
            problems.Add(row.At(11), "cite.unknown", $"'{cites}' is no source of this rule set.");
        var period = new Period(Day(row, 9), Day(row, 10));
        if (period.IsEmpty)
            problems.Add(row.At(10), "period.empty", "'to' is the first day after the period and comes after 'from'.");
        var pattern = new SourcePattern(
            Pooled(row.Text(1)),
            course,
            certificate,
            Pooled(row.Text(4)),
            Number(row, 5, 100)
        );
        var choose = targets.Contains('|', StringComparison.Ordinal);
        var equivalence = new Equivalence
        {
            Id = id,
            Relation = certificate is null ? "course" : "certificate",
            Branches =
            [
                [pattern],
            ],
            Target = new TargetSet { Courses = Several(targets, choose ? '|' : '+'), Choose = choose },
            InstitutionId = Pooled(row.Text(6)),
            Similarity = Number(row, 8, 1),
            Period = period.FromOn is null && period.ToOn is null ? Period.Always : period,
            Cites = Several(cites ?? "", ' '),
        };
        return problems.Count == before ? equivalence : null;
    }

    private decimal? Number(TableRow row, int column, decimal max) =>
        row.Text(column) is { } text
            ? Numbers.Read(text, row.At(column), TableColumns[column], 0, max, problems)
            : null;

    private NodaTime.LocalDate? Day(TableRow row, int column) =>
        row.Text(column) is { } text ? Numbers.Date(text, row.At(column), TableColumns[column], problems) : null;

    /// <summary>Equal texts of fifty thousand rows are kept once.</summary>
    private string? Pooled(string? text)
    {
        if (text is null)
            return null;
        if (pool.TryGetValue(text, out var kept))
            return kept;
        pool.Add(text, text);
        return text;
    }

    private string[] Several(string text, char separator)
    {
        if (arrays.TryGetValue(text, out var kept))
            return kept;
        const StringSplitOptions Clean = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        var parts = text.Split(separator, Clean);
        arrays.Add(text, parts);
        return parts;
    }

    private static int IndexOf(IReadOnlyList<string> columns, string column)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i] == column)
                return i;
        }

        return -1;
    }

    private readonly struct TableRow(DocumentList row, int[] places)
    {
        public string? Text(int column) =>
            places[column] >= 0 && row.Items[places[column]] is DocumentText { Value.Length: > 0 } text
                ? text.Value
                : null;

        public Position At(int column) => places[column] >= 0 ? row.Items[places[column]].At : row.At;
    }
}

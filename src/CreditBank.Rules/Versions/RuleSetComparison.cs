using System.Text;

namespace CreditBank.Rules;

/// <summary>How two versions differ, clause by clause.</summary>
/// <param name="From">The version that is left.</param>
/// <param name="To">The version that is gone to.</param>
/// <param name="Changes">Ordered by section and id; empty when both say the same.</param>
public sealed record RuleSetDifference(
    RuleSetReference From,
    RuleSetReference To,
    IReadOnlyList<RuleSetChange> Changes
);

/// <summary>One clause, parameter or row that differs.</summary>
/// <param name="Section">The section of the documents, such as <c>clauses</c> or <c>tables</c>.</param>
/// <param name="Id">The entry's id; none for a section without entries.</param>
/// <param name="Kind"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Fields">The fields that differ, when changed; in ordinal order.</param>
/// <param name="Before">The entry's canonical JSON before; none when added.</param>
/// <param name="After">The entry's canonical JSON after; none when removed.</param>
public sealed record RuleSetChange(
    string Section,
    string? Id,
    string Kind,
    IReadOnlyList<string> Fields,
    string? Before,
    string? After
);

/// <summary>Compares versions by their canonical texts.</summary>
public static class RuleSetComparison
{
    /// <summary>What changes from one version to another. Pure; works across families too.</summary>
    public static RuleSetDifference Compare(RuleSet from, RuleSet to)
    {
        var (before, after) = (Document(from), Document(to));
        var changes = new List<RuleSetChange>();
        var sections = before.Entries.Concat(after.Entries).Select(entry => entry.Key).Distinct();
        foreach (var section in sections.Order(StringComparer.Ordinal))
            CompareSection(section, before.Find(section), after.Find(section), changes);
        return new RuleSetDifference(from.Reference, to.Reference, changes);
    }

    private static DocumentMap Document(RuleSet rules) =>
        (DocumentMap)CanonicalJson.Read(rules.CanonicalJson, new ProblemList())!;

    private static void CompareSection(
        string section,
        DocumentNode? before,
        DocumentNode? after,
        List<RuleSetChange> changes
    )
    {
        if (
            EntriesOf(section, before) is { } left
            && EntriesOf(section, after) is { } right
            && (left.Count + right.Count) > 0
        )
        {
            foreach (var id in left.Keys.Concat(right.Keys).Distinct().Order(StringComparer.Ordinal))
                AddChange(section, id, left.GetValueOrDefault(id), right.GetValueOrDefault(id), changes);
            return;
        }

        AddChange(section, null, before, after, changes);
    }

    private static void AddChange(
        string section,
        string? id,
        DocumentNode? before,
        DocumentNode? after,
        List<RuleSetChange> changes
    )
    {
        var (left, right) = (Text(before), Text(after));
        if (left == right)
            return;
        var kind =
            left is null ? "added"
            : right is null ? "removed"
            : "changed";
        changes.Add(new RuleSetChange(section, id, kind, Differing(before, after), left, right));
    }

    private static List<string> Differing(DocumentNode? before, DocumentNode? after)
    {
        if (before is not DocumentMap left || after is not DocumentMap right)
            return [];
        return
        [
            .. left
                .Entries.Concat(right.Entries)
                .Select(entry => entry.Key)
                .Distinct()
                .Where(key => Text(left.Find(key)) != Text(right.Find(key)))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The entries of a list by their ids; rows of tables by table and id. None when they have none.</summary>
    private static Dictionary<string, DocumentNode>? EntriesOf(string section, DocumentNode? node)
    {
        var entries = new Dictionary<string, DocumentNode>(StringComparer.Ordinal);
        if (node is null)
            return entries;
        if (node is not DocumentList list)
            return null;
        if (section == "tables")
            return RowsOf(list);
        foreach (var item in list.Items)
        {
            if (item is not DocumentMap map || map.Find("id") is not DocumentText id)
                return null;
            entries[id.Value] = item;
        }

        return entries;
    }

    private static Dictionary<string, DocumentNode> RowsOf(DocumentList tables)
    {
        var rows = new Dictionary<string, DocumentNode>(StringComparer.Ordinal);
        foreach (var table in tables.Items.OfType<DocumentMap>())
        {
            var columns = ((DocumentList)table.Find("columns")!).Items.OfType<DocumentText>().ToList();
            foreach (var row in ((DocumentList)table.Find("rows")!).Items.OfType<DocumentList>())
            {
                var map = new DocumentMap(row.At);
                for (var i = 0; i < columns.Count; i++)
                    map.Set(columns[i].Value, row.Items[i]);
                rows[((DocumentText)map.Find("id")!).Value] = map;
            }
        }

        return rows;
    }

    private static string? Text(DocumentNode? node) =>
        node is null ? null : Encoding.UTF8.GetString(CanonicalJson.Write(node));
}

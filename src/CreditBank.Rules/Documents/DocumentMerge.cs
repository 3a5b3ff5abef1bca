namespace CreditBank.Rules;

/// <summary>Joins the documents of a folder, and lays a draft's changes over a published rule set.</summary>
internal static class DocumentMerge
{
    /// <summary>
    /// Adds a file's sections: lists go behind what is there; anything else may stand in one file only.
    /// </summary>
    public static void Join(DocumentMap into, DocumentNode document, ProblemList problems)
    {
        if (document is not DocumentMap map)
        {
            problems.Add(document.At, "field.kind", $"A file holds sections with names, not {document.Describe()}.");
            return;
        }

        foreach (var (key, at, value) in map.Entries)
        {
            switch (into.Find(key), value)
            {
                case (null, DocumentList list):
                    var copy = new DocumentList(list.At);
                    copy.Items.AddRange(list.Items);
                    into.Set(key, copy);
                    break;
                case (null, _):
                    into.Set(key, value);
                    break;
                case (DocumentList all, DocumentList more):
                    all.Items.AddRange(more.Items);
                    break;
                case (var first, _):
                    problems.Add(at, "section.twice", $"The section '{key}' already stands in {first!.At.File}.");
                    break;
            }
        }
    }

    /// <summary>
    /// Lays changes over a rule set: entries with the same <c>id</c> are replaced, new ones are added, the ids of
    /// <c>remove</c> go, any other field is replaced whole.
    /// </summary>
    public static DocumentMap Overlay(DocumentMap under, DocumentMap changes)
    {
        var result = new DocumentMap(under.At);
        var removed = IdsToRemove(changes);
        foreach (var (key, _, value) in under.Entries)
            result.Set(key, value is DocumentList list ? Without(list, removed) : value);
        foreach (var (key, _, value) in changes.Entries)
        {
            if (key == "remove")
                continue;
            if (value is DocumentList added && result.Find(key) is DocumentList list)
                Replace(list, added);
            else
                result.Set(key, value);
        }

        return result;
    }

    private static HashSet<string> IdsToRemove(DocumentMap changes) =>
        changes.Find("remove") is DocumentList list
            ? [.. list.Items.OfType<DocumentText>().Select(text => text.Value)]
            : [];

    private static DocumentList Without(DocumentList list, HashSet<string> removed)
    {
        var copy = new DocumentList(list.At);
        copy.Items.AddRange(list.Items.Where(item => IdOf(item) is not { } id || !removed.Contains(id)));
        return copy;
    }

    private static void Replace(DocumentList list, DocumentList added)
    {
        foreach (var item in added.Items)
        {
            var place = IdOf(item) is { } id ? list.Items.FindIndex(other => IdOf(other) == id) : -1;
            if (place >= 0)
                list.Items[place] = item;
            else
                list.Items.Add(item);
        }
    }

    private static string? IdOf(DocumentNode node) =>
        (node as DocumentMap)?.Find("id") is DocumentText id ? id.Value : null;
}

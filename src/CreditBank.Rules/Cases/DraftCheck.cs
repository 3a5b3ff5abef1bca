using NodaTime;

namespace CreditBank.Rules;

/// <summary>Checks a rule set that came as texts, such as a draft sent over HTTP: documents, then cases.</summary>
public static class DraftCheck
{
    /// <summary>
    /// The name under which a draft may carry a whole rule set as canonical text instead of YAML; it stands alone beside
    /// cases.
    /// </summary>
    public const string CanonicalFile = "canonical.json";

    /// <summary>Reads the documents and runs the cases. Never throws for content.</summary>
    /// <param name="files">YAML files, tables under <c>tables/</c> and cases under <c>cases/</c>, by name.</param>
    /// <param name="siblings">Other published versions that cases and transitions may name.</param>
    /// <param name="effectiveFrom">A first day in force that is laid over the documents; none keeps theirs. The cases are
    /// asked on the days they were written for, so they run on the documents as they came.</param>
    public static FolderCheck Run(
        IReadOnlyDictionary<string, string> files,
        IReadOnlyList<RuleSet> siblings,
        LocalDate? effectiveFrom = null
    )
    {
        var problems = new ProblemList();
        var document = Read(files, problems);
        if (document is null || !problems.IsEmpty)
            return new FolderCheck(null, problems.InOrder(), [], []);
        var effective = effectiveFrom is { } from ? Begin(document, from) : document;
        if (RuleSetReader.Read(effective, problems).RuleSet is not { } rules)
            return new FolderCheck(null, problems.InOrder(), [], []);
        var others = siblings.Where(sibling => sibling.Version != rules.Version).ToList();
        var cases = files
            .Where(file => file.Key.StartsWith(RuleSetFolder.CaseFolder, StringComparison.Ordinal))
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => CaseRunner.RunText(file.Key, file.Value, document, others, new ProblemList()))
            .ToList();
        var touched = cases.SelectMany(result => result.Touched).ToHashSet(StringComparer.Ordinal);
        return new FolderCheck(rules, [], cases, [.. rules.ClauseIds.Where(id => !touched.Contains(id))]);
    }

    private static DocumentMap? Read(IReadOnlyDictionary<string, string> files, ProblemList problems)
    {
        if (!files.TryGetValue(CanonicalFile, out var canonical))
            return RuleSetFolder.ReadDocument(files, problems);
        foreach (var name in files.Keys.Order(StringComparer.Ordinal))
        {
            if (name != CanonicalFile && !name.StartsWith(RuleSetFolder.CaseFolder, StringComparison.Ordinal))
                problems.Add(new Position(name, 0, 0), "file.canonical", $"{CanonicalFile} is the whole rule set.");
        }

        if (CanonicalJson.Read(canonical, problems) is not { } node)
            return null;
        if (node is not DocumentMap)
            problems.Add(node.At, "field.kind", "A rule set is a group of fields.");
        return node as DocumentMap;
    }

    /// <summary>The same document in force from another day; how it ends stays.</summary>
    private static DocumentMap Begin(DocumentMap document, LocalDate from)
    {
        var at = document.At;
        var effective = new DocumentMap(at);
        foreach (var (key, _, value) in (document.Find("effective") as DocumentMap)?.Entries ?? [])
            effective.Set(key, value);
        effective.Set("from", new DocumentText(at, Days.Text(from)));
        var changes = new DocumentMap(at);
        changes.Set("effective", effective);
        return DocumentMerge.Overlay(document, changes);
    }
}

namespace CreditBank.Rules;

/// <summary>
/// Runs the worked cases of a rule set: files <c>cases/*.yaml</c> beside the documents. A case may lay changes over the
/// rule set (<c>with</c>) or name further versions (<c>versions</c>); its steps then ask and expect.
/// </summary>
public static class CaseRunner
{
    /// <summary>Checks a rule set with its cases and its coverage. Never throws for content.</summary>
    /// <param name="path">The rule set's folder.</param>
    /// <param name="siblings">Other published versions that cases and transitions may name.</param>
    public static FolderCheck Check(string path, IReadOnlyList<RuleSet>? siblings = null)
    {
        var problems = new ProblemList();
        var document = RuleSetFolder.ReadDocument(path, problems);
        if (document is null || !problems.IsEmpty)
            return new FolderCheck(null, problems.InOrder(), [], []);
        var loaded = RuleSetReader.Read(document, problems);
        if (loaded.RuleSet is not { } rules)
            return new FolderCheck(null, loaded.Problems, [], []);
        var cases = CaseFiles(path).Select(file => RunFile(path, file, document, siblings ?? [])).ToList();
        var touched = cases.SelectMany(result => result.Touched).ToHashSet(StringComparer.Ordinal);
        return new FolderCheck(rules, [], cases, [.. rules.ClauseIds.Where(id => !touched.Contains(id))]);
    }

    /// <summary>The case files of a rule set's folder, in ordinal order.</summary>
    public static IReadOnlyList<string> CaseFiles(string path)
    {
        var folder = Path.Combine(path, "cases");
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Runs one case file of a folder.</summary>
    /// <param name="path">The rule set's folder.</param>
    /// <param name="file">The case file.</param>
    /// <param name="siblings">Other published versions.</param>
    public static CaseResult Run(string path, string file, IReadOnlyList<RuleSet>? siblings = null)
    {
        var problems = new ProblemList();
        var document = RuleSetFolder.ReadDocument(path, problems);
        return document is null || !problems.IsEmpty
            ? new CaseResult(file, "", "", problems.InOrder(), [], [])
            : RunFile(path, file, document, siblings ?? []);
    }

    private static CaseResult RunFile(string path, string file, DocumentMap rules, IReadOnlyList<RuleSet> siblings)
    {
        var name = Path.GetRelativePath(path, file).Replace('\\', '/');
        var problems = new ProblemList();
        var text = DocumentBytes.Decode(name, File.ReadAllBytes(file), problems);
        return text is null
            ? new CaseResult(name, "", "", problems.InOrder(), [], [])
            : RunText(name, text, rules, siblings, problems);
    }

    internal static CaseResult RunText(
        string name,
        string text,
        DocumentMap rules,
        IReadOnlyList<RuleSet> siblings,
        ProblemList problems
    )
    {
        var node = YamlDocument.Read(name, text, problems);
        if (node is null || FieldReader.Of(node, "A case", problems) is not { } fields)
            return new CaseResult(name, "", "", problems.InOrder(), [], []);
        return new CaseRun(name, fields, rules, siblings, problems).Run();
    }
}

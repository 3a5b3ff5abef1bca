using System.Text;

namespace CreditBank.Rules;

/// <summary>
/// Reads a rule set from a folder: all <c>*.yaml</c> files, and the <c>*.csv</c> tables of its folder <c>tables</c>.
/// Which file a section stands in does not matter; lists of several files are joined in the order of the file names.
/// The folder <c>cases</c> is not part of the rule set.
/// </summary>
public static class RuleSetFolder
{
    /// <summary>
    /// Reads a folder; answers with the rule set or with all problems at once. Never throws for content.
    /// </summary>
    /// <param name="path">The folder, such as <c>specs/rules/sqf/2016.1</c>.</param>
    public static RuleSetResult Load(string path)
    {
        var problems = new ProblemList();
        var document = ReadDocument(path, problems);
        return document is null || !problems.IsEmpty
            ? new RuleSetResult(null, problems.InOrder())
            : RuleSetReader.Read(document, problems);
    }

    /// <summary>
    /// Reads every version below a folder of families; folders without <c>rule-set.yaml</c> are passed over.
    /// </summary>
    /// <param name="root">Such as <c>specs/rules</c>.</param>
    public static IReadOnlyList<(string Path, RuleSetResult Result)> LoadAll(string root) =>
        [.. Find(root).Select(path => (path, Load(path)))];

    /// <summary>The folders below a root that hold a rule set, in ordinal order.</summary>
    public static IReadOnlyList<string> Find(string root) =>
        [
            .. Directory
                .EnumerateFiles(root, "rule-set.yaml", SearchOption.AllDirectories)
                .Select(file => Path.GetDirectoryName(file)!)
                .Order(StringComparer.Ordinal),
        ];

    internal static DocumentMap? ReadDocument(string path, ProblemList problems)
    {
        if (!Directory.Exists(path))
        {
            problems.Add(new Position(path, 0, 0), "folder.missing", "There is no such folder.");
            return null;
        }

        var files = FilesOf(path).Take(DocumentLimits.FilesMax + 1).ToList();
        if (files.Count > DocumentLimits.FilesMax)
            problems.Add(new Position(path, 0, 0), "folder.files", $"More than {DocumentLimits.FilesMax} files.");
        if (files.Count == 0)
            problems.Add(new Position(path, 0, 0), "folder.empty", "The folder holds no rule set: no *.yaml file.");
        var sources = files
            .Select(file => (Name: Path.GetRelativePath(path, file).Replace('\\', '/'), Path: file))
            .OrderBy(file => file.Name, StringComparer.Ordinal);
        var merged = new DocumentMap(new Position("rule-set.yaml", 1, 1));
        var tables = new DocumentList(merged.At);
        foreach (var source in sources)
        {
            if (ReadText(source.Name, source.Path, problems) is not { } text)
                continue;
            if (source.Name.EndsWith(".csv", StringComparison.Ordinal))
                tables.Items.Add(TableDocument.Read(source.Name, text, problems));
            else if (YamlDocument.Read(source.Name, text, problems) is { } document)
                DocumentMerge.Join(merged, document, problems);
        }

        if (tables.Items.Count > 0)
            merged.Set("tables", tables);
        return merged;
    }

    private static IEnumerable<string> FilesOf(string path)
    {
        var tables = Path.Combine(path, "tables");
        return Directory
            .EnumerateFiles(path, "*.yaml")
            .Concat(Directory.EnumerateFiles(path, "*.yml"))
            .Concat(Directory.Exists(tables) ? Directory.EnumerateFiles(tables, "*.csv") : []);
    }

    private static string? ReadText(string name, string path, ProblemList problems)
    {
        var limit = name.EndsWith(".csv", StringComparison.Ordinal)
            ? DocumentLimits.TableBytesMax
            : DocumentLimits.YamlBytesMax;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > limit)
            {
                var text = $"The file has {length:N0} bytes; at most {limit:N0} are read. Split it or use a table.";
                problems.Add(new Position(name, 0, 0), "file.size", text);
                return null;
            }

            return DocumentBytes.Decode(name, File.ReadAllBytes(path), problems);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Position(name, 0, 0), "file.unreadable", "The file cannot be read: " + refused.Message);
            return null;
        }
    }

    /// <summary>Reads one YAML text that stands alone, such as a draft sent over HTTP.</summary>
    /// <param name="name">How problems name the text.</param>
    /// <param name="yaml">The whole rule set in one document.</param>
    public static RuleSetResult Parse(string name, string yaml)
    {
        var problems = new ProblemList();
        if (Encoding.UTF8.GetByteCount(yaml) > DocumentLimits.YamlBytesMax)
        {
            problems.Add(new Position(name, 0, 0), "file.size", "The text is longer than 4 MiB.");
            return new RuleSetResult(null, problems.InOrder());
        }

        var merged = new DocumentMap(new Position(name, 1, 1));
        if (YamlDocument.Read(name, yaml, problems) is { } document)
            DocumentMerge.Join(merged, document, problems);
        return problems.IsEmpty ? RuleSetReader.Read(merged, problems) : new RuleSetResult(null, problems.InOrder());
    }

    /// <summary>Reads a draft sent as several texts: YAML files and CSV tables by their names.</summary>
    /// <param name="files">Names such as <c>clauses.yaml</c> or <c>tables/courses.csv</c>, and their texts; what lies
    /// under <c>cases/</c> is not part of the rule set.</param>
    public static RuleSetResult Parse(IReadOnlyDictionary<string, string> files)
    {
        var problems = new ProblemList();
        var merged = ReadDocument(files, problems);
        return problems.IsEmpty ? RuleSetReader.Read(merged, problems) : new RuleSetResult(null, problems.InOrder());
    }

    internal static DocumentMap ReadDocument(IReadOnlyDictionary<string, string> files, ProblemList problems)
    {
        var merged = new DocumentMap(new Position("rule-set.yaml", 1, 1));
        var tables = new DocumentList(merged.At);
        var documents = files.Where(file => !file.Key.StartsWith(CaseFolder, StringComparison.Ordinal));
        foreach (var (name, text) in documents.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var table = name.EndsWith(".csv", StringComparison.Ordinal);
            if (Encoding.UTF8.GetByteCount(text) > (table ? DocumentLimits.TableBytesMax : DocumentLimits.YamlBytesMax))
                problems.Add(new Position(name, 0, 0), "file.size", "The text is too long.");
            else if (table)
                tables.Items.Add(TableDocument.Read(name, text, problems));
            else if (YamlDocument.Read(name, text, problems) is { } document)
                DocumentMerge.Join(merged, document, problems);
        }

        if (tables.Items.Count > 0)
            merged.Set("tables", tables);
        return merged;
    }

    /// <summary>Where a rule set's worked cases lie among its files.</summary>
    internal const string CaseFolder = "cases/";

    /// <summary>The texts of a folder as they stand: documents, tables and cases, by their names.</summary>
    /// <param name="path">The folder; its files were read before without a problem.</param>
    public static IReadOnlyDictionary<string, string> TextsOf(string path) =>
        FilesOf(path)
            .Concat(CaseRunner.CaseFiles(path))
            .ToDictionary(file => Path.GetRelativePath(path, file).Replace('\\', '/'), File.ReadAllText);
}

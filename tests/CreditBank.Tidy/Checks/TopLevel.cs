using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>The top level holds what is agreed and nothing else, and the project has one script.</summary>
internal static class TopLevel
{
    /// <summary>The only script: builds, checks and tests everything.</summary>
    public const string Script = ".ci/run";

    private static readonly string[] Entries =
    [
        ".ci",
        ".config",
        ".editorconfig",
        ".gitattributes",
        ".gitignore",
        "CreditBank.sln",
        "Directory.Build.props",
        "Directory.Build.targets",
        "Directory.Packages.props",
        "README.md",
        "global.json",
        "specs",
        "src",
        "tests",
    ];

    private static readonly string[] ScriptEndings = [".sh", ".bash", ".ps1", ".cmd", ".bat", ".py", ".js", ".csx"];

    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files)
    {
        var present = files.ToLookup(file => file.Path.Split('/')[0]);
        return
        [
            .. present
                .Where(entry => !Entries.Contains(entry.Key))
                .Select(entry => new Finding("top-level", entry.First().Path, 0, "does not belong at the top level")),
            .. Entries
                .Where(entry => !present.Contains(entry))
                .Select(entry => new Finding("top-level", entry, 0, "is missing at the top level")),
            .. files
                .Where(file => file.Path != Script && IsScript(file))
                .Select(file => new Finding("only-script", file.Path, 0, $"{Script} is the only script")),
        ];
    }

    private static bool IsScript(RepositoryFile file) =>
        file.IsIn(".ci/")
        || ScriptEndings.Contains(Path.GetExtension(file.Path))
        || file.Text.StartsWith("#!", StringComparison.Ordinal);
}

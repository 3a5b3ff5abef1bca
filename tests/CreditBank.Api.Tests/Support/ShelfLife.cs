using CreditBank.Api.RuleSets;

namespace CreditBank.Api.Tests.Support;

/// <summary>The shipped rule sets, with a shelf life: an online course can be used for two years.</summary>
internal static class ShelfLife
{
    private const string Clause = """

          - id: shelf-life-online
            decides: shelfLife
            when: { outcome.kind: onlineCourse }
            value: 2 years
            title: { zh: 在线课程两年内有效, en: An online course can be used for two years }
            cites: ASSUMPTION
        """;

    /// <summary>A folder of its own, to be left to the system's cleaning.</summary>
    public static ShippedRuleSets Rules()
    {
        var shipped = ShippedRuleSets.Default;
        var folder = Directory.CreateTempSubdirectory("creditbank-rules-").FullName;
        var family = Path.Combine(shipped.Folder, shipped.Family);
        foreach (var file in Directory.EnumerateFiles(family, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(shipped.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            if (Path.GetFileName(file) == "clauses.yaml")
            {
                File.AppendAllText(copy, Clause);
            }
        }

        return shipped with
        {
            Folder = folder,
        };
    }
}

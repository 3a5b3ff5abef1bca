using CreditBank.Tidy.Checks;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy;

/// <summary>Looks at files and says where a rule is broken.</summary>
internal delegate IEnumerable<Finding> Check(IReadOnlyList<RepositoryFile> files);

/// <summary>Runs checks over this repository, and over samples that show a check can fail.</summary>
internal static class TheRepository
{
    public static readonly IReadOnlyList<Check> Checks =
    [
        ProjectArrows.Find,
        ProjectDuties.Find,
        ForbiddenCalls.Find,
        CatchBlocks.Find,
        Suppressions.Find,
        UnfinishedWork.Find,
        FileShape.Find,
        FunctionLength.Find,
        SnapshotPairs.Find,
        MarkdownLinks.Find,
        DecisionRecords.Find,
        ForeignNames.Find,
        TopLevel.Find,
    ];

    /// <summary>Fails with one line per finding that no exemption covers.</summary>
    public static void Keeps(Check check)
    {
        var open = check(Repository.Files)
            .Where(finding => !Exemptions.All.Any(exemption => exemption.Covers(finding)))
            .OrderBy(finding => finding.Path, StringComparer.Ordinal)
            .ThenBy(finding => finding.Line)
            .ToList();
        Assert.True(open.Count == 0, $"{open.Count} found:\n{string.Join('\n', open)}");
    }

    /// <summary>What a check finds in one sample: <c>rule:line</c> of each finding, in the order found.</summary>
    public static string Finds(Check check, string path, string text) =>
        Finds(check, RepositoryFile.Sample(path, text));

    /// <summary>What a check finds in samples.</summary>
    public static string Finds(Check check, params RepositoryFile[] samples) =>
        string.Join(' ', check(samples).Select(finding => $"{finding.Rule}:{finding.Line}"));
}

using System.Text.RegularExpressions;
using System.Xml.Linq;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>
/// What the build asks of every project stays asked: summaries on public members, warnings as errors, null checks,
/// exact package versions in one place, and a place in the solution, without which a project's tests never run.
/// </summary>
internal static partial class ProjectDuties
{
    private const string Solution = "CreditBank.sln";

    private static readonly Dictionary<string, string> Fixed = new()
    {
        ["GenerateDocumentationFile"] = "true",
        ["TreatWarningsAsErrors"] = "true",
        ["Nullable"] = "enable",
        ["CheckForOverflowUnderflow"] = "true",
        ["Deterministic"] = "true",
        ["ManagePackageVersionsCentrally"] = "true",
    };

    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files)
    {
        var solution = files.FirstOrDefault(file => file.Path == Solution);
        var projects = files.Where(file => file.IsProject).ToList();
        var builds = files.Where(file =>
            file.IsProject || file.Name.EndsWith(".props") || file.Name.EndsWith(".targets")
        );
        return
        [
            .. builds.SelectMany(OfBuild),
            .. files.Where(file => file.Path.EndsWith(".cs")).SelectMany(OfSource),
            .. projects.SelectMany(project => OfSolution(project, solution)),
        ];
    }

    private static IEnumerable<Finding> OfBuild(RepositoryFile file)
    {
        var build = XDocument.Parse(file.Text);
        var settings = build.Descendants().Where(element => !element.HasElements).ToList();
        var switchedOff = settings
            .Where(item => Fixed.TryGetValue(item.Name.LocalName, out var value) && item.Value.Trim() != value)
            .Select(item => Broken(file, $"{item.Name.LocalName} stays {Fixed[item.Name.LocalName]} everywhere"));
        var softened = settings
            .Where(item => item.Name.LocalName == "WarningsNotAsErrors")
            .Select(_ => Broken(file, "a warning is an error: repair its cause"));
        var silenced = settings
            .Where(item => item.Name.LocalName == "NoWarn" && item.Value.Contains("1591") && !IsForTests(file, item))
            .Select(_ => Broken(file, "summaries (CS1591) are owed everywhere but in tests"));
        var versions = build
            .Descendants()
            .Where(item => item.Attribute("Version") is { } version && !IsVersionInItsPlace(file, item, version.Value))
            .Select(item =>
                Broken(file, $"{item.Attribute("Include")?.Value}: exact, and in Directory.Packages.props")
            );
        return [.. switchedOff, .. softened, .. silenced, .. versions];
    }

    private static bool IsForTests(RepositoryFile file, XElement setting) =>
        file.IsIn("tests/") || setting.Parent!.Descendants("IsTestCode").Any(flag => flag.Value == "true");

    private static bool IsVersionInItsPlace(RepositoryFile file, XElement item, string version) =>
        item.Name.LocalName switch
        {
            "PackageReference" => false,
            "PackageVersion" => file.Path == "Directory.Packages.props" && ExactVersion().IsMatch(version),
            _ => true,
        };

    private static IEnumerable<Finding> OfSource(RepositoryFile file) =>
        file.IsIn("src/") && file.IsSource
            ? Finding.ForMatches("project-duty", file, file.Source.Code, SilencedInSource(), "write the summary")
            : [];

    private static IEnumerable<Finding> OfSolution(RepositoryFile project, RepositoryFile? solution)
    {
        var isListed = solution?.Text.Replace('\\', '/').Contains($"\"{project.Path}\"") ?? true;
        return isListed ? [] : [Broken(project, $"not in {Solution}, so nobody builds and tests it")];
    }

    private static Finding Broken(RepositoryFile file, string reason) => new("project-duty", file.Path, 0, reason);

    [GeneratedRegex(@"^\d+(\.\d+){1,3}(-[\w.]+)?$")]
    private static partial Regex ExactVersion();

    [GeneratedRegex(@"#pragma\s+warning\s+disable\b.*1591")]
    private static partial Regex SilencedInSource();
}

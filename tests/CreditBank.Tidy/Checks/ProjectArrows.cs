using System.Text.RegularExpressions;
using System.Xml.Linq;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>
/// The arrows between the rooms of the house: the service knows the ledger, the rules and the database host; those know
/// the kernel; the kernel knows nothing but NodaTime. Only the service knows Marten, Wolverine and ASP.NET. The
/// verifier that an auditor runs alone knows ledger and rules, and nothing of the service.
/// </summary>
internal static partial class ProjectArrows
{
    private static readonly Dictionary<string, Room> Rooms = new()
    {
        ["CreditBank.Kernel"] = new([], ["NodaTime"]),
        ["CreditBank.Rules"] = new(["CreditBank.Kernel"], ["YamlDotNet", "CsvHelper"]),
        ["CreditBank.Ledger"] = new(
            ["CreditBank.Kernel"],
            ["NSec.Cryptography", "NodaTime.Serialization.SystemTextJson"]
        ),
        ["CreditBank.Postgres"] = new(["CreditBank.Kernel"], ["Npgsql", "Microsoft.Extensions.Logging.Abstractions"]),
        ["CreditBank.Verifier"] = new(["CreditBank.Kernel", "CreditBank.Rules", "CreditBank.Ledger"], []),
        ["CreditBank.Api"] = new(
            ["CreditBank.Kernel", "CreditBank.Rules", "CreditBank.Ledger", "CreditBank.Postgres"],
            Packages: null
        ),
    };

    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files) =>
        files
            .Where(file => file.IsIn("src/"))
            .SelectMany(file =>
                file switch
                {
                    { IsProject: true } => OfProject(file),
                    { IsSource: true } => OfSource(file),
                    _ => [],
                }
            );

    private static IEnumerable<Finding> OfProject(RepositoryFile file)
    {
        if (!Rooms.TryGetValue(file.NameWithoutExtension, out var room))
        {
            return [Broken(file, "a project without arrows: say in ProjectArrows which rooms and packages it knows")];
        }

        var project = XDocument.Parse(file.Text);
        var rooms = Included(project, "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
            .Where(name => !room.Knows.Contains(name))
            .Select(name => Broken(file, $"must not know {name}"));
        var packages = Included(project, "PackageReference")
            .Where(name => room.Packages is not null && !room.Packages.Contains(name))
            .Select(name => Broken(file, $"must not use the package {name}"));
        var frameworks =
            room.Packages is not null
            && (project.Root?.Attribute("Sdk")?.Value != "Microsoft.NET.Sdk" || HasAny(project, "FrameworkReference"))
                ? new[] { Broken(file, "must use the plain SDK and no framework beyond .NET's own") }
                : [];
        return [.. rooms, .. packages, .. frameworks];
    }

    private static IEnumerable<Finding> OfSource(RepositoryFile file)
    {
        var room = file.Path.Split('/')[1];
        if (!Rooms.TryGetValue(room, out var known) || known.Packages is null)
        {
            return [];
        }

        const string Reason = "only the service knows this framework";
        var frameworks = Finding.ForMatches("known-framework", file, file.Source.Code, Frameworks(), Reason);
        var database = known.Packages.Contains("Npgsql")
            ? []
            : Finding.ForMatches("known-framework", file, file.Source.Code, Database(), "this room has no database");
        return [.. frameworks, .. database];
    }

    private static IEnumerable<string> Included(XDocument project, string element) =>
        project.Descendants(element).Select(item => item.Attribute("Include")?.Value ?? "");

    private static bool HasAny(XDocument project, string element) => project.Descendants(element).Any();

    private static Finding Broken(RepositoryFile file, string reason) => new("project-arrow", file.Path, 0, reason);

    [GeneratedRegex(@"(?<![\w.])(Marten|Wolverine|JasperFx|Weasel|Microsoft\s*\.\s*AspNetCore)(?=\s*[.;])")]
    private static partial Regex Frameworks();

    [GeneratedRegex(@"(?<![\w.])Npgsql(?=\s*[.;])")]
    private static partial Regex Database();

    /// <param name="Knows">Projects it may refer to.</param>
    /// <param name="Packages">Packages it may refer to; none given where it is free to choose.</param>
    private sealed record Room(string[] Knows, string[]? Packages);
}

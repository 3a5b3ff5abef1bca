using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>Every verified snapshot belongs to a test that is still there, and no received one is kept.</summary>
internal static partial class SnapshotPairs
{
    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files)
    {
        var byPath = files.ToDictionary(file => file.Path);
        return
        [
            .. files
                .Where(file => file.Name.Contains(".received."))
                .Select(file => new Finding("received-snapshot", file.Path, 0, "rename it to .verified. or delete it")),
            .. files
                .Where(file => file.Name.Contains(".verified.") && !HasTest(file, byPath))
                .Select(file => new Finding("dangling-snapshot", file.Path, 0, "its test is gone or has another name")),
        ];
    }

    /// <summary>
    /// <c>Class.test[_name=value].verified.json</c>: the class is the file beside it, the test a method of it. A file
    /// name of its own, given in a test, must stand in some source of the same folder.
    /// </summary>
    private static bool HasTest(RepositoryFile snapshot, Dictionary<string, RepositoryFile> byPath)
    {
        var prefix = snapshot.Name[..snapshot.Name.IndexOf(".verified.", StringComparison.Ordinal)];
        var (className, test) = prefix.Split('.', 2) is [var first, var rest] ? (first, rest) : (prefix, "");
        return byPath.TryGetValue($"{snapshot.Folder}{className}.cs", out var source)
            ? Methods().Matches(source.Source.Code).Any(method => IsOf(test, method.Groups["name"].Value))
            : byPath.Values.Any(file =>
                file.IsSource && file.Folder == snapshot.Folder && file.Source.Literals.Contains($"\"{prefix}\"")
            );
    }

    private static bool IsOf(string test, string method) =>
        test == method
        || test.StartsWith(method + "_", StringComparison.Ordinal) && test[method.Length..].Contains('=');

    [GeneratedRegex(@"\bpublic\s+(async\s+)?(Task|void|ValueTask)\s+(?<name>\w+)\s*\(")]
    private static partial Regex Methods();
}

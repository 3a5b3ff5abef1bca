using System.Text.RegularExpressions;
using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

/// <summary>
/// Nothing in the files ties the project to the machine or the package source of whoever wrote them: a fresh clone
/// works anywhere, with whatever registry its user has configured.
/// </summary>
internal static class ForeignNames
{
    private static readonly string[] SourceConfigurations = ["nuget.config", ".npmrc", "pip.conf", "pip.ini"];

    private static readonly Regex MachinePath = new(@"(?<![\w.$}/~-])/(work|root|tmp|home/\w+|Users/\w+)/");

    // Written in parts, or this file would break its own rule.
    private static readonly Regex RegistryHost = new(
        string.Join(
            '|',
            new[] { ("nuget", "org"), ("npmjs", "org"), ("npmjs", "com"), ("pypi", "org"), ("pythonhosted", "org") }
                .Concat([("crates", "io"), ("proxy.golang", "org"), ("rubygems", "org"), ("registry.yarnpkg", "com")])
                .Select(host => $@"\b{Regex.Escape(host.Item1)}\.{host.Item2}\b")
        ),
        RegexOptions.IgnoreCase
    );

    public static IEnumerable<Finding> Find(IReadOnlyList<RepositoryFile> files) => files.SelectMany(OfFile);

    private static IEnumerable<Finding> OfFile(RepositoryFile file)
    {
        const string PathReason = "a path of one machine: use a relative path or a temporary folder";
        const string HostReason = "the user's own configuration names the registry";
        var paths = Finding.ForMatches("machine-path", file, file.Text, MachinePath, PathReason);
        var hosts = Finding.ForMatches("registry-host", file, file.Text, RegistryHost, HostReason);
        var configurations = SourceConfigurations.Contains(file.Name, StringComparer.OrdinalIgnoreCase)
            ? new[] { new Finding("registry-host", file.Path, 0, HostReason) }
            : [];
        return [.. paths, .. hosts, .. configurations];
    }
}

namespace CreditBank.Rules.Tests;

/// <summary>Finds the rule sets of this repository.</summary>
internal static class Specs
{
    public static string Root { get; } = FindRoot();

    public static string Folder(string family, string version) => Path.Combine(Root, family, version);

    public static RuleSet Load(string family, string version)
    {
        var result = RuleSetFolder.Load(Folder(family, version));
        Assert.True(result.RuleSet is not null, string.Join('\n', result.Problems));
        return result.RuleSet!;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CreditBank.sln")))
                return Path.Combine(folder.FullName, "specs", "rules");
        }

        throw new InvalidOperationException("The repository's root was not found above the tests.");
    }
}

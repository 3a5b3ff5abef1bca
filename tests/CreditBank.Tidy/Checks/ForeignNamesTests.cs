namespace CreditBank.Tidy.Checks;

public class ForeignNamesTests
{
    // In parts, or these samples would be findings.
    private const string Slash = "/";
    private const string Dot = ".";

    [Fact]
    public void no_file_names_a_machine_or_a_registry() => TheRepository.Keeps(ForeignNames.Find);

    [Theory]
    [InlineData("README.md", "cd " + Slash + "work/main", "machine-path:1")]
    [InlineData("src/A.cs", "\nvar a = \"" + Slash + "tmp/a\";", "machine-path:2")]
    [InlineData("src/A.cs", "// see " + Slash + "home/someone/a", "machine-path:1")]
    [InlineData("README.md", "cd ./tmp/a and https://example.org/work/a and $HOME/work/a", "")]
    [InlineData("README.md", "dotnet restore -s https://api.nuget" + Dot + "org/v3", "registry-host:1")]
    [InlineData("src/A.cs", "// NPMJS" + Dot + "com", "registry-host:1")]
    [InlineData("src/nuget.config", "<configuration />", "registry-host:0")]
    [InlineData("README.md", "a NuGet organisation", "")]
    public void a_foreign_name_is_found(string path, string text, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(ForeignNames.Find, path, text));
}

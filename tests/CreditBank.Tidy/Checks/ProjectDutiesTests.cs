using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

public class ProjectDutiesTests
{
    private const string Project = "src/CreditBank.Api/CreditBank.Api.csproj";
    private const string Tests = "tests/CreditBank.Api.Tests/CreditBank.Api.Tests.csproj";
    private const string Packages = "Directory.Packages.props";

    [Fact]
    public void every_project_owes_what_the_build_asks() => TheRepository.Keeps(ProjectDuties.Find);

    [Theory]
    [InlineData(Project, "<NoWarn>$(NoWarn);NU1510</NoWarn>", "")]
    [InlineData(Project, "<NoWarn>$(NoWarn);CS1591</NoWarn>", "project-duty:0")]
    [InlineData(Tests, "<NoWarn>$(NoWarn);CS1591</NoWarn>", "")]
    [InlineData("Directory.Build.props", "<NoWarn>1591</NoWarn>", "project-duty:0")]
    [InlineData("Directory.Build.props", "<IsTestCode>true</IsTestCode><NoWarn>1591</NoWarn>", "")]
    [InlineData(Project, "<GenerateDocumentationFile>false</GenerateDocumentationFile>", "project-duty:0")]
    [InlineData(Project, "<Nullable>disable</Nullable>", "project-duty:0")]
    [InlineData(Tests, "<TreatWarningsAsErrors>false</TreatWarningsAsErrors>", "project-duty:0")]
    [InlineData(Project, "<WarningsNotAsErrors>CS0618</WarningsNotAsErrors>", "project-duty:0")]
    [InlineData(Project, "<PackageReference Include=\"Marten\" />", "")]
    [InlineData(Project, "<PackageReference Include=\"Marten\" Version=\"9.58.0\" />", "project-duty:0")]
    [InlineData(Packages, "<PackageVersion Include=\"Marten\" Version=\"9.58.0\" />", "")]
    [InlineData(Packages, "<PackageVersion Include=\"Marten\" Version=\"9.*\" />", "project-duty:0")]
    [InlineData(Packages, "<PackageVersion Include=\"Marten\" Version=\"[9.58.0,)\" />", "project-duty:0")]
    public void a_duty_switched_off_is_found(string path, string setting, string expected)
    {
        var build = $"<Project><PropertyGroup>{setting}</PropertyGroup></Project>";
        Assert.Equal(expected, TheRepository.Finds(ProjectDuties.Find, path, build));
    }

    [Fact]
    public void a_project_outside_the_solution_is_found()
    {
        var project = RepositoryFile.Sample(Tests, "<Project />");
        var listed = RepositoryFile.Sample("CreditBank.sln", $"\"{Tests.Replace('/', '\\')}\"");
        var empty = RepositoryFile.Sample("CreditBank.sln", "");
        Assert.Equal("", TheRepository.Finds(ProjectDuties.Find, listed, project));
        Assert.Equal("project-duty:0", TheRepository.Finds(ProjectDuties.Find, empty, project));
    }

    [Fact]
    public void a_missing_summary_silenced_in_source_is_found() =>
        Assert.Equal(
            "project-duty:1",
            TheRepository.Finds(ProjectDuties.Find, "src/A.cs", "#pragma warning disable CS0618, CS1591 // old")
        );
}

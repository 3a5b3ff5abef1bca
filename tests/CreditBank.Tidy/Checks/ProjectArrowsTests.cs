namespace CreditBank.Tidy.Checks;

public class ProjectArrowsTests
{
    private const string Kernel = "src/CreditBank.Kernel/CreditBank.Kernel.csproj";
    private const string Ledger = "src/CreditBank.Ledger/CreditBank.Ledger.csproj";

    [Fact]
    public void rooms_know_only_what_the_arrows_allow() => TheRepository.Keeps(ProjectArrows.Find);

    [Theory]
    [InlineData(Kernel, "<PackageReference Include=\"NodaTime\" />", "")]
    [InlineData(Kernel, "<PackageReference Include=\"Npgsql\" />", "project-arrow:0")]
    [InlineData(
        Kernel,
        "<ProjectReference Include=\"../CreditBank.Rules/CreditBank.Rules.csproj\" />",
        "project-arrow:0"
    )]
    [InlineData(Kernel, "<FrameworkReference Include=\"Microsoft.AspNetCore.App\" />", "project-arrow:0")]
    [InlineData(Ledger, "<ProjectReference Include=\"../CreditBank.Kernel/CreditBank.Kernel.csproj\" />", "")]
    [InlineData(
        Ledger,
        "<ProjectReference Include=\"..\\CreditBank.Api\\CreditBank.Api.csproj\" />",
        "project-arrow:0"
    )]
    [InlineData(Ledger, "<PackageReference Include=\"Marten\" />", "project-arrow:0")]
    [InlineData("src/CreditBank.Api/CreditBank.Api.csproj", "<PackageReference Include=\"Marten\" />", "")]
    [InlineData("src/CreditBank.New/CreditBank.New.csproj", "", "project-arrow:0")]
    public void a_reference_against_the_arrows_is_found(string path, string reference, string expected)
    {
        var project = $"<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup>{reference}</ItemGroup></Project>";
        Assert.Equal(expected, TheRepository.Finds(ProjectArrows.Find, path, project));
    }

    [Fact]
    public void another_sdk_in_a_pure_room_is_found() =>
        Assert.Equal(
            "project-arrow:0",
            TheRepository.Finds(ProjectArrows.Find, Kernel, "<Project Sdk=\"Microsoft.NET.Sdk.Web\"></Project>")
        );

    [Theory]
    [InlineData("Ledger", "using Marten;", "known-framework:1")]
    [InlineData("Ledger", "\nusing static Wolverine.Http.X;", "known-framework:2")]
    [InlineData("Rules", "var s = global::JasperFx.Events.E.New();", "known-framework:1")]
    [InlineData("Postgres", "using Microsoft.AspNetCore.Http;", "known-framework:1")]
    [InlineData("Postgres", "using Npgsql;", "")]
    [InlineData("Ledger", "using Npgsql;", "known-framework:1")]
    [InlineData("Ledger", "// using Marten;\nvar s = \"using Marten;\";", "")]
    [InlineData("Ledger", "using CreditBank.Marten;", "")]
    [InlineData("Api", "using Marten;", "")]
    public void a_framework_in_a_pure_room_is_found(string room, string code, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(ProjectArrows.Find, $"src/CreditBank.{room}/A.cs", code));
}

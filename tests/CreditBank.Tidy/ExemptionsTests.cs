using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy;

public class ExemptionsTests
{
    [Fact]
    public void every_exemption_is_still_needed()
    {
        var findings = TheRepository.Checks.SelectMany(check => check(Repository.Files)).ToList();
        var idle = Exemptions.All.Where(exemption => !findings.Any(exemption.Covers));
        Assert.Empty(idle);
    }

    [Fact]
    public void every_exemption_gives_a_reason() =>
        Assert.DoesNotContain(Exemptions.All, exemption => exemption.Reason.Length < 20);

    [Theory]
    [InlineData("history", "src/A.cs", true)]
    [InlineData("history", "src/A.cs.cs", false)]
    [InlineData("wall-clock", "src/A.cs", false)]
    [InlineData("floating-point", "src/Timing/B.cs", true)]
    [InlineData("floating-point", "src/Timing.cs", false)]
    public void an_exemption_covers_its_rule_in_its_file_or_folder(string rule, string path, bool isCovered)
    {
        Exemption[] exemptions = [new("history", "src/A.cs", ""), new("floating-point", "src/Timing/", "")];
        var finding = new Finding(rule, path, 1, "");
        Assert.Equal(isCovered, exemptions.Any(exemption => exemption.Covers(finding)));
    }
}

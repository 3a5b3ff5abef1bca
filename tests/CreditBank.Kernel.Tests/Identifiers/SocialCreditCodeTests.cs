using CreditBank.Kernel.Identifiers;

namespace CreditBank.Kernel.Tests.Identifiers;

public sealed class SocialCreditCodeTests
{
    [Theory]
    [InlineData("12100000425006117P")]
    [InlineData("1210000042500615X0")] // a sum that 31 divides
    [InlineData("91350100M000100Y43")] // the sample used with the standard
    [InlineData("91110000101623741K")]
    [InlineData("911101066976941872")]
    [InlineData("12310000000000019X")]
    [InlineData("52310104000000027K")]
    [InlineData("91310115MA0000015C")]
    [InlineData("123100000000001900")] // a sum that 31 divides
    [InlineData("12310000000000377Y")] // one more than such a sum
    public void a_code_that_checks_is_read_as_it_stands(string text)
    {
        Assert.True(SocialCreditCode.TryParse(text, out var code, out var problem));
        Assert.Null(problem);
        Assert.Equal(text, code.Value);
        Assert.Equal(text, code.ToString());
    }

    [Theory]
    [InlineData("91310115MA1H8R7C6D", "identifier.checksum")] // 7 is right
    [InlineData("91350211M0000XUF46", "identifier.checksum")] // really issued, so that a person may overrule
    [InlineData("12100000425006117Q", "identifier.checksum")]
    [InlineData("12100000425006117O", "identifier.shape")] // the letter O is not used
    [InlineData("I2100000425006117P", "identifier.shape")]
    [InlineData("12S00000425006117P", "identifier.shape")]
    [InlineData("1210000A425006117P", "identifier.shape")] // an area is digits
    [InlineData("12100000425006117", "identifier.shape")]
    [InlineData("12100000425006117PP", "identifier.shape")]
    [InlineData("12100000 425006117P", "identifier.shape")]
    [InlineData("１２100000425006117P", "identifier.shape")]
    [InlineData("", "identifier.shape")]
    [InlineData(null, "identifier.shape")]
    public void what_does_not_check_is_named(string? text, string problem)
    {
        Assert.False(SocialCreditCode.TryParse(text, out var code, out var problemCode));
        Assert.Equal(problem, problemCode);
        Assert.Equal(default, code);
    }

    [Fact]
    public void small_letters_become_capitals()
    {
        Assert.True(SocialCreditCode.TryParse("91350100m000100y43", out var code, out _));
        Assert.Equal("91350100M000100Y43", code.Value);
    }

    [Theory]
    [InlineData("12100000425006117P", true)]
    [InlineData("1210000042500615X0", true)] // a check of X
    [InlineData("91350100M000100Y43", true)]
    [InlineData("91110000101623741K", true)]
    [InlineData("911101066976941872", true)]
    [InlineData("12100000425006128U", false)] // the outer check fits a wrong inner one
    public void the_organisation_code_inside_is_reported_separately(string text, bool fits)
    {
        Assert.True(SocialCreditCode.TryParse(text, out var code, out _));
        Assert.Equal(fits, code.HasValidOrganisationCode);
    }
}

using CreditBank.Kernel.Identifiers;
using NodaTime;

namespace CreditBank.Kernel.Tests.Identifiers;

public sealed class ResidentIdTests
{
    [Theory]
    [InlineData("11010519491231002X")] // the published sample
    [InlineData("440524188001010014")] // born in 1880
    [InlineData("34052419800101001X")] // the standard's own example
    [InlineData("310101190001010011")] // a sum that 11 divides
    [InlineData("31010119000101002X")]
    [InlineData("310101190001010070")]
    [InlineData("310115190006300032")]
    [InlineData("310104190012310043")]
    [InlineData("810000190001010050")] // Hong Kong and Macau
    [InlineData("830000190001010062")] // Taiwan
    [InlineData("310101200002290015")] // 2000 was a leap year
    public void a_number_that_checks_is_read_as_it_stands(string text)
    {
        Assert.True(ResidentId.TryParse(text, out var id, out var problem));
        Assert.Null(problem);
        Assert.Equal(text, id.Value);
    }

    [Theory]
    [InlineData("310101190001010017", "identifier.checksum")] // the last digit should be 1
    [InlineData("110105194912310021", "identifier.checksum")] // should be X
    [InlineData("110105194912310012X", "identifier.shape")]
    [InlineData("310115190002290017", "identifier.date")] // 1900 was no leap year
    [InlineData("310101200013010015", "identifier.date")] // month 13
    [InlineData("310101200000010016", "identifier.date")] // month 0
    [InlineData("310101200001000012", "identifier.date")] // day 0
    [InlineData("310101200004310016", "identifier.date")] // 31 April
    [InlineData("310101179912310018", "identifier.date")] // before 1800
    [InlineData("310101000001010011", "identifier.date")] // year 0
    [InlineData("", "identifier.shape")]
    [InlineData(null, "identifier.shape")]
    [InlineData("11010519491231002", "identifier.shape")] // one character short
    [InlineData("110105194912310 2X", "identifier.shape")]
    [InlineData(" 11010519491231002X", "identifier.shape")]
    [InlineData("11010519491231002X\n", "identifier.shape")]
    [InlineData("X1010519491231002X", "identifier.shape")]
    [InlineData("11010519491231002Ｘ", "identifier.shape")] // full width
    [InlineData("１１０１０５１９４９１２３１００２Ｘ", "identifier.shape")]
    [InlineData("٣١٠١٠١١٩٠٠٠١٠١٠٠١١", "identifier.shape")] // Arabic digits
    [InlineData("010105194912310026", "identifier.shape")] // no area begins with 0
    [InlineData("911156199001010010", "identifier.shape")] // a permanent residence number
    [InlineData("-10105194912310021", "identifier.shape")]
    public void what_does_not_check_is_named(string? text, string problem)
    {
        Assert.False(ResidentId.TryParse(text, out var id, out var code));
        Assert.Equal(problem, code);
        Assert.Equal(default, id);
    }

    [Theory]
    [InlineData("11010519491231002x", "11010519491231002X")]
    [InlineData("110105491231002", "11010519491231002X")]
    [InlineData("340524800101001", "34052419800101001X")]
    [InlineData("310101000101001", "310101190001010011")] // the century is 19
    public void older_and_careless_forms_become_todays(string text, string value)
    {
        Assert.True(ResidentId.TryParse(text, out var id, out _));
        Assert.Equal(value, id.Value);
    }

    [Theory]
    [InlineData("110105491331002", "identifier.date")]
    [InlineData("110105000229002", "identifier.date")] // 29 February 1900
    [InlineData("11010549123100X", "identifier.shape")]
    [InlineData("１10105491231002", "identifier.shape")]
    [InlineData("010105491231002", "identifier.shape")]
    public void an_old_number_is_checked_too(string text, string problem)
    {
        Assert.False(ResidentId.TryParse(text, out _, out var code));
        Assert.Equal(problem, code);
    }

    [Fact]
    public void nobody_is_born_after_today_but_somebody_may_be_born_today()
    {
        var bornOn = new LocalDate(1949, 12, 31);
        Assert.True(ResidentId.TryParse("11010519491231002X", bornOn, out _, out _));
        Assert.False(ResidentId.TryParse("11010519491231002X", bornOn.PlusDays(-1), out _, out var problem));
        Assert.Equal("identifier.future", problem);
    }

    [Fact]
    public void its_text_does_not_show_it()
    {
        Assert.True(ResidentId.TryParse("11010519491231002X", out var id, out _));
        Assert.DoesNotContain("1949", $"{id}", StringComparison.Ordinal);
    }

    [Fact]
    public void every_single_mistyped_character_and_every_swap_of_neighbours_is_found()
    {
        const string Number = "440524188001010014";
        for (var at = 0; at < Number.Length; at++)
        {
            foreach (var typed in "0123456789X".Where(typed => typed != Number[at]))
            {
                var wrong = Number.ToCharArray();
                wrong[at] = typed;
                Assert.False(ResidentId.TryParse(new string(wrong), out _, out _));
            }

            if (at > 0 && Number[at] != Number[at - 1])
            {
                var swapped = Number.ToCharArray();
                (swapped[at], swapped[at - 1]) = (swapped[at - 1], swapped[at]);
                Assert.False(ResidentId.TryParse(new string(swapped), out _, out _));
            }
        }
    }
}

using CreditBank.Kernel.Identifiers;
using NodaTime;

namespace CreditBank.Kernel.Tests.Identifiers;

public sealed class IdentityNumberScanTests
{
    private static readonly LocalDate Today = new(2026, 9, 1);

    [Theory]
    [InlineData("11010519491231002X")]
    [InlineData("11010519491231002x")]
    [InlineData("S-11010519491231002X-2024")]
    [InlineData("202411010519491231002X")] // glued to a year
    [InlineData("4405241880010100142024")]
    [InlineData("110105-19491231-002X")]
    [InlineData("110105 19491231 002X")]
    [InlineData("110105.19491231.002x/1")]
    [InlineData("１１０１０５１９４９１２３１００２Ｘ")]
    [InlineData("学号１１０１０５１９４９１２３１００２ｘ号")]
    [InlineData("110105491231002")] // as issued until 1999
    [InlineData("rec/110105491231002")]
    [InlineData("911156199001010010")] // a permanent residence number
    public void an_identity_number_is_found_wherever_it_stands(string text) =>
        Assert.True(IdentityNumberScan.LooksLikeIdentityNumber(text, Today));

    [Theory]
    [InlineData("")]
    [InlineData("2024-0001")]
    [InlineData("COMP130001.01")]
    [InlineData("REC-2024-09-01-000123")]
    [InlineData("4131010246")] // a school
    [InlineData("10246202409010001")] // school, day, number
    [InlineData("102460202409010013")] // eighteen digits, and no province
    [InlineData("20240901103000123")]
    [InlineData("202409011030001234")]
    [InlineData("202409010000123")] // fifteen digits
    [InlineData("310115240901001")] // fifteen digits: district, day in two-digit years, number
    [InlineData("310115202409010027")] // eighteen digits: district, recent day, number; checks by chance
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    [InlineData("12100000425006117P")] // a social credit code
    [InlineData("1234567890123456789012345678901234567890")]
    [InlineData("310101190001010017")] // wrong check character
    [InlineData("310115190002290017")] // no such day
    [InlineData("1101054912310021")] // sixteen digits
    [InlineData("acc-7f-0123456789abcdefghjk")]
    public void an_ordinary_record_id_raises_no_alarm(string text) =>
        Assert.False(IdentityNumberScan.LooksLikeIdentityNumber(text, Today));

    [Fact]
    public void without_a_day_to_compare_with_every_birth_counts() =>
        Assert.True(IdentityNumberScan.LooksLikeIdentityNumber("310115202409010027"));

    [Fact]
    public void running_numbers_raise_no_alarm()
    {
        for (var number = 0; number < 20_000; number++)
        {
            Assert.False(IdentityNumberScan.LooksLikeIdentityNumber($"31011520260901{number:0000}", Today));
            Assert.False(IdentityNumberScan.LooksLikeIdentityNumber($"1024620260901{number:00000}", Today));
            Assert.False(IdentityNumberScan.LooksLikeIdentityNumber($"{1_790_000_000_000_000_000 + number}", Today));
        }
    }
}

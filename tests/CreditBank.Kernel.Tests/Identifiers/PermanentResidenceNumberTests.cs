using CreditBank.Kernel.Identifiers;
using NodaTime;

namespace CreditBank.Kernel.Tests.Identifiers;

public sealed class PermanentResidenceNumberTests
{
    [Theory]
    [InlineData("911156199001010010", "911156199001010010")]
    [InlineData("USA310090010112", "USA310090010112")]
    [InlineData("usa310090010112", "USA310090010112")]
    [InlineData("USA310000022912", "USA310000022912")] // 29 February 2000
    public void old_and_new_numbers_are_read(string text, string value)
    {
        Assert.True(PermanentResidenceNumber.TryParse(text, null, out var number, out var problem), problem);
        Assert.Equal(value, number.Value);
        Assert.DoesNotContain(value, $"{number}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("911156199001010011", "identifier.checksum")]
    [InlineData("11010519491231002X", "identifier.shape")] // a resident id
    [InlineData("USA310090130112", "identifier.date")]
    [InlineData("USA310001022912", "identifier.date")] // 29 February in neither 1901 nor 2001
    [InlineData("US1310090010112", "identifier.shape")]
    [InlineData("USA31009001011", "identifier.shape")]
    [InlineData("USA3100900101１2", "identifier.shape")]
    [InlineData("", "identifier.shape")]
    [InlineData(null, "identifier.shape")]
    public void what_does_not_check_is_named(string? text, string problem)
    {
        Assert.False(PermanentResidenceNumber.TryParse(text, null, out _, out var code));
        Assert.Equal(problem, code);
    }

    [Fact]
    public void nobody_is_born_after_today()
    {
        var today = new LocalDate(1989, 12, 31);
        Assert.False(PermanentResidenceNumber.TryParse("911156199001010010", today, out _, out var problem));
        Assert.Equal("identifier.future", problem);
    }
}

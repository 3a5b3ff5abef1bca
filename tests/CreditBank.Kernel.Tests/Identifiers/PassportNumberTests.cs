using CreditBank.Kernel.Identifiers;

namespace CreditBank.Kernel.Tests.Identifiers;

public sealed class PassportNumberTests
{
    [Theory]
    [InlineData("E12345678", "E12345678")]
    [InlineData("e1234 5678", "E12345678")]
    [InlineData("EA-1234567", "EA1234567")]
    [InlineData("12345", "12345")]
    [InlineData("ABCDEFGHIJ0123456789", "ABCDEFGHIJ0123456789")]
    [InlineData(" AB CDE-FGHIJ 0123456789 ", "ABCDEFGHIJ0123456789")]
    public void a_plausible_number_is_read_in_capitals(string text, string value)
    {
        Assert.True(PassportNumber.TryParse(text, out var number, out _));
        Assert.Equal(value, number.Value);
        Assert.DoesNotContain(value, $"{number}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1234")]
    [InlineData("- - - - -")]
    [InlineData("ABCDEFGHIJ01234567890")]
    [InlineData("E1234567８")]
    [InlineData("É12345678")]
    [InlineData("E1234\t5678")]
    [InlineData("ı12345678")] // its capital is an I, and still it is not one
    [InlineData("")]
    [InlineData(null)]
    public void anything_else_has_the_wrong_shape(string? text)
    {
        Assert.False(PassportNumber.TryParse(text, out _, out var problem));
        Assert.Equal("identifier.shape", problem);
    }
}

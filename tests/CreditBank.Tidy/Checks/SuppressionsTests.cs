namespace CreditBank.Tidy.Checks;

public class SuppressionsTests
{
    [Fact]
    public void a_warning_is_switched_off_only_with_a_reason() => TheRepository.Keeps(Suppressions.Find);

    [Theory]
    [InlineData("#pragma warning disable CA1031", "unreasoned-suppression:1")]
    [InlineData("#pragma warning disable CA1031 // The edge turns every error into an answer.", "")]
    [InlineData("// The edge turns every error into an answer.\n#pragma warning disable CA1031", "")]
    [InlineData("#nullable disable", "unreasoned-suppression:1")]
    [InlineData("#pragma warning restore CA1031", "")]
    [InlineData("[SuppressMessage(\"Design\", \"CA1031\")]", "unreasoned-suppression:1")]
    [InlineData("[SuppressMessage(\"Design\", \"CA1031\", Justification = \"The edge.\")]", "")]
    [InlineData("var s = \"#pragma warning disable\";", "")]
    public void an_unreasoned_suppression_in_source_is_found(string code, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(Suppressions.Find, "src/A.cs", code));

    [Theory]
    [InlineData("<Project>\n  <NoWarn>NU1510</NoWarn>\n</Project>", "unreasoned-suppression:2")]
    [InlineData("<Project>\n  <!-- Because. -->\n  <NoWarn>NU1510</NoWarn>\n</Project>", "")]
    public void an_unreasoned_suppression_in_a_build_file_is_found(string build, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(Suppressions.Find, "src/A/A.csproj", build));
}

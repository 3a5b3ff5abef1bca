namespace CreditBank.Tidy.Checks;

public class UnfinishedWorkTests
{
    // In parts, or this sample would be a finding in the documents' check.
    private const string Remark = "TO" + "DO";

    [Fact]
    public void nothing_is_left_for_later() => TheRepository.Keeps(UnfinishedWork.Find);

    [Theory]
    [InlineData("src/A.cs", "var a = 1; // " + Remark + " count", "unfinished:1")]
    [InlineData("src/A.cs", "\n/* FIX" + "ME */", "unfinished:2")]
    [InlineData("src/A.cs", "throw new NotImplementedException();", "unfinished:1")]
    [InlineData("src/A.cs", "var s = \"" + Remark + "\"; // Todos of learners", "")]
    [InlineData("specs/a.md", "# A\n" + Remark + ": write", "unfinished:2")]
    [InlineData("specs/rules/a.yaml", "value: 3 # HA" + "CK", "unfinished:1")]
    public void unfinished_work_is_found(string path, string text, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(UnfinishedWork.Find, path, text));
}

using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

public class FileShapeTests
{
    [Fact]
    public void files_are_short_and_plain() => TheRepository.Keeps(FileShape.Find);

    [Theory]
    [InlineData("src/A.cs", 400, "")]
    [InlineData("src/A.cs", 401, "file-length:401")]
    [InlineData("specs/rules/a.yaml", 401, "")]
    [InlineData("src/CreditBank.Api/Internal/Generated/A.cs", 401, "")]
    public void a_long_file_is_found(string path, int lines, string expected) =>
        Assert.Equal(
            expected,
            TheRepository.Finds(FileShape.Find, path, string.Concat(Enumerable.Repeat("a\n", lines)))
        );

    [Fact]
    public void a_long_line_is_found()
    {
        var fits = new string('a', 120) + "\n";
        var link = "/// see https://example.org/" + new string('a', 120) + "\n";
        Assert.Equal("", TheRepository.Finds(FileShape.Find, "src/A.cs", fits + link));
        Assert.Equal("line-length:2", TheRepository.Finds(FileShape.Find, "src/A.cs", fits + "a" + fits));
    }

    [Theory]
    [InlineData("src/A.cs", "a\n", "")]
    [InlineData("src/A.cs", "", "")]
    [InlineData("src/A.cs", "a\r\nb\n", "line-end:1")]
    [InlineData("README.md", "a\nb", "final-line-feed:2")]
    [InlineData("tests/A.b.verified.json", "{}", "")]
    [InlineData("specs/vectors/leaf.json", "{}", "")]
    public void a_wrong_line_end_is_found(string path, string text, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(FileShape.Find, path, text));

    [Theory]
    [InlineData("src/A.cs", "byte-order-mark:1")]
    [InlineData("CreditBank.sln", "")]
    public void a_byte_order_mark_is_found(string path, string expected)
    {
        var sample = RepositoryFile.Sample(path, [0xEF, 0xBB, 0xBF, (byte)'\n']);
        Assert.Equal(expected, TheRepository.Finds(FileShape.Find, sample));
    }

    [Fact]
    public void bytes_that_are_no_text_have_no_shape() =>
        Assert.Equal("", TheRepository.Finds(FileShape.Find, RepositoryFile.Sample("specs/a.bin", [0, (byte)'\r'])));
}

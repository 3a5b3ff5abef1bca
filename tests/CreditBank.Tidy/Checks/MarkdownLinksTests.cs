using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

public class MarkdownLinksTests
{
    [Fact]
    public void every_link_leads_somewhere() => TheRepository.Keeps(MarkdownLinks.Find);

    [Theory]
    [InlineData("[a](b.md)", "")]
    [InlineData("[a](c.md)", "dangling-link:1")]
    [InlineData("one\n[a](../missing/)", "dangling-link:2")]
    [InlineData("[a](../src/) [b](../README.md \"title\") [c](/specs/b.md) ![d](d%20e.png)", "")]
    [InlineData("[a](https://example.org/x) [b](mailto:a@example.org)", "")]
    [InlineData("[a](b.md#the-way-of-学分-it-is) [b](b.md#twice-1) [c](#here)\n# Here", "")]
    [InlineData("[a](b.md#elsewhere)", "dangling-link:1")]
    [InlineData("[a](#elsewhere)", "dangling-link:1")]
    [InlineData("[a]: gone.md", "dangling-link:1")]
    [InlineData("```\n[a](gone.md)\n```\n`[a](gone.md)`", "")]
    public void a_dangling_link_is_found(string text, string expected)
    {
        var found = TheRepository.Finds(
            MarkdownLinks.Find,
            RepositoryFile.Sample("specs/a.md", text),
            RepositoryFile.Sample(
                "specs/b.md",
                "# The way of 学分: it is!\n\n## Twice\n## Twice\n```\n# elsewhere\n```\n"
            ),
            RepositoryFile.Sample("specs/d e.png", [0]),
            RepositoryFile.Sample("src/A.cs", ""),
            RepositoryFile.Sample("README.md", "")
        );
        Assert.Equal(expected, found);
    }
}

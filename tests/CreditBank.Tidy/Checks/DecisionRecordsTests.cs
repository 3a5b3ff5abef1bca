using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

public class DecisionRecordsTests
{
    private const string Sound = "# Books\n\nStatus: accepted\nDate: 2026-01-31\n";

    [Fact]
    public void decisions_are_numbered_dated_and_have_a_status() => TheRepository.Keeps(DecisionRecords.Find);

    [Theory]
    [InlineData("0001-books.md", Sound, "")]
    [InlineData("0001-books.md", "- **Status**: superseded by 0002\n- **Date**: 2026-01-31\n", "")]
    [InlineData("0001-books.md", "# Books\n\nDate: 2026-01-31\n", "decision-record:0")]
    [InlineData("0001-books.md", "# Books\n\nStatus: perhaps\nDate: soon\n", "decision-record:0 decision-record:0")]
    [InlineData("0003-books.md", Sound, "decision-record:0")]
    [InlineData("books.md", Sound, "decision-record:0")]
    public void a_record_without_its_lines_is_found(string name, string text, string expected)
    {
        var readMe = RepositoryFile.Sample("specs/decisions/README.md", "");
        var record = RepositoryFile.Sample($"specs/decisions/{name}", text);
        Assert.Equal(expected, TheRepository.Finds(DecisionRecords.Find, readMe, record));
    }

    [Fact]
    public void a_gap_and_a_number_used_twice_are_found()
    {
        string Names(params string[] names) =>
            TheRepository.Finds(
                DecisionRecords.Find,
                [.. names.Select(name => RepositoryFile.Sample($"specs/decisions/{name}.md", Sound))]
            );
        Assert.Equal("", Names("0002-b", "0001-a"));
        Assert.Equal("decision-record:0", Names("0001-a", "0003-c"));
        Assert.Equal("decision-record:0", Names("0001-a", "0001-b"));
    }
}

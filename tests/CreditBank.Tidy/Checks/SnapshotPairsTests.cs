using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

public class SnapshotPairsTests
{
    private const string Folder = "tests/CreditBank.Api.Tests/";

    [Fact]
    public void every_snapshot_has_its_test() => TheRepository.Keeps(SnapshotPairs.Find);

    [Theory]
    [InlineData("EventTests.an_event.verified.json", "")]
    [InlineData("EventTests.an_event_level=3_kind=a.b.verified.json", "")]
    [InlineData("named.verified.txt", "")]
    [InlineData("EventTests.an_old_event.verified.json", "dangling-snapshot:0")]
    [InlineData("EventTests.an_event_more.verified.json", "dangling-snapshot:0")]
    [InlineData("EventTests.an_eve.verified.json", "dangling-snapshot:0")]
    [InlineData("OldTests.an_event.verified.json", "dangling-snapshot:0")]
    [InlineData("unnamed.verified.txt", "dangling-snapshot:0")]
    [InlineData("EventTests.an_event.received.json", "received-snapshot:0")]
    public void a_snapshot_without_its_test_is_found(string name, string expected)
    {
        const string Code = """
            public async Task an_event(int level) => await Verify(level);
            public void named() => settings.UseFileName("named");
            """;
        var source = RepositoryFile.Sample(Folder + "EventTests.cs", Code);
        var snapshot = RepositoryFile.Sample(Folder + name, "");
        Assert.Equal(expected, TheRepository.Finds(SnapshotPairs.Find, source, snapshot));
    }
}

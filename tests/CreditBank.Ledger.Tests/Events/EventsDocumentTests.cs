namespace CreditBank.Ledger.Tests.Events;

public sealed class EventsDocumentTests
{
    [Fact]
    public async Task the_document_names_every_event_and_field_as_they_are_stored()
    {
        var path = Path.Combine(RepositoryRoot.Path, "specs", "events.md");
        var document = (await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n");
        var begin = document.IndexOf(EventsDocument.Heading, StringComparison.Ordinal);
        Assert.True(begin >= 0, $"specs/events.md has no line {EventsDocument.Heading}");

        var expected = document[..begin] + EventsDocument.Catalogue();

        if (document != expected)
        {
            await File.WriteAllTextAsync(Path.ChangeExtension(path, ".received.md"), expected);
            Assert.Fail("Events changed. If they should: mv specs/events.received.md specs/events.md");
        }
    }
}

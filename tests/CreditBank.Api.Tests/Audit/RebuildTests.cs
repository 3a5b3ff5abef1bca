namespace CreditBank.Api.Tests.Audit;

/// <summary>Every projection there is, thrown away and made again from the events.</summary>
public sealed class RebuildTests(JourneyLedger ledger) : IClassFixture<JourneyLedger>
{
    [Fact]
    public async Task every_projection_that_is_made_again_gives_the_same_documents_byte_for_byte()
    {
        await Projections.CaughtUp(ledger.Books);
        var all = Projections.All(ledger.Books);
        Assert.True(all.Count >= 11, string.Join(' ', all.Keys));
        foreach (var (name, types) in all)
        {
            var before = await Kept(types);
            Assert.True(before.Count > 0 && before.All(documents => documents.Count > 0), $"{name} keeps nothing.");

            await Projections.Rebuild(ledger.Books, name);

            await Projections.CaughtUp(ledger.Books);
            foreach (var (first, again) in before.Zip(await Kept(types)))
            {
                Assert.Equal(first, again);
            }
        }
    }

    private async Task<List<IReadOnlyList<string>>> Kept(Type[] types)
    {
        var kept = new List<IReadOnlyList<string>>();
        foreach (var type in types)
        {
            kept.Add(await Projections.DocumentsOf(ledger.Books, type));
        }

        return kept;
    }
}

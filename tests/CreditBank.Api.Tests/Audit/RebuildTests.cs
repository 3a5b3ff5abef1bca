using CreditBank.Api.Tests.Support;
using CreditBank.Ledger;
using CreditBank.Ledger.Journal;
using Marten;

namespace CreditBank.Api.Tests.Audit;

/// <summary>Every projection there is, thrown away and made again from the events.</summary>
public sealed class RebuildTests(JourneyLedger ledger) : IClassFixture<JourneyLedger>
{
    [Fact]
    public async Task every_projection_that_is_made_again_gives_the_same_documents_byte_for_byte()
    {
        var deposits = Enumerable.Range(0, 100);
        await Life.Begin(
            ledger.Service,
            id => [.. deposits.SelectMany(number => Life.Deposit(id, "fudan", $"{id}-{number}", 1.5m))]
        );
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

    /// <summary>What pages do not read must not be all that a transaction recorded.</summary>
    [Fact]
    public async Task every_transaction_of_an_account_has_an_event_that_its_pages_read()
    {
        await ledger.EventsAsync();
        var read = EventCatalogue.StandingAlone.Concat(DoubleEntry.MovingTypes).ToHashSet();
        foreach (var book in ledger.Books.Learners)
        {
            await using var session = ledger.Books.Read(book);
            var events = await session
                .Events.QueryAllRawEvents()
                .Where(e => e.StreamKey!.StartsWith("acc-"))
                .ToListAsync();
            foreach (var together in events.GroupBy(e => (e.StreamKey, e.Timestamp)))
            {
                Assert.True(
                    together.Any(e => e.Version == 1 || read.Contains(e.EventType)),
                    string.Join(' ', together.Select(e => e.EventTypeName))
                );
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

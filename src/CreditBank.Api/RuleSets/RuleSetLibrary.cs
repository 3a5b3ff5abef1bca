using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Rules;
using Marten;
using NodaTime;

namespace CreditBank.Api.RuleSets;

/// <summary>
/// Every published rule set, held in memory. Read from storage, so that what decides is what was published.
/// </summary>
public sealed class RuleSetLibrary(LedgerBooks books)
{
    private volatile RuleSetCatalog catalog = RuleSetCatalog.Empty;

    /// <summary>All published versions.</summary>
    public RuleSetCatalog Catalog => catalog;

    /// <summary>The version of a family that is in force on a day.</summary>
    /// <exception cref="InvalidOperationException">The family has none; the service starts with one for its own
    /// family.</exception>
    public RuleSet InForce(string family, LocalDate on) =>
        catalog.InForce(family, on)
        ?? throw new InvalidOperationException($"No rule set of family {family} is in force on {on:uuuu-MM-dd}.");

    /// <summary>Reads the versions that are published but not held yet.</summary>
    /// <exception cref="InvalidOperationException">A published text is not what its hash says, or cannot be
    /// read.</exception>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var records = await session.Query<RuleSetRecord>().ToListAsync(cancellation);
        var fresh = records.Where(record => catalog.Find(record.RuleSetVersion) is null).ToList();
        var texts = await session.LoadManyAsync<RuleSetText>(cancellation, [.. fresh.Select(record => record.Hash)]);
        var grown = catalog;
        foreach (var record in fresh)
        {
            var text = texts.Single(candidate => candidate.Id == record.Hash);
            var result = RuleSet.FromCanonicalJson(text.CanonicalJson);
            if (result.RuleSet is not { } rules || rules.Hash != record.Hash || rules.Version != record.RuleSetVersion)
            {
                throw new InvalidOperationException($"The published text of {record.RuleSetVersion} was altered.");
            }

            grown = grown.With(rules);
        }

        catalog = grown;
    }
}

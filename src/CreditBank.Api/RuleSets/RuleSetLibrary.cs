using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Rules;
using Marten;
using NodaTime;

namespace CreditBank.Api.RuleSets;

/// <summary>
/// Every published rule set, held in memory. Read from storage, so that what decides is what was published.
/// </summary>
public sealed class RuleSetLibrary(LedgerBooks books) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile RuleSetCatalog catalog = RuleSetCatalog.Empty;

    /// <summary>All published versions, with their retirements.</summary>
    public RuleSetCatalog Catalog => catalog;

    /// <summary>The families of which a version is published.</summary>
    public IReadOnlySet<string> Families => catalog.All.Select(rules => rules.Family).ToHashSet();

    /// <summary>The version of a family that is in force on a day.</summary>
    /// <exception cref="InvalidOperationException">The family has none; the service starts with one for its own
    /// family.</exception>
    public RuleSet InForce(string family, LocalDate on) =>
        catalog.InForce(family, on)
        ?? throw new InvalidOperationException($"No rule set of family {family} is in force on {on:uuuu-MM-dd}.");

    /// <summary>
    /// Reads again when one of the versions is not held: another server may have published it just now.
    /// </summary>
    public Task EnsureAsync(IEnumerable<string> versions, CancellationToken cancellation) =>
        versions.All(version => catalog.Find(version) is not null) ? Task.CompletedTask : RefreshAsync(cancellation);

    /// <summary>Reads the versions that are published but not held yet, and all retirements.</summary>
    /// <exception cref="InvalidOperationException">A published text is not what its hash says, or cannot be
    /// read.</exception>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            catalog = await ReadAsync(catalog, cancellation);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private async Task<RuleSetCatalog> ReadAsync(RuleSetCatalog held, CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var records = (await session.Query<RuleSetRecord>().ToListAsync(cancellation))
            .Where(record => record.State != RuleSetStates.Draft)
            .ToList();
        var fresh = records.Where(record => held.Find(record.RuleSetVersion) is null).ToList();
        var texts = await session.LoadManyAsync<RuleSetText>(cancellation, [.. fresh.Select(record => record.Hash)]);
        foreach (var record in fresh)
        {
            held = held.With(Verified(record, texts.Single(candidate => candidate.Id == record.Hash)));
        }

        return held.Retiring(
            records
                .Where(record => record.RetiredOn is not null)
                .ToDictionary(record => record.RuleSetVersion, record => record.RetiredOn!.Value)
        );
    }

    /// <summary>The rule set of a stored text.</summary>
    /// <exception cref="InvalidOperationException">The text is not what the record says.</exception>
    public static RuleSet Verified(RuleSetRecord record, RuleSetText text)
    {
        var result = RuleSet.FromCanonicalJson(text.CanonicalJson);
        return result.RuleSet is { } rules && rules.Hash == record.Hash && rules.Version == record.RuleSetVersion
            ? rules
            : throw new InvalidOperationException($"The stored text of {record.RuleSetVersion} was altered.");
    }
}

/// <summary>Looks every few seconds for what other servers published or retired.</summary>
public sealed class RuleSetWatch(RuleSetLibrary library, ILogger<RuleSetWatch> log) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await library.RefreshAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogWarning(fault, "The published rule sets could not be read; the next look is in {Pace}.", Pace);
            }
        }
    }
}

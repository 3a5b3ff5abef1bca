using CreditBank.Api.Merges;
using CreditBank.Api.RuleSets;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Prepares storage before anything else starts: brings the schema up to date, deals the buckets to books when the
/// ledger is new, guards history, opens the books that storage remembers and publishes the shipped rule sets.
/// </summary>
public sealed class BookKeeping(
    LedgerBooks books,
    BookSettings settings,
    PublishShippedRuleSets ruleSets,
    ILogger<BookKeeping> log
) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var store = books.Store;
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await store.Advanced.AddMartenManagedTenantsAsync(cancellationToken, LedgerBooks.Registry);
        var plan = await RememberedPlan(cancellationToken) ?? await DealPlan(cancellationToken);
        if (settings.Books is { } wanted && wanted != plan.Books.Count)
        {
            log.LogWarning(
                "The ledger was created with {Books} books; the configured number {Wanted} has no effect on it.",
                plan.Books.Count,
                wanted
            );
        }

        await HistoryGuard.InstallAsync(store, cancellationToken);
        await MergeGuard.InstallAsync(store, cancellationToken);
        books.Open(plan);
        await ruleSets.RunAsync(cancellationToken);
    }

    private async Task<BookPlan?> RememberedPlan(CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        return await session.LoadAsync<BookPlan>(BookPlan.Key, cancellation);
    }

    private async Task<BookPlan> DealPlan(CancellationToken cancellation)
    {
        var plan = BookPlan.Deal(settings.Books ?? BookSettings.DefaultBooks);
        await books.Store.Advanced.AddMartenManagedTenantsAsync(cancellation, [.. plan.Books]);
        await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
        session.Insert(plan);
        await session.SaveChangesAsync(cancellation);
        return plan;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>How many books a new ledger gets.</summary>
/// <param name="Books">The configured number, 1 to 256; none means <see cref="DefaultBooks"/>.</param>
public sealed record BookSettings(int? Books)
{
    /// <summary>Enough to spread over several servers later.</summary>
    public const int DefaultBooks = 16;
}

using CreditBank.Api.Hosting;
using CreditBank.Api.Infrastructure.Schema;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.RuleSets;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Prepares storage before anything else starts: sees to the schema, opens the books that storage remembers and the
/// ring of keys, and publishes the shipped rule sets.
/// </summary>
public sealed class BookKeeping(
    LedgerSchema schema,
    LedgerBooks books,
    BookSettings settings,
    KeyRingStore ring,
    PublishShippedRuleSets ruleSets,
    ILogger<BookKeeping> log
) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var opened = await ring.OpenAsync(cancellationToken);
        if (opened.IsRotating)
        {
            throw new StartRefusedException(
                "A rotation of the data keys was begun and has not ended. Run rotate-keys data again; it goes on where "
                    + "it stopped."
            );
        }

        if (opened.Copies.Count > 1)
        {
            log.LogWarning(
                "Two master keys open this bank: {Names}. Run rotate-keys master again to end that.",
                string.Join(" and ", opened.Copies.Select(copy => copy.MasterKeyName))
            );
        }

        await ruleSets.RunAsync(cancellationToken);
    }

    /// <summary>The schema and the books, and nothing that needs a key.</summary>
    /// <exception cref="StartRefusedException">The schema is not this program's.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await schema.PrepareAsync(cancellation);
        var plan = await RememberedPlan(cancellation);
        if (settings.Books is { } wanted && wanted != plan.Books.Count)
        {
            log.LogWarning(
                "The ledger was created with {Books} books; the configured number {Wanted} has no effect on it.",
                plan.Books.Count,
                wanted
            );
        }

        books.Open(plan);
    }

    private async Task<BookPlan> RememberedPlan(CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        return await session.LoadAsync<BookPlan>(BookPlan.Key, cancellation)
            ?? throw new InvalidOperationException("The schema is ready, and no plan of the books is in it.");
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

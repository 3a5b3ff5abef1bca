using CreditBank.Api.Infrastructure.Schema;
using CreditBank.Api.RuleSets;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Prepares storage before anything else starts: sees to the schema, opens the books that storage remembers and
/// publishes the shipped rule sets.
/// </summary>
public sealed class BookKeeping(
    LedgerSchema schema,
    LedgerBooks books,
    BookSettings settings,
    PublishShippedRuleSets ruleSets,
    ILogger<BookKeeping> log
) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await schema.PrepareAsync(cancellationToken);
        var plan = await RememberedPlan(cancellationToken);
        if (settings.Books is { } wanted && wanted != plan.Books.Count)
        {
            log.LogWarning(
                "The ledger was created with {Books} books; the configured number {Wanted} has no effect on it.",
                plan.Books.Count,
                wanted
            );
        }

        books.Open(plan);
        await ruleSets.RunAsync(cancellationToken);
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

using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CreditBank.Api.Health;

/// <summary>Whether the database answers, and the embedded one is up.</summary>
internal sealed class StorageHealth(LedgerBooks books, EmbeddedDatabase embedded) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken
    )
    {
        if (embedded.Postgres is { } postgres && postgres.Health.State != PostgresState.Ready)
        {
            return HealthCheckResult.Unhealthy($"The embedded database is {postgres.Health.State}.");
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var session = books.Read(LedgerBooks.Registry);
            await session.LoadAsync<BookPlan>(BookPlan.Key, patience.Token);
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is Npgsql.NpgsqlException or OperationCanceledException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}

/// <summary>The embedded database, where there is one.</summary>
/// <param name="Postgres">None with a server of one's own.</param>
public sealed record EmbeddedDatabase(EmbeddedPostgres? Postgres);

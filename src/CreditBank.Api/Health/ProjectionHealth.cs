using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.Health;

/// <summary>
/// Whether the async projections keep up: behind is normal under load, behind and standing still for a minute is not.
/// </summary>
internal sealed class ProjectionHealth(LedgerBooks books, IClock clock) : IHealthCheck
{
    private static readonly Duration Patience = Duration.FromMinutes(1);

    private readonly Dictionary<string, (long Position, Instant SeenAt)> seen = [];

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var behind = await Behind(cancellationToken);
            return StandingStill(behind) is { Count: > 0 } stuck
                ? HealthCheckResult.Unhealthy($"Standing still: {string.Join(", ", stuck)}.")
                : HealthCheckResult.Healthy(
                    behind.Count == 0 ? "Up to date." : $"{behind.Values.Sum(lag => lag.Events)} events behind."
                );
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The projections' progress cannot be read.");
        }
    }

    private List<string> StandingStill(Dictionary<string, (long Position, long Events)> behind)
    {
        var now = clock.GetCurrentInstant();
        lock (seen)
        {
            foreach (var gone in seen.Keys.Except(behind.Keys).ToList())
            {
                seen.Remove(gone);
            }

            List<string> stuck = [];
            foreach (var (name, lag) in behind)
            {
                if (!seen.TryGetValue(name, out var before) || before.Position != lag.Position)
                {
                    seen[name] = (lag.Position, now);
                }
                else if (now - before.SeenAt > Patience)
                {
                    stuck.Add(name);
                }
            }

            return stuck;
        }
    }

    /// <summary>How far each projection of each book is behind the book's last event; only those that are.</summary>
    private async Task<Dictionary<string, (long Position, long Events)>> Behind(CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        await using var command = new NpgsqlCommand(
            $"""
            select p.name, p.last_seq_id, m.last_seq_id - p.last_seq_id
            from {Storage.Schema}.mt_event_progression p
            join {Storage.Schema}.mt_event_progression m
              on m.name = 'HighWaterMark:' || split_part(p.name, ':', 3)
            where p.name not like 'HighWaterMark%' and m.last_seq_id > p.last_seq_id
            """,
            (NpgsqlConnection)session.Connection!
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        Dictionary<string, (long, long)> behind = [];
        while (await reader.ReadAsync(cancellation))
        {
            behind[reader.GetString(0)] = (reader.GetInt64(1), reader.GetInt64(2));
        }

        return behind;
    }
}

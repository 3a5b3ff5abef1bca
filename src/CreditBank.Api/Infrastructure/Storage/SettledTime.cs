using System.Collections.Concurrent;
using CreditBank.Kernel;
using JasperFx.Descriptors;
using Marten;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Up to which instant the past is closed. An event carries the instant at which its transaction began, as the database
/// tells it. So nothing recorded before the oldest running transaction's begin can still appear: that begin is the
/// answer, and the database's clock when nothing runs. An answer about an earlier instant never changes again: what was
/// once closed stays closed, and the database is asked only about what lies after it. One a service.
/// </summary>
public sealed class SettledTime
{
    private readonly ConcurrentDictionary<DatabaseId, Instant> closed = new();

    /// <summary>
    /// A transaction takes its instant a moment before other sessions can see it running; this much covers the moment.
    /// </summary>
    private const string Margin = "250 milliseconds";

    private const string Sql = $"""
        select (extract(epoch from least(
            clock_timestamp(),
            (select min(xact_start) from pg_stat_activity
             where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid())
        ) - interval '{Margin}') * 1000000)::bigint
        """;

    private static async Task<Instant> ThroughAsync(IQuerySession session, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sql);
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        await reader.ReadAsync(cancellation);
        return StoredInstant.FromMicroseconds(reader.GetInt64(0));
    }

    /// <summary>Nothing when the instant is closed; otherwise the refusal that names the last closed one.</summary>
    public async Task<Refusal?> RefuseAsync(IQuerySession session, Instant? knownAt, CancellationToken cancellation)
    {
        var database = session.Database.Id;
        if (knownAt is not { } at || (closed.TryGetValue(database, out var before) && at <= before))
        {
            return null;
        }

        var now = await ThroughAsync(session, cancellation);
        var through = closed.AddOrUpdate(database, now, (_, other) => Instant.Max(other, now));
        return at <= through ? null : NotSettled(through);
    }

    /// <summary>The refusal of an instant at which something may still be recorded: 422.</summary>
    public static Refusal NotSettled(Instant through)
    {
        var text = InstantPattern.ExtendedIso.Format(through);
        return new Refusal(
            "time.notSettled",
            RefusalKind.Rule,
            new BilingualText(
                $"knownAt 晚于已结清时刻 {text}；此后仍可能有记录。",
                $"knownAt lies after {text}, the last settled instant; something may still be recorded there."
            )
        )
        {
            State = text,
        };
    }
}

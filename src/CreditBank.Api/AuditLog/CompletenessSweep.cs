using CreditBank.Api.Composition;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>What a comparison of event table and log found in a range of sequences.</summary>
/// <param name="Late">Events that became visible after their range was sealed; to be sealed now.</param>
/// <param name="Alarms">What must not be.</param>
internal sealed record SweepFindings(IReadOnlyList<StoredEvent> Late, IReadOnlyList<AuditAlarm> Alarms);

/// <summary>
/// Compares event table and log both ways, because sequences have gaps and commits can come late: every event a leaf,
/// every leaf an event, each of the same id.
/// </summary>
internal static class CompletenessSweep
{
    /// <summary>How many sequence numbers are compared with one query.</summary>
    public const int Slice = 20_000;

    /// <summary>An event recorded longer ago than this cannot have come late: somebody put it there.</summary>
    public static readonly Duration LateMax = Duration.FromHours(1);

    private static readonly string CompareSql = $"""
        select coalesce(e.seq_id, l.seq_id), e.id, l.event_id
        from (select seq_id, id from {Storage.Schema}.mt_events
              where tenant_id = $1 and seq_id > $2 and seq_id <= $3) e
        full join ({LeafRuns.BySequence}) l on l.seq_id = e.seq_id
        where e.id is distinct from l.event_id
        order by 1 limit 1000
        """;

    // A set difference, because no plan of one compares every event with every leaf: after a crash the database has
    // lost its statistics, and it would for an anti-join.
    private static readonly string UnsealedSql = $"""
        select seq_id, id from {Storage.Schema}.mt_events where tenant_id = $1 and seq_id > $2 and seq_id <= $3
        except
        select l.seq_id, l.event_id from ({LeafRuns.BySequence}) l
        """;

    private const string RowsSql = $"""
        select {StoredEvents.Columns} from {Storage.Schema}.mt_events e
        where e.tenant_id = $1 and e.seq_id = any($2) order by e.seq_id
        """;

    /// <summary>Compares one range.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="book">The book.</param>
    /// <param name="after">The sequence to begin behind.</param>
    /// <param name="through">The last sequence, inclusive; it must be sealed.</param>
    /// <param name="now">Tells late events from others.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<SweepFindings> CompareAsync(
        NpgsqlConnection connection,
        string book,
        long after,
        long through,
        Instant now,
        CancellationToken cancellation
    )
    {
        var alarms = new List<AuditAlarm>();
        var unsealed = new List<long>();
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = CompareSql;
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = book });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var sequence = reader.GetInt64(0);
                if (reader.IsDBNull(2))
                {
                    unsealed.Add(sequence);
                }
                else
                {
                    var code = reader.IsDBNull(1) ? AuditAlarms.Missing : AuditAlarms.Replaced;
                    alarms.Add(new AuditAlarm(book, code, sequence, reader.GetGuid(2), now));
                }
            }
        }

        var late = new List<StoredEvent>();
        foreach (var stored in await RowsAsync(connection, book, unsealed, cancellation))
        {
            var age = now - Instant.FromUnixTimeTicks(stored.Envelope.RecordedAtMicroseconds * 10);
            if (age <= LateMax)
            {
                late.Add(stored);
            }
            else
            {
                alarms.Add(
                    new AuditAlarm(book, AuditAlarms.Extra, stored.Envelope.Sequence, stored.Envelope.EventId, now)
                );
            }
        }

        return new SweepFindings(late, alarms);
    }

    /// <summary>The events of a range that are no leaves.</summary>
    public static async Task<IReadOnlyList<StoredEvent>> UnsealedAsync(
        NpgsqlConnection connection,
        string book,
        long after,
        long through,
        CancellationToken cancellation
    )
    {
        var unsealed = new List<long>();
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = UnsealedSql;
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = book });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                unsealed.Add(reader.GetInt64(0));
            }
        }

        return await RowsAsync(connection, book, unsealed, cancellation);
    }

    private static async Task<List<StoredEvent>> RowsAsync(
        NpgsqlConnection connection,
        string book,
        List<long> sequences,
        CancellationToken cancellation
    )
    {
        if (sequences.Count == 0)
        {
            return [];
        }

        await using var command = connection.CreateCommand();
        command.CommandText = RowsSql;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = book });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. sequences] });
        return await ReadAsync(command, book, cancellation);
    }

    private static async Task<List<StoredEvent>> ReadAsync(
        NpgsqlCommand command,
        string book,
        CancellationToken cancellation
    )
    {
        var rows = new List<StoredEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(StoredEvents.Read(reader, book, 0));
        }

        return rows;
    }
}

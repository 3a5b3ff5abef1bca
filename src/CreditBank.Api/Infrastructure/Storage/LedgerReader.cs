using System.Runtime.CompilerServices;
using System.Text.Json;
using CreditBank.Ledger;
using CreditBank.Ledger.Journal;
using Marten;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>An event as a reading of a whole book sees it.</summary>
/// <param name="Sequence">Its number in the book's order; gaps are normal.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="StreamId">Its stream; none when it moves no credit, does not stand alone and ends no page.</param>
/// <param name="Version">Its place in the stream.</param>
/// <param name="Data">The event; none when it moves no credit, such an event is counted but not parsed.</param>
public readonly record struct MovingEvent(
    long Sequence,
    Instant RecordedAt,
    string? StreamId,
    long Version,
    object? Data
);

/// <summary>
/// Reads the events of a book in order and in bounded memory: a statement for every slice of the sequence, so that no
/// transaction stays open for long.
/// </summary>
public static class LedgerReader
{
    private const string Schema = Composition.Storage.Schema;
    private const long SliceLength = 100_000;

    private static readonly Type[] MovingTypes = [.. DoubleEntry.MovingTypes];
    private static readonly string[] Names = [.. NamesOf(MovingTypes.Concat(EventCatalogue.StandingAlone))];

    // What moves no credit stays in the database: parsing it would be most of the work.
    private const string MovingSql = $"""
        select e.seq_id, coalesce(extract(epoch from nullif(e.timestamp, '-infinity')) * 1000000, 0)::bigint, m.kind,
               case when m.kind is not null or e.version % $6 = 0 then e.stream_id end, e.version,
               case when m.kind <= $5 then e.data::text end
        from {Schema}.mt_events e
        left join unnest($4::varchar[]) with ordinality as m(name, kind) on m.name = e.type
        where e.tenant_id = $1 and e.seq_id > $2 and e.seq_id <= $3
        order by e.seq_id
        """;

    /// <summary>The last sequence number that storage shows for a book; 0 when the book is empty.</summary>
    public static Task<long> LastSequence(IQuerySession session, string book, CancellationToken cancellation) =>
        Scalar(
            session,
            $"select coalesce(max(seq_id), 0) from {Schema}.mt_events where tenant_id = $1",
            book,
            cancellation
        );

    /// <summary>
    /// Up to which sequence number a book is closed: no transaction that could still fill a gap runs. Kept by the
    /// daemon; a moment behind the last event.
    /// </summary>
    public static Task<long> ClosedThrough(IQuerySession session, string book, CancellationToken cancellation) =>
        Scalar(
            session,
            $"select coalesce(max(last_seq_id), 0) from {Schema}.mt_event_progression where name = $1",
            $"HighWaterMark:{book}",
            cancellation
        );

    /// <summary>The events of a book in order.</summary>
    /// <param name="session">Reads the book.</param>
    /// <param name="book">The book.</param>
    /// <param name="after">The last sequence number that is left out.</param>
    /// <param name="through">The last sequence number that is read, inclusive.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async IAsyncEnumerable<MovingEvent> Read(
        IQuerySession session,
        string book,
        long after,
        long through,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        for (var from = after; from < through; from += SliceLength)
        {
            await using var command = new NpgsqlCommand(MovingSql)
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = book },
                    new NpgsqlParameter<long> { TypedValue = from },
                    new NpgsqlParameter<long> { TypedValue = Math.Min(from + SliceLength, through) },
                    new NpgsqlParameter<string[]> { TypedValue = Names },
                    new NpgsqlParameter<long> { TypedValue = MovingTypes.Length },
                    new NpgsqlParameter<int> { TypedValue = StreamPage.Length },
                },
            };
            await using var reader = await session.ExecuteReaderAsync(command, cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                yield return Row(reader);
            }
        }
    }

    private static MovingEvent Row(System.Data.Common.DbDataReader reader)
    {
        var sequence = reader.GetInt64(0);
        var recordedAt = StoredInstant.FromMicroseconds(reader.GetInt64(1));
        if (reader.IsDBNull(3))
        {
            return new MovingEvent(sequence, recordedAt, null, reader.GetInt64(4), null);
        }

        var data = reader.IsDBNull(5)
            ? null
            : JsonSerializer.Deserialize(
                reader.GetFieldValue<byte[]>(5),
                MovingTypes[reader.GetInt64(2) - 1],
                LedgerJson.Options
            );
        return new MovingEvent(sequence, recordedAt, reader.GetString(3), reader.GetInt64(4), data);
    }

    private static async Task<long> Scalar(
        IQuerySession session,
        string sql,
        string parameter,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(sql)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = parameter } },
        };
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        await reader.ReadAsync(cancellation);
        return reader.GetInt64(0);
    }

    private static IEnumerable<string> NamesOf(IEnumerable<Type> types)
    {
        var names = EventCatalogue.TypesByName.ToDictionary(pair => pair.Value, pair => pair.Key);
        return types.Select(type => names[type]);
    }
}

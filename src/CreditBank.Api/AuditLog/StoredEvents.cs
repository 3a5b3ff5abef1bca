using System.Runtime.CompilerServices;
using CreditBank.Api.Composition;
using CreditBank.Ledger.Audit;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>A row of the event table as it stands, nothing upcast or interpreted.</summary>
/// <param name="Envelope">The envelope.</param>
/// <param name="Data">The payload as JSON text in UTF-8.</param>
internal readonly record struct StoredEvent(EventEnvelope Envelope, byte[] Data);

/// <summary>Reads raw rows of the event table.</summary>
internal static class StoredEvents
{
    /// <summary>The columns that <see cref="Read"/> wants, in order, of a row named <c>e</c>.</summary>
    public const string Columns =
        "e.seq_id, e.id, e.stream_id, e.version, e.type, e.timestamp, e.user_name, e.correlation_id, "
        + "e.causation_id, e.data, e.bdata is not null";

    private const long MicrosecondsTo2000 = 946_684_800_000_000;

    /// <summary>The events of a book in the order of their sequence.</summary>
    /// <param name="connection">Where; nothing else may use it meanwhile.</param>
    /// <param name="book">The book.</param>
    /// <param name="after">The sequence to begin behind.</param>
    /// <param name="through">The last sequence, inclusive.</param>
    /// <param name="countMax">How many at most.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async IAsyncEnumerable<StoredEvent> OfAsync(
        NpgsqlConnection connection,
        string book,
        long after,
        long through,
        int countMax,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            select {Columns} from {Storage.Schema}.mt_events e
            where e.tenant_id = $1 and e.seq_id > $2 and e.seq_id <= $3
            order by e.seq_id limit $4
            """;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = book });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = countMax });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            yield return Read(reader, book, 0);
        }
    }

    /// <summary>The event of a row whose <see cref="Columns"/> begin at a column.</summary>
    /// <exception cref="LogBrokenException">The payload is stored in a form that has no leaf.</exception>
    public static StoredEvent Read(NpgsqlDataReader reader, string book, int column)
    {
        var envelope = new EventEnvelope(
            book,
            reader.GetInt64(column),
            reader.GetGuid(column + 1),
            reader.GetString(column + 2),
            reader.GetInt64(column + 3),
            reader.GetString(column + 4),
            reader.GetFieldValue<long>(column + 5) + MicrosecondsTo2000,
            Optional(reader, column + 6),
            Optional(reader, column + 7),
            Optional(reader, column + 8)
        );
        return reader.GetBoolean(column + 10)
            ? throw new LogBrokenException($"{book}: event {envelope.EventId} is stored in a binary form.")
            : new StoredEvent(envelope, reader.GetFieldValue<byte[]>(column + 9));
    }

    private static string? Optional(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}

using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Storage;
using NodaTime.Text;
using Npgsql;

namespace CreditBank.Api.Audit;

/// <summary>
/// Writes a book's events as NDJSON: envelope and stored payload, in order. Read slice by slice, so that a slow reader
/// keeps no transaction open and no more than a slice in memory.
/// </summary>
internal static class EventStream
{
    private const int SliceLength = 1000;

    private const string Sql = $"""
        select seq_id, id, stream_id, version, type, (extract(epoch from timestamp) * 1000000)::bigint,
               user_name, correlation_id, causation_id, data::text
        from {Storage.Schema}.mt_events
        where tenant_id = $1 and seq_id > $2 and seq_id <= $3
        order by seq_id
        offset $4 limit $5
        """;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the events of a range of leaf indexes, half open.</summary>
    public static async Task Write(
        LedgerBooks books,
        string book,
        long from,
        long to,
        Stream output,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(book);
        var end = await LedgerReader.ClosedThrough(session, book, cancellation);
        var after = 0L;
        var offset = from;
        var slice = new MemoryStream();
        for (var index = from; index < to; )
        {
            var wanted = (int)Math.Min(SliceLength, to - index);
            await using var command = Command(book, after, end, offset, wanted);
            var read = 0;
            slice.SetLength(0);
            await using (var reader = await session.ExecuteReaderAsync(command, cancellation))
            {
                for (; await reader.ReadAsync(cancellation); read++)
                {
                    after = reader.GetInt64(0);
                    WriteLine(slice, reader, index + read);
                }
            }

            await output.WriteAsync(slice.GetBuffer().AsMemory(0, (int)slice.Length), cancellation);
            if (read < wanted)
            {
                break;
            }

            (index, offset) = (index + read, 0);
        }
    }

    private static NpgsqlCommand Command(string book, long after, long end, long offset, int limit) =>
        new(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = book },
                new NpgsqlParameter<long> { TypedValue = after },
                new NpgsqlParameter<long> { TypedValue = end },
                new NpgsqlParameter<long> { TypedValue = offset },
                new NpgsqlParameter<int> { TypedValue = limit },
            },
        };

    private static void WriteLine(MemoryStream slice, DbDataReader reader, long index)
    {
        using (var json = new Utf8JsonWriter(slice, Relaxed))
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteString("eventId", reader.GetGuid(1));
            json.WriteString("stream", reader.GetString(2));
            json.WriteNumber("version", reader.GetInt64(3));
            json.WriteString("type", reader.GetString(4));
            json.WriteString(
                "recordedAt",
                InstantPattern.ExtendedIso.Format(StoredInstant.FromMicroseconds(reader.GetInt64(5)))
            );
            WriteOptional(json, "actorId", reader, 6);
            WriteOptional(json, "correlationId", reader, 7);
            WriteOptional(json, "causationId", reader, 8);
            json.WritePropertyName("data");
            json.WriteRawValue(reader.GetString(9), skipInputValidation: true);
            json.WriteEndObject();
        }

        slice.WriteByte((byte)'\n');
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, DbDataReader reader, int column)
    {
        if (!reader.IsDBNull(column))
        {
            json.WriteString(name, reader.GetString(column));
        }
    }
}

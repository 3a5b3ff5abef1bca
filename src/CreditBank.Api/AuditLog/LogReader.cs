using System.Runtime.CompilerServices;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger.Audit;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>What requests and exports read of the logs; each call has a connection of its own.</summary>
public sealed class LogReader(LedgerBooks books)
{
    private static readonly string BundleSql = $"""
        select l.leaf_index, l.event_id, {StoredEvents.Columns}
        from ({LeafRuns.ByIndex}) l
        left join {Storage.Schema}.mt_events e on e.tenant_id = $1 and e.seq_id = l.seq_id and e.id = l.event_id
        order by l.leaf_index
        """;

    /// <summary>An open connection to the database of a log.</summary>
    internal async Task<NpgsqlConnection> ConnectAsync(string log, CancellationToken cancellation)
    {
        var book = log == AuditLogs.Top ? LedgerBooks.Registry : log;
        var database = await books.Store.Storage.FindOrCreateDatabase(book);
        var connection = database.CreateConnection();
        await connection.OpenAsync(cancellation);
        return connection;
    }

    /// <summary>The newest signed checkpoint; none before the first.</summary>
    public async Task<SignedCheckpoint?> CheckpointAsync(string log, CancellationToken cancellation)
    {
        await using var connection = await ConnectAsync(log, cancellation);
        var note = await LogTables.CheckpointAsync(connection, log, cancellation);
        return note is not null && SignedCheckpoint.TryParse(note, out var checkpoint, out _) ? checkpoint : null;
    }

    /// <summary>A tile of hashes as it is named; none when no signed checkpoint has it that wide.</summary>
    public async Task<ReadOnlyMemory<byte>?> TileAsync(string log, TileId id, CancellationToken cancellation)
    {
        if (!await IsSignedAsync(log, id, cancellation))
        {
            return null;
        }

        await using var connection = await ConnectAsync(log, cancellation);
        return (await LogTables.TilesAsync(connection, log, [id], cancellation))[id];
    }

    /// <summary>A bundle of entries as it is named; none when no signed checkpoint has it that wide.</summary>
    /// <exception cref="LogBrokenException">An event of it is not in storage any more.</exception>
    public async Task<byte[]?> BundleAsync(string log, TileId id, CancellationToken cancellation)
    {
        if (!await IsSignedAsync(log, id, cancellation))
        {
            return null;
        }

        using var bundle = new MemoryStream();
        var first = id.Index * TileId.FullWidth;
        if (log == AuditLogs.Top)
        {
            foreach (var entry in await TopEntriesAsync(first, first + id.Width, cancellation))
            {
                EntryBundle.Append(bundle, entry);
            }

            return bundle.ToArray();
        }

        var writer = new LeafWriter();
        await foreach (var (index, stored) in EventsAsync(log, first, first + id.Width, cancellation))
        {
            if (stored is not { } present)
            {
                throw new LogBrokenException($"{log}: the event of leaf {index} is not in storage.");
            }

            EntryBundle.Append(bundle, LeafOf(writer, present));
        }

        return bundle.ToArray();
    }

    /// <summary>The entries of the top log from (inclusive) to (exclusive).</summary>
    public async Task<IReadOnlyList<byte[]>> TopEntriesAsync(long from, long to, CancellationToken cancellation)
    {
        await using var connection = await ConnectAsync(AuditLogs.Top, cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"select entry from {AuditLogSchema.TopEntries} "
            + "where leaf_index >= $1 and leaf_index < $2 order by leaf_index";
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var entries = new List<byte[]>();
        while (await reader.ReadAsync(cancellation))
        {
            entries.Add(System.Text.Encoding.UTF8.GetBytes(reader.GetString(0)));
        }

        return entries;
    }

    /// <summary>
    /// The events of leaves from (inclusive) to (exclusive), in order; none where storage has it no more.
    /// </summary>
    internal async IAsyncEnumerable<(long Index, StoredEvent? Event)> EventsAsync(
        string log,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await foreach (var (index, _, stored) in LeavesAsync(log, from, to, cancellation))
        {
            yield return (index, stored);
        }
    }

    /// <summary>The same with the ids of the events, which the log knows by itself.</summary>
    internal async IAsyncEnumerable<(long Index, Guid EventId, StoredEvent? Event)> LeavesAsync(
        string log,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var connection = await ConnectAsync(log, cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = BundleSql;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = log });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var stored = reader.IsDBNull(2) ? (StoredEvent?)null : StoredEvents.Read(reader, log, 2);
            yield return (reader.GetInt64(0), reader.GetGuid(1), stored);
        }
    }

    /// <summary>The leaf of an event.</summary>
    /// <exception cref="LogBrokenException">It has none.</exception>
    internal static ReadOnlySpan<byte> LeafOf(LeafWriter writer, in StoredEvent stored) =>
        writer.TryWrite(stored.Envelope, stored.Data, out var leaf, out var problem)
            ? leaf
            : throw new LogBrokenException($"Event {stored.Envelope.EventId} has no leaf: {problem.Code}.");

    private async Task<bool> IsSignedAsync(string log, TileId id, CancellationToken cancellation) =>
        await CheckpointAsync(log, cancellation) is { } signed
        && TileId.In(id.Level, id.Index, signed.Checkpoint.Size) is { } widest
        && widest.Width >= id.Width;
}

using CreditBank.Ledger.Audit;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>Commits a batch of leaves: leaves, tiles and progress together or not at all.</summary>
internal static class LogBatch
{
    /// <summary>
    /// A transaction whose commit does not wait for the disk: writers need not share the disk with what the event table
    /// can give again. <see cref="MakeDurableAsync"/> must come before anything is signed.
    /// </summary>
    public static async Task<NpgsqlTransaction> BeginAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand("set local synchronous_commit = off", connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
        return transaction;
    }

    /// <summary>Returns when every batch that was committed before is on the disk.</summary>
    public static async Task MakeDurableAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // The log of the server is written in order: a commit that waits takes those before it along.
        await using var command = connection.CreateCommand();
        command.CommandText = "select pg_logical_emit_message(true, 'creditbank', 'sealed')";
        await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Writes what the tree has grown by.</summary>
    /// <param name="transaction">Where; the caller commits.</param>
    /// <param name="before">Where the log stood in storage.</param>
    /// <param name="after">Where it stands now; its full tiles are taken.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="LogBrokenException">Storage does not stand where it was left.</exception>
    public static async Task WriteTreeAsync(
        NpgsqlTransaction transaction,
        (long Size, long SettledThrough) before,
        LogPosition after,
        CancellationToken cancellation
    )
    {
        var tiles = after.Tree.TakeFull().Concat(after.Tree.Partial()).ToList();
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Tiles(after.Log, tiles));
        batch.BatchCommands.Add(Progress(before, after));
        await batch.ExecuteNonQueryAsync(cancellation);
        if (batch.BatchCommands[1].RecordsAffected != 1)
        {
            throw new LogBrokenException($"{after.Log}: storage does not stand at {before.Size} leaves any more.");
        }
    }

    /// <summary>Writes which events the leaves from an index on are.</summary>
    public static async Task WriteLeavesAsync(
        NpgsqlTransaction transaction,
        string log,
        long firstIndex,
        IReadOnlyList<(long Sequence, Guid EventId)> leaves,
        CancellationToken cancellation
    )
    {
        if (leaves.Count == 0)
        {
            return;
        }

        long[] sequences = [.. leaves.Select(leaf => leaf.Sequence)];
        Guid[] events = [.. leaves.Select(leaf => leaf.EventId)];
        await using var command = new NpgsqlCommand(
            $"""
            insert into {AuditLogSchema.Runs}
                (log, last_index, first_index, first_seq, last_seq, first_event, last_event, seq_ids, event_ids)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            transaction.Connection,
            transaction
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = log });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = firstIndex + sequences.Length - 1 });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = firstIndex });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequences.Min() });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequences.Max() });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = events.Min() });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = events.Max() });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = sequences });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = events });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlBatchCommand Tiles(string log, IReadOnlyList<Tile> tiles)
    {
        // A tile that became full in this batch stands there once only: the partial tiles are those after it.
        var command = new NpgsqlBatchCommand(
            $"""
            insert into {AuditLogSchema.Tiles} as stored (log, level, tile_index, width, hashes)
            select $1, tile.* from unnest($2, $3, $4, $5) as tile(level, tile_index, width, hashes)
            on conflict (log, level, tile_index) do update set width = excluded.width, hashes = excluded.hashes
            where stored.width < excluded.width
            """
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = log });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. tiles.Select(tile => tile.Id.Level)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. tiles.Select(tile => tile.Id.Index)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. tiles.Select(tile => tile.Id.Width)] });
        command.Parameters.Add(
            new NpgsqlParameter<byte[][]> { TypedValue = [.. tiles.Select(tile => tile.Bytes.ToArray())] }
        );
        return command;
    }

    private static NpgsqlBatchCommand Progress((long Size, long SettledThrough) before, LogPosition after)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            insert into {AuditLogSchema.Trees} as stored (log, size, settled_through, late_events)
            values ($1, $2, $3, $4)
            on conflict (log) do update set size = excluded.size, settled_through = excluded.settled_through,
                                            late_events = excluded.late_events
            where stored.size = $5 and stored.settled_through = $6
            """
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after.Log });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after.Size });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after.SettledThrough });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after.LateEvents });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before.Size });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before.SettledThrough });
        return command;
    }
}

using CreditBank.Ledger.Audit;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>What is read from and written to the log's tables, with plain SQL on one connection.</summary>
internal static class LogTables
{
    /// <summary>Where a log stands.</summary>
    public static async Task<LogPosition> PositionAsync(
        NpgsqlConnection connection,
        string log,
        CancellationToken cancellation
    )
    {
        var (size, settled, late) = await TreeAsync(connection, log, cancellation);
        var tiles = await TilesAsync(connection, log, [.. TileId.RightEdge(size)], cancellation);
        return new LogPosition(log, TileBuilder.Resume(size, id => tiles[id]), settled, late);
    }

    /// <summary>The size, what is settled and the late events of a log; zeros for one that has not begun.</summary>
    public static async Task<(long Size, long SettledThrough, long Late)> TreeAsync(
        NpgsqlConnection connection,
        string log,
        CancellationToken cancellation
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"select size, settled_through, late_events from {AuditLogSchema.Trees} where log = $1";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = log });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2))
            : (0, 0, 0);
    }

    /// <summary>Tiles by their names; each at least as wide as asked.</summary>
    /// <exception cref="LogBrokenException">A tile is not there or too narrow.</exception>
    public static async Task<Dictionary<TileId, ReadOnlyMemory<byte>>> TilesAsync(
        NpgsqlConnection connection,
        string log,
        IReadOnlyList<TileId> ids,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<TileId, ReadOnlyMemory<byte>>();
        if (ids.Count == 0)
        {
            return found;
        }

        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            select wanted.place, tile.hashes
            from unnest($2, $3) with ordinality as wanted(level, tile_index, place)
            join {AuditLogSchema.Tiles} tile
              on tile.log = $1 and tile.level = wanted.level and tile.tile_index = wanted.tile_index
            """;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = log });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. ids.Select(id => id.Level)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. ids.Select(id => id.Index)] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var id = ids[(int)reader.GetInt64(0) - 1];
            var hashes = await reader.GetFieldValueAsync<byte[]>(1, cancellation);
            if (hashes.Length >= id.Width * MerkleHash.Length)
            {
                found[id] = hashes.AsMemory(0, id.Width * MerkleHash.Length);
            }
        }

        var missing = ids.Where(id => !found.ContainsKey(id)).Select(id => id.Path).FirstOrDefault();
        return missing is null ? found : throw new LogBrokenException($"{log}: {missing} is not in storage.");
    }

    /// <summary>The newest signed checkpoint of a log, as the note it is; none before the first.</summary>
    public static async Task<byte[]?> CheckpointAsync(
        NpgsqlConnection connection,
        string log,
        CancellationToken cancellation
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"select note from {AuditLogSchema.Checkpoints} where log = $1 order by size desc limit 1";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = log });
        var note = await command.ExecuteScalarAsync(cancellation);
        return note is string text ? System.Text.Encoding.UTF8.GetBytes(text) : null;
    }

    /// <summary>What the newest checkpoints of several logs say; a log without one is left out.</summary>
    public static async Task<Dictionary<string, Checkpoint>> NewestAsync(
        NpgsqlConnection connection,
        IReadOnlyList<string> logs,
        CancellationToken cancellation
    )
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            select wanted.log, newest.note
            from unnest($1) as wanted(log)
            cross join lateral (select note from {AuditLogSchema.Checkpoints} c
                                where c.log = wanted.log order by c.size desc limit 1) as newest
            """;
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. logs] });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new Dictionary<string, Checkpoint>();
        while (await reader.ReadAsync(cancellation))
        {
            var note = System.Text.Encoding.UTF8.GetBytes(reader.GetString(1));
            if (SignedCheckpoint.TryParse(note, out var signed, out _))
            {
                found[reader.GetString(0)] = signed.Checkpoint;
            }
        }

        return found;
    }

    /// <summary>
    /// Keeps a signed checkpoint; a later one of the same size, with more signatures, replaces it. It stands outside as
    /// well, so the commit does not wait for the disk.
    /// </summary>
    public static async Task KeepCheckpointAsync(
        NpgsqlConnection connection,
        string log,
        SignedCheckpoint checkpoint,
        Instant signedAt,
        CancellationToken cancellation
    )
    {
        await using var transaction = await LogBatch.BeginAsync(connection, cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            insert into {AuditLogSchema.Checkpoints} (log, size, note, signed_at) values ($1, $2, $3, $4)
            on conflict (log, size) do update set note = excluded.note
            """;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = log });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = checkpoint.Checkpoint.Size });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = checkpoint.Note.ToString() });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = signedAt.ToUnixTimeTicks() / 10 });
        await command.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }
}

/// <summary>
/// The log's own storage does not hold what it must; nothing is sealed or signed until it is repaired.
/// </summary>
public sealed class LogBrokenException(string message) : Exception(message);

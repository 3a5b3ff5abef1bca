using CreditBank.Api.Composition;
using CreditBank.Ledger.Audit;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Compares a book's events and its log whole: ids both ways, every leaf's hash against the tiles, every tile against
/// the tiles below, and the root against what was signed.
/// </summary>
internal sealed class WholeSweep(IClock clock)
{
    private const int LeavesAtOnce = 16 * TileId.FullWidth;
    private const int AlarmsMax = 1000;

    private static readonly string LeavesSql = $"""
        select l.leaf_index, {StoredEvents.Columns}
        from ({LeafRuns.ByIndex}) l
        join {Storage.Schema}.mt_events e on e.tenant_id = $1 and e.seq_id = l.seq_id and e.id = l.event_id
        order by l.leaf_index
        """;

    private readonly Sealer sealer = new();

    /// <summary>Compares a book.</summary>
    /// <returns>Everything that must not be; at most the first thousand findings.</returns>
    public async Task<IReadOnlyList<AuditAlarm>> RunAsync(
        NpgsqlConnection connection,
        string book,
        CancellationToken cancellation
    )
    {
        var (size, settled, _) = await LogTables.TreeAsync(connection, book, cancellation);
        var alarms = new List<AuditAlarm>();
        for (var after = 0L; after < settled && alarms.Count < AlarmsMax; after += CompletenessSweep.Slice)
        {
            var through = Math.Min(after + CompletenessSweep.Slice, settled);
            var now = clock.GetCurrentInstant();
            var found = await CompletenessSweep.CompareAsync(connection, book, after, through, now, cancellation);
            alarms.AddRange(found.Alarms);
        }

        var tree = new TileBuilder();
        for (var from = 0L; from < size && alarms.Count < AlarmsMax; from += LeavesAtOnce)
        {
            var to = Math.Min(from + LeavesAtOnce, size);
            await LeavesAsync(connection, book, from, to, tree, alarms, cancellation);
            await TilesAsync(connection, book, tree.TakeFull(), alarms, cancellation);
        }

        await TilesAsync(connection, book, tree.Partial(), alarms, cancellation);
        await RootAsync(connection, book, tree, size, alarms, cancellation);
        return [.. alarms.Take(AlarmsMax)];
    }

    private async Task LeavesAsync(
        NpgsqlConnection connection,
        string book,
        long from,
        long to,
        TileBuilder tree,
        List<AuditAlarm> alarms,
        CancellationToken cancellation
    )
    {
        var ids = Enumerable
            .Range(0, LeavesAtOnce / TileId.FullWidth)
            .Select(offset => TileId.In(0, from / TileId.FullWidth + offset, to))
            .OfType<TileId>()
            .ToList();
        var tiles = await LogTables.TilesAsync(connection, book, ids, cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = LeavesSql;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = book });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = to });
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                var stored = StoredEvents.Read(reader, book, 1);
                if (sealer.HashOf(stored) != Logged(reader.GetInt64(0)))
                {
                    var (sequence, eventId) = (stored.Envelope.Sequence, stored.Envelope.EventId);
                    var now = clock.GetCurrentInstant();
                    alarms.Add(new AuditAlarm(book, AuditAlarms.Changed, sequence, eventId, now));
                }
            }
        }

        for (var index = from; index < to; index++)
        {
            tree.Append(Logged(index));
        }

        MerkleHash Logged(long index) =>
            MerkleHash.From(
                tiles[ids[(int)((index - from) / TileId.FullWidth)]]
                    .Span.Slice((int)(index % TileId.FullWidth) * MerkleHash.Length, MerkleHash.Length)
            );
    }

    private async Task TilesAsync(
        NpgsqlConnection connection,
        string book,
        IReadOnlyList<Tile> computed,
        List<AuditAlarm> alarms,
        CancellationToken cancellation
    )
    {
        var upper = computed.Where(tile => tile.Id.Level > 0).ToList();
        var stored = await LogTables.TilesAsync(connection, book, [.. upper.Select(tile => tile.Id)], cancellation);
        foreach (var tile in upper.Where(tile => !stored[tile.Id].Span.SequenceEqual(tile.Bytes.Span)))
        {
            var first = tile.Id.Index << (8 * (tile.Id.Level + 1));
            alarms.Add(new AuditAlarm(book, AuditAlarms.Tile, first, null, clock.GetCurrentInstant()));
        }
    }

    private async Task RootAsync(
        NpgsqlConnection connection,
        string book,
        TileBuilder tree,
        long size,
        List<AuditAlarm> alarms,
        CancellationToken cancellation
    )
    {
        var note = await LogTables.CheckpointAsync(connection, book, cancellation);
        if (
            note is null
            || tree.Size != size
            || !SignedCheckpoint.TryParse(note, out var signed, out _)
            || signed.Checkpoint.Size > size
        )
        {
            return;
        }

        // The checkpoint can be older than the tree; its root follows from the same tiles.
        var plan = signed.Checkpoint.Size == 0 ? null : ProofPlan.Root(signed.Checkpoint.Size);
        var tiles = await LogTables.TilesAsync(connection, book, plan?.Tiles ?? [], cancellation);
        if (plan is not null && plan.Resolve(id => tiles[id])[0] != signed.Checkpoint.Root)
        {
            var place = signed.Checkpoint.Size;
            alarms.Add(new AuditAlarm(book, AuditAlarms.Tile, place, null, clock.GetCurrentInstant()));
        }
    }
}

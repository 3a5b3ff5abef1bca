using CreditBank.Ledger.Audit;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Integrates a book's events into its tree: in the order of their sequence, each once, none skipped. Leaves, tiles and
/// progress are committed together. Not for several threads at once.
/// </summary>
internal sealed class Sealer
{
    private const int BatchEvents = LeafRuns.LeavesMax;

    private readonly LeafWriter writer = new();

    /// <summary>Seals what is settled and not yet a leaf.</summary>
    /// <param name="connection">The connection that holds the log's lock.</param>
    /// <param name="position">Where the log stands. After an exception it must be read again.</param>
    /// <param name="settledThrough">The sequence through which nothing can still commit, inclusive.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <returns>Where the log stands then.</returns>
    /// <exception cref="LogBrokenException">An event has no leaf, or storage changed underneath.</exception>
    public async Task<LogPosition> SealAsync(
        NpgsqlConnection connection,
        LogPosition position,
        long settledThrough,
        CancellationToken cancellation
    )
    {
        while (position.SettledThrough < settledThrough)
        {
            var before = (position.Size, position.SettledThrough);
            var leaves = await AppendAsync(connection, position, settledThrough, cancellation);
            var through = leaves.Count < BatchEvents ? settledThrough : leaves[^1].Sequence;
            position = position with { SettledThrough = through };
            await using var transaction = await LogBatch.BeginAsync(connection, cancellation);
            await LogBatch.WriteLeavesAsync(transaction, position.Log, before.Size, leaves, cancellation);
            await LogBatch.WriteTreeAsync(transaction, before, position, cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return position;
    }

    /// <summary>
    /// Seals events that became visible below what was settled; they stand in the log where they came.
    /// </summary>
    public async Task<LogPosition> SealLateAsync(
        NpgsqlConnection connection,
        LogPosition position,
        IReadOnlyList<StoredEvent> late,
        CancellationToken cancellation
    )
    {
        var before = (position.Size, position.SettledThrough);
        foreach (var stored in late)
        {
            position.Tree.Append(HashOf(stored));
        }

        position = position with { LateEvents = position.LateEvents + late.Count };
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await LogBatch.WriteLeavesAsync(
            transaction,
            position.Log,
            before.Size,
            [.. late.Select(stored => (stored.Envelope.Sequence, stored.Envelope.EventId))],
            cancellation
        );
        await LogBatch.WriteTreeAsync(transaction, before, position, cancellation);
        await transaction.CommitAsync(cancellation);
        return position;
    }

    /// <summary>The hash of an event's leaf.</summary>
    /// <exception cref="LogBrokenException">The payload has no canonical form (rulings 6).</exception>
    public MerkleHash HashOf(in StoredEvent stored) =>
        writer.TryWrite(stored.Envelope, stored.Data, out var leaf, out var problem)
            ? MerkleHash.OfLeaf(leaf)
            : throw new LogBrokenException(
                $"{stored.Envelope.Book}: event {stored.Envelope.EventId} has no leaf: "
                    + $"{problem.Code} at byte {problem.Position} of its payload."
            );

    private async Task<List<(long Sequence, Guid EventId)>> AppendAsync(
        NpgsqlConnection connection,
        LogPosition position,
        long through,
        CancellationToken cancellation
    )
    {
        var leaves = new List<(long, Guid)>();
        var events = StoredEvents.OfAsync(
            connection,
            position.Log,
            position.SettledThrough,
            through,
            BatchEvents,
            cancellation
        );
        await foreach (var stored in events)
        {
            position.Tree.Append(HashOf(stored));
            leaves.Add((stored.Envelope.Sequence, stored.Envelope.EventId));
        }

        return leaves;
    }
}

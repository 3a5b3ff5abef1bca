using CreditBank.Ledger.Audit;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// The log over all books: each entry is the text of a signed checkpoint of a book's log. Who checks its newest
/// checkpoint knows that no book was rolled back or left out.
/// </summary>
internal sealed class TopLog(AuditLogs logs)
{
    private readonly Dictionary<string, long> included = [];

    /// <summary>Takes in the books' newest checkpoints.</summary>
    /// <param name="connection">The connection that holds the top log's lock.</param>
    /// <param name="position">Where the top log stands.</param>
    /// <param name="checkpoints">The books' newest checkpoints, by book.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Where it stands then.</returns>
    public async Task<LogPosition> IncludeAsync(
        NpgsqlConnection connection,
        LogPosition position,
        IReadOnlyDictionary<string, Checkpoint> checkpoints,
        CancellationToken cancellation
    )
    {
        await ReadIncludedAsync(connection, cancellation);
        var fresh = logs
            .Books.Where(checkpoints.ContainsKey)
            .Select(book => (Book: book, Checkpoint: checkpoints[book]))
            .Where(one => one.Checkpoint.Size > included.GetValueOrDefault(one.Book, -1))
            .ToList();
        if (fresh.Count == 0)
        {
            return position;
        }

        var before = (position.Size, position.SettledThrough);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var (book, checkpoint) in fresh)
        {
            await InsertAsync(transaction, position.Size, book, checkpoint, cancellation);
            position.Tree.Append(MerkleHash.OfLeaf(System.Text.Encoding.UTF8.GetBytes(checkpoint.Text)));
        }

        position = position with { SettledThrough = position.Size };
        await LogBatch.WriteTreeAsync(transaction, before, position, cancellation);
        await transaction.CommitAsync(cancellation);
        foreach (var (book, checkpoint) in fresh)
        {
            included[book] = checkpoint.Size;
        }

        return position;
    }

    private async Task ReadIncludedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (included.Count > 0)
        {
            return;
        }

        await using var command = connection.CreateCommand();
        command.CommandText = $"select log, max(size) from {AuditLogSchema.TopEntries} group by log";
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            included[reader.GetString(0)] = reader.GetInt64(1);
        }
    }

    private static async Task InsertAsync(
        NpgsqlTransaction transaction,
        long index,
        string book,
        Checkpoint checkpoint,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(
            $"insert into {AuditLogSchema.TopEntries} (leaf_index, log, size, entry) values ($1, $2, $3, $4)",
            transaction.Connection,
            transaction
        );
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = index });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = book });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = checkpoint.Size });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = checkpoint.Text });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

using Npgsql;

namespace CreditBank.Api.Infrastructure.Storage;

/// <summary>
/// Finds, for each book, a sequence number below which nothing can still commit, without asking writers to do anything.
/// </summary>
/// <remarks>
/// A transaction that took a number from a book's sequence holds a lock on that sequence until it ends. So: read the
/// sequence, then read who holds its lock; when all of those have ended, every transaction that could have taken a
/// number up to the one read has ended too. What such a transaction wrote is then visible, and its gaps stay gaps.
/// Whoever takes numbers in one transaction and uses them in another escapes this; the completeness sweep finds that.
/// </remarks>
internal sealed class SettledSequences(IReadOnlyList<string> books)
{
    private const string SequencePrefix = "mt_events_sequence_";

    private static readonly string LocksSql = $"""
        select substr(c.relname::text, {SequencePrefix.Length + 1}), l.virtualtransaction
        from pg_locks l
        join pg_class c on c.oid = l.relation
        join pg_namespace n on n.oid = c.relnamespace
        where l.locktype = 'relation' and l.mode = 'RowExclusiveLock' and l.granted and l.pid <> pg_backend_pid()
          and l.database = (select oid from pg_database where datname = current_database())
          and n.nspname = '{Composition.Storage.Schema}' and c.relname like 'mt\_events\_sequence\_%'
        """;

    private readonly Dictionary<string, Wait> waits = [];
    private readonly Dictionary<string, long> settled = [];

    /// <summary>The newest number taken in each book, as of the last look.</summary>
    public IReadOnlyDictionary<string, long> Taken { get; private set; } = new Dictionary<string, long>();

    /// <summary>The newest settled sequence of each book, after one more look.</summary>
    public async Task<IReadOnlyDictionary<string, long>> LookAsync(
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SequencesSql()));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(LocksSql));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var taken = new Dictionary<string, long>();
        while (await reader.ReadAsync(cancellation))
        {
            taken[reader.GetString(0)] = reader.GetInt64(1);
        }

        await reader.NextResultAsync(cancellation);
        var holders = new Dictionary<string, HashSet<string>>();
        while (await reader.ReadAsync(cancellation))
        {
            var book = reader.GetString(0);
            holders.TryAdd(book, []);
            holders[book].Add(reader.GetString(1));
        }

        Taken = taken;
        foreach (var (book, last) in taken)
        {
            Note(book, last, holders.GetValueOrDefault(book) ?? []);
        }

        return settled;
    }

    private void Note(string book, long last, HashSet<string> holders)
    {
        if (!waits.TryGetValue(book, out var wait))
        {
            wait = new Wait(last, holders);
        }
        else
        {
            wait.Holders.IntersectWith(holders);
        }

        if (wait.Holders.Count > 0)
        {
            waits[book] = wait;
            return;
        }

        // Those that wait.Last was read before have ended. If nobody holds the lock now, the number read now is
        // settled.
        settled[book] = holders.Count == 0 ? last : wait.Last;
        waits.Remove(book);
        if (holders.Count > 0)
        {
            waits[book] = new Wait(last, holders);
        }
    }

    private string SequencesSql() =>
        string.Join(
            " union all ",
            books.Select(book =>
                $"""
                    select '{book}', case when is_called then last_value else last_value - 1 end
                    from {Composition.Storage.Schema}."{SequencePrefix}{book}"
                    """
            )
        );

    private sealed record Wait(long Last, HashSet<string> Holders);
}

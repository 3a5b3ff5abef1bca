using CreditBank.Api.Infrastructure.Storage;
using Marten;
using Npgsql;

namespace CreditBank.Api.Merges;

/// <summary>How many merges were made or undone, in the registry book. Guards what is decided without an account's
/// version.</summary>
public sealed class MergeCount
{
    /// <summary>The only one's key.</summary>
    public const string Key = "merges";

    /// <summary>Always <see cref="Key"/>.</summary>
    public string Id { get; init; } = Key;

    /// <summary>How many there were.</summary>
    public required long Count { get; init; }
}

/// <summary>
/// Keeps deposits out of an account that is being merged. A deposit is appended without knowing the account's version,
/// so it says how many merges there had been when it was read whose account a record is for; when there is one more,
/// its commit is lost and decided anew. Writers share one lock for the length of their commit, and a merge takes it
/// alone.
/// </summary>
public static class MergeGuard
{
    private const string Schema = Composition.Storage.Schema;

    // Any number that nobody else locks on.
    private const string Lock = "5282761908";

    /// <summary>The statements; they may be run again and again.</summary>
    public const string Sql = $$"""
        create or replace procedure {{Schema}}.expect_merges(expected bigint, alone boolean)
        language plpgsql as $guard$
        begin
            if alone then
                perform pg_advisory_xact_lock({{Lock}});
            else
                perform pg_advisory_xact_lock_shared({{Lock}});
            end if;
            if expected <> coalesce((select (data ->> 'count')::bigint
                                     from {{Schema}}.mt_doc_mergecount_{{LedgerBooks.Registry}}
                                     where tenant_id = '{{LedgerBooks.Registry}}' and id = '{{MergeCount.Key}}'), 0)
            then
                raise exception 'accounts were merged meanwhile' using errcode = 'serialization_failure';
            end if;
        end $guard$;
        """;

    /// <summary>Puts the procedure where it belongs.</summary>
    /// <param name="connection">The owner's connection.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task InstallAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>How many merges there were. To be read before whose account anything is for.</summary>
    public static async Task<long> CountAsync(LedgerBooks books, CancellationToken cancellation)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        return (await session.LoadAsync<MergeCount>(MergeCount.Key, cancellation))?.Count ?? 0;
    }

    /// <summary>
    /// Makes the session's commit fail, as lost to another writer, when there were more merges since.
    /// </summary>
    public static void Expect(IDocumentSession session, long count) =>
        session.QueueSqlCommand($"call {Schema}.expect_merges(?, false)", count);

    /// <summary>Counts a merge, or one that is undone, within the session's commit.</summary>
    public static void CountOneMore(IDocumentSession session, long count)
    {
        session.QueueSqlCommand($"call {Schema}.expect_merges(?, true)", count);
        session.ForTenant(LedgerBooks.Registry).Store(new MergeCount { Count = count + 1 });
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger;
using Marten;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace CreditBank.Api.Accounts;

/// <summary>
/// Reads an account's balances as they were known at a closed instant: what the last page that was known whole brings
/// forward, and the events after it. One statement, so that all is of one snapshot: what the projection has not seen
/// yet is counted, and nothing twice.
/// </summary>
internal static class PastBalances
{
    private static readonly ConcurrentDictionary<string, string> SqlByBook = new();

    /// <summary>The balances; none when nothing of the account was known then.</summary>
    /// <param name="session">Reads the book.</param>
    /// <param name="book">The account's book.</param>
    /// <param name="accountId">The account.</param>
    /// <param name="knownAt">Only what was recorded by then, inclusive; always the stream up to some version.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<AccountBalances?> Read(
        IQuerySession session,
        string book,
        string accountId,
        Instant knownAt,
        CancellationToken cancellation
    )
    {
        if (knownAt < NodaConstants.UnixEpoch)
        {
            return null;
        }

        var at = StoredInstant.ToMicroseconds(knownAt);
        await using var command = new NpgsqlCommand(SqlByBook.GetOrAdd(book, SqlOf))
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = book },
                new NpgsqlParameter<string> { TypedValue = accountId },
                new NpgsqlParameter<long> { TypedValue = at },
                new NpgsqlParameter
                {
                    NpgsqlDbType = NpgsqlDbType.TimestampTz,
                    Value = StoredInstant.FromMicroseconds(at).ToDateTimeUtc(),
                },
            },
        };
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        AccountBalances? balances = null;
        while (await reader.ReadAsync(cancellation) && reader.GetBoolean(2))
        {
            balances ??= new AccountBalances { Id = accountId };
            if (reader.IsDBNull(3))
            {
                continue;
            }

            var (type, data) = (reader.GetString(1), reader.GetFieldValue<byte[]>(3));
            if (type.Length == 0)
            {
                var before = JsonSerializer.Deserialize<BroughtForward>(data, LedgerJson.Options)!;
                balances.Add(before);
                balances.Version = before.LastVersion;
            }
            else
            {
                balances.Add(JsonSerializer.Deserialize(data, EventCatalogue.TypesByName[type], LedgerJson.Options)!);
                balances.Version = reader.GetInt64(0);
            }
        }

        return balances;
    }

    /// <summary>
    /// In the order of versions: what the last page that was known whole brings forward; and the events after it, up to
    /// the foot of the next, or where that is not kept, all. Reading ends at the first that is later. Names the book's
    /// own partitions, as <see cref="StoredBalances"/> does.
    /// </summary>
    private static string SqlOf(string book) =>
        $"""
            with page as materialized (
                {PageOf(book, "<= $3", "desc")}
            ),
            next as materialized (
                {PageOf(book, "> $3", "asc")}
            )
            select last, ''::varchar, true, data::text from page
            union all
            select version, type, timestamp <= $4,
                   case when timestamp <= $4 and type in ({StoredBalances.MovingNames}) then data::text end
            from {Storage.Schema}.mt_events_{book}
            where tenant_id = $1 and stream_id = $2
              and version > coalesce((select last from page), 0)
              and version <= coalesce((select last from next), {long.MaxValue})
              and (version = 1 or timestamp > $4 or type in ({StoredBalances.MovingNames}))
            order by 1
            """;

    // Written as the index is: it answers with one look.
    private static string PageOf(string book, string latest, string order) =>
        $"""
            select {Last} as last, data from {Storage.Schema}.mt_doc_broughtforward_{book}
            where tenant_id = $1 and data ->> 'accountId' = $2 and {Latest} {latest}
            order by {Latest} {order}, {Last} {order} limit 1
            """;

    private const string Latest = "cast(data ->> 'latestMicroseconds' as bigint)";
    private const string Last = "cast(data ->> 'lastVersion' as bigint)";
}

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
/// Reads an account's balances as they were known at a closed instant: the sums of the stretches that were known whole,
/// and the events around them. One statement, so that all is of one snapshot: what the projection has not seen yet is
/// counted, and nothing twice.
/// </summary>
internal static class PastBalances
{
    private const int Length = BalanceSegment.Length;

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
                var segment = JsonSerializer.Deserialize<BalanceSegment>(data, LedgerJson.Options)!;
                balances.Add(segment);
                balances.Version = segment.LastVersion;
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
    /// In the order of versions: the events of the first stretch; stretches known whole, up to the first with something
    /// later in it; and the events of that one, or where there is none, those that the projection has not seen. Reading
    /// ends at the first that is later. Names the book's own partitions, as <see cref="StoredBalances"/> does. Each
    /// stretch is looked up by its key, whatever the database knows of its tables.
    /// </summary>
    private static string SqlOf(string book) =>
        $"""
            with kept as materialized (
                select d.data, (d.data ->> 'lastVersion')::bigint as last,
                       (d.data ->> 'latestMicroseconds')::bigint as latest
                from generate_series(1, (select (version - 1) / {Length} from {Storage.Schema}.mt_streams_{book}
                                         where tenant_id = $1 and id = $2)) number
                cross join lateral (
                    select data from {Storage.Schema}.mt_doc_balancesegment_{book}
                    where tenant_id = $1 and id = $2 || '/' || number
                    offset 0
                ) d
            ),
            edge as materialized (
                select greatest(max(last), {Length}) as seen,
                       (min(last) filter (where latest > $3) - 1) / {Length} as late
                from kept
            )
            {EventsOf(book, $"version <= {Length}")}
            union all
            select (last - 1) / {Length} * {Length} + 1, ''::varchar, true, data::text from kept
            where (last - 1) / {Length} < (select coalesce(late, {long.MaxValue}) from edge)
            union all
            {EventsOf(book, $"version > (select coalesce(late * {Length}, seen) from edge)")}
              and version <= (select coalesce((late + 1) * {Length}, {long.MaxValue}) from edge)
            order by 1
            """;

    private static string EventsOf(string book, string where) =>
        $"""
            select version, type, timestamp <= $4,
                   case when timestamp <= $4 and type in ({StoredBalances.MovingNames}) then data::text end
            from {Storage.Schema}.mt_events_{book}
            where tenant_id = $1 and stream_id = $2 and {where}
              and (version = 1 or timestamp > $4 or type in ({StoredBalances.MovingNames}))
            """;
}

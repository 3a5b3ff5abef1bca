using System.Collections.Concurrent;
using System.Text.Json;
using CreditBank.Api.Composition;
using CreditBank.Ledger;
using CreditBank.Ledger.Journal;
using Marten;
using Npgsql;

namespace CreditBank.Api.Accounts;

/// <summary>
/// Reads an account's balances as they are now: the projection's document and, folded onto it, the events it has not
/// seen yet. One statement, so that both are of one snapshot of the database and a read after a write shows the
/// write.
/// </summary>
internal static class StoredBalances
{
    /// <summary>The stored names of the kinds of event that move credit, as a list of SQL.</summary>
    public static readonly string MovingNames = string.Join(
        ", ",
        EventCatalogue
            .TypesByName.Where(pair => DoubleEntry.MovingTypes.Contains(pair.Value))
            .Select(pair => $"'{pair.Key}'")
    );

    private static readonly ConcurrentDictionary<string, string> SqlByBook = new();

    /// <summary>The balances; none when there is no such account.</summary>
    public static async Task<AccountBalances?> Read(
        IQuerySession session,
        string book,
        string accountId,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(SqlByBook.GetOrAdd(book, SqlOf))
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = book },
                new NpgsqlParameter<string> { TypedValue = accountId },
            },
        };
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        AccountBalances? balances = null;
        while (await reader.ReadAsync(cancellation))
        {
            var version = await reader.GetFieldValueAsync<long>(0, cancellation);
            var json = await reader.GetFieldValueAsync<string>(2, cancellation);
            if (version == 0)
            {
                balances = JsonSerializer.Deserialize<AccountBalances>(json, LedgerJson.Options)!;
                balances.Version = await reader.GetFieldValueAsync<long>(3, cancellation);
                continue;
            }

            var type = EventCatalogue.TypesByName[await reader.GetFieldValueAsync<string>(1, cancellation)];
            balances ??= new AccountBalances { Id = accountId };
            balances.Add(JsonSerializer.Deserialize(json, type, LedgerJson.Options)!);
            balances.Version = version;
        }

        return balances ?? await Untouched(session, accountId, cancellation);
    }

    /// <summary>The balances of an account on which no credit ever moved.</summary>
    private static async Task<AccountBalances?> Untouched(
        IQuerySession session,
        string accountId,
        CancellationToken cancellation
    ) =>
        await session.Events.FetchStreamStateAsync(accountId, cancellation) is null
            ? null
            : new AccountBalances { Id = accountId };

    /// <summary>
    /// Names the book's own partitions: planning over those of all books would cost as much as the reading.
    /// </summary>
    private static string SqlOf(string book) =>
        $"""
            with kept as materialized (
                select data, mt_version from {Storage.Schema}.mt_doc_accountbalances_{book}
                where tenant_id = $1 and id = $2
            )
            select 0::bigint, ''::varchar, data, mt_version from kept
            union all
            select version, type, data, 0 from {Storage.Schema}.mt_events_{book}
            where tenant_id = $1 and stream_id = $2 and type in ({MovingNames})
              and version > coalesce((select mt_version from kept), 0)
            order by 1
            """;
}

using System.Text.Json;
using CreditBank.Api.Composition;
using CreditBank.Ledger;
using CreditBank.Ledger.Journal;
using Marten;
using Npgsql;

namespace CreditBank.Api.Accounts;

/// <summary>
/// Reads an account's balances as they are now: the projection's document and, folded onto it, the events it has not
/// seen yet. One statement, so that both are of one snapshot of the database and a read after a write shows the write.
/// </summary>
internal static class StoredBalances
{
    private const string Sql = $"""
        select 0::bigint, ''::varchar, d.data, d.mt_version
        from {Storage.Schema}.mt_doc_accountbalances d
        where d.tenant_id = $1 and d.id = $2
        union all
        select e.version, e.type, e.data, 0
        from {Storage.Schema}.mt_events e
        where e.tenant_id = $1 and e.stream_id = $2 and e.type = any($3)
          and e.version > coalesce((select d.mt_version from {Storage.Schema}.mt_doc_accountbalances d
                                    where d.tenant_id = $1 and d.id = $2), 0)
        union all
        select -1, '', null, s.version
        from {Storage.Schema}.mt_streams s
        where s.tenant_id = $1 and s.id = $2
        order by 1
        """;

    private static readonly string[] MovingNames =
    [
        .. EventCatalogue
            .TypesByName.Where(pair => DoubleEntry.MovingTypes.Contains(pair.Value))
            .Select(pair => pair.Key),
    ];

    /// <summary>The balances; none when there is no such account.</summary>
    public static async Task<AccountBalances?> Read(
        IQuerySession session,
        string book,
        string accountId,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = book },
                new NpgsqlParameter<string> { TypedValue = accountId },
                new NpgsqlParameter<string[]> { TypedValue = MovingNames },
            },
        };
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        AccountBalances? balances = null;
        while (await reader.ReadAsync(cancellation))
        {
            var version = await reader.GetFieldValueAsync<long>(0, cancellation);
            if (version == -1)
            {
                balances = new AccountBalances { Id = accountId };
                continue;
            }

            var json = await reader.GetFieldValueAsync<string>(2, cancellation);
            if (version == 0)
            {
                balances = JsonSerializer.Deserialize<AccountBalances>(json, LedgerJson.Options)!;
                balances.Version = await reader.GetFieldValueAsync<long>(3, cancellation);
                continue;
            }

            var type = EventCatalogue.TypesByName[await reader.GetFieldValueAsync<string>(1, cancellation)];
            balances!.Add(JsonSerializer.Deserialize(json, type, LedgerJson.Options)!);
            balances.Version = version;
        }

        return balances;
    }
}

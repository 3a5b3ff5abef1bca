using CreditBank.Api.Infrastructure.Storage;
using Marten;
using Npgsql;

namespace CreditBank.Api.Infrastructure.Vault;

/// <summary>
/// Keeps apart what is begun for a person and what ends the person or the account: an erasure, a merge. A claim, an
/// application, an appeal and whatever else keeps a person's words are appended to streams of their own and know no
/// version of the account. So their commit holds the person's row and is lost, to be decided anew, when the person was
/// erased or merged since it was read. An erasure and a merge take the row alone before they ask what is undecided.
/// </summary>
public static class PersonGuard
{
    private const string Schema = Composition.Storage.Schema;

    /// <summary>The statements; they may be run again and again.</summary>
    public const string Sql = $$"""
        create or replace procedure {{Schema}}.expect_person(book text, account text, survivor text)
        language plpgsql as $guard$
        declare
            found_survivor text;
            found_rows integer;
        begin
            execute format(
                $find$select coalesce(data ->> 'mergedInto', '') from {{Schema}}.mt_doc_person
                      where tenant_id = %L and id = $1 for share$find$, book)
            into found_survivor using account;
            get diagnostics found_rows = row_count;
            if found_rows = 0 or found_survivor <> survivor then
                raise exception 'the person was erased or merged meanwhile' using errcode = 'serialization_failure';
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

    /// <summary>
    /// Makes the session's commit fail, as lost to another writer, when the person was erased, or the account merged or
    /// parted, since the person was read.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="book">The account's book.</param>
    /// <param name="person">The person as read.</param>
    public static void Expect(IDocumentSession session, string book, Person person) =>
        session.QueueSqlCommand(
            $"call {Schema}.expect_person(?, ?, ?)",
            book,
            person.Id,
            person.MergedInto ?? string.Empty
        );

    /// <summary>
    /// Waits for every commit that begins something for the persons, and keeps further ones waiting until the session's
    /// own commit: what is read after this misses nothing.
    /// </summary>
    /// <param name="session">The session; it is in a transaction from here on.</param>
    /// <param name="books">The books.</param>
    /// <param name="accountIds">The accounts.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task TakeAloneAsync(
        IDocumentSession session,
        LedgerBooks books,
        IEnumerable<string> accountIds,
        CancellationToken cancellation
    )
    {
        await session.BeginTransactionAsync(cancellation);
        foreach (var accountId in accountIds.Order(StringComparer.Ordinal))
        {
            await using var command = new NpgsqlCommand(
                $"select 1 from {Schema}.mt_doc_person where tenant_id = $1 and id = $2 for update"
            )
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = books.BookOf(accountId) },
                    new NpgsqlParameter<string> { TypedValue = accountId },
                },
            };
            await using var reader = await session.ExecuteReaderAsync(command, cancellation);
            while (await reader.ReadAsync(cancellation)) { }
        }
    }
}

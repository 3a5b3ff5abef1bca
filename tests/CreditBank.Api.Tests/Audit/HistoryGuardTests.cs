using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CreditBank.Api.Tests.Audit;

/// <summary>The database itself refuses to change what was recorded.</summary>
public sealed class HistoryGuardTests
{
    [Theory]
    [InlineData("update ledger.mt_events set data = '{}' where stream_id = @account")]
    [InlineData("update ledger.mt_events set timestamp = now() where stream_id = @account")]
    [InlineData("update ledger.mt_events set is_archived = true where stream_id = @account")]
    [InlineData("delete from ledger.mt_events where stream_id = @account")]
    [InlineData("delete from ledger.mt_streams where id = @account")]
    [InlineData("truncate ledger.mt_events cascade")]
    [InlineData("truncate ledger.mt_streams cascade")]
    public async Task plain_sql_is_refused(string sql)
    {
        var service = await TestService.SharedAsync();
        var accountId = await Life.Begin(service, id => Life.Deposit(id, "uni-guard", "r-1", 3));

        var fault = await Assert.ThrowsAsync<PostgresException>(() => Run(service, sql, accountId));

        Assert.Equal(HistoryGuard.Refused, fault.SqlState);
        Assert.Equal(3, await Count(service, accountId));
    }

    [Theory]
    [InlineData("update {0} set data = '{{}}' where stream_id = @account")]
    [InlineData("delete from {0} where stream_id = @account")]
    [InlineData("truncate {0} cascade")]
    public async Task so_is_plain_sql_on_a_books_own_partition(string sql)
    {
        var service = await TestService.SharedAsync();
        var accountId = await Life.Begin(service, id => Life.Deposit(id, "uni-guard", "r-1", 3));
        var book = service.Services.GetRequiredService<LedgerBooks>().BookOf(accountId);
        var partition = string.Format(
            System.Globalization.CultureInfo.InvariantCulture,
            sql,
            $"ledger.mt_events_{book}"
        );

        var fault = await Assert.ThrowsAsync<PostgresException>(() => Run(service, partition, accountId));

        Assert.Equal(HistoryGuard.Refused, fault.SqlState);
        Assert.Equal(3, await Count(service, accountId));
    }

    [Fact]
    public async Task a_commit_that_fails_leaves_nothing_behind_not_even_a_marker()
    {
        var service = await TestService.SharedAsync();
        var accountId = await Life.Begin(service, id => Life.Deposit(id, "uni-guard", "r-1", 3));
        var books = service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Write(books.BookOf(accountId), Actor.Bank);
        session.Events.Append(accountId, Life.Deposit(accountId, "uni-guard", "r-2", 3));
        session.QueueSqlCommand("insert into ledger.mt_streams (id, tenant_id) values (?, ?)", accountId, "registry");
        session.QueueSqlCommand("insert into ledger.mt_streams (id, tenant_id) values (?, ?)", accountId, "registry");

        await Assert.ThrowsAnyAsync<Exception>(() => session.SaveChangesAsync());

        Assert.Equal(3, await Count(service, accountId));
        Assert.Equal(0, await Count(service, "mt_tombstone"));
    }

    [Theory]
    [InlineData("update ledger.mt_events set data = '{}' where stream_id = @account")]
    [InlineData("update ledger.mt_events set is_archived = true where stream_id = @account")]
    [InlineData("select from ledger.mt_events where stream_id = @account for update")]
    [InlineData("delete from ledger.mt_events where stream_id = @account")]
    [InlineData("delete from ledger.mt_streams where id = @account")]
    [InlineData("update ledger.mt_streams set is_archived = true where id = @account")]
    [InlineData("update ledger.mt_streams set id = 'other' where id = @account")]
    [InlineData("truncate ledger.mt_events cascade")]
    [InlineData("truncate ledger.mt_streams cascade")]
    [InlineData("drop trigger keep_each on ledger.mt_events")]
    [InlineData("alter table ledger.mt_events disable trigger all")]
    [InlineData("set session_replication_role = replica")]
    [InlineData("create or replace function ledger.refuse_rewriting() returns trigger language plpgsql as 'begin end'")]
    [InlineData("drop table ledger.mt_events cascade")]
    [InlineData("drop schema ledger cascade")]
    [InlineData("create table ledger.mine ()")]
    [InlineData("select setval('ledger.mt_events_sequence_registry', 1)")]
    [InlineData("update ledger.audit_run set first_index = 0")]
    [InlineData("delete from ledger.audit_run")]
    [InlineData("update ledger.schema_mark set version = 0")]
    [InlineData("update ledger.mt_doc_bookplan set data = '{}'")]
    [InlineData("insert into partitions.mt_tenant_partitions values ('other', 'other')")]
    [InlineData("set role postgres")]
    public async Task the_services_role_may_not_even_try(string sql)
    {
        var service = await TestService.SharedAsync();
        var accountId = await Life.Begin(service, id => Life.Deposit(id, "uni-guard", "r-1", 3));

        var fault = await Assert.ThrowsAsync<PostgresException>(() =>
            Run(service.Settings.ConnectionString, sql, accountId)
        );

        Assert.Contains(fault.SqlState, NotAllowed);
        Assert.Equal(3, await Count(service, accountId));
    }

    [Fact]
    public async Task what_the_store_offers_to_rewrite_history_is_refused()
    {
        await using var service = await TestService.StartAsync(services: services =>
            services.ConfigureMarten(options =>
                options.Events.AddMaskingRuleForProtectedInformation<AccountOpened>(opened =>
                    opened with
                    {
                        OpenedBy = "masked",
                    }
                )
            )
        );
        var accountId = await Life.Begin(service, id => Life.Deposit(id, "uni-guard", "r-1", 3));
        var books = service.Services.GetRequiredService<LedgerBooks>();
        var before = await Content(service, accountId);

        foreach (var (name, rewrite) in Rewriting(books, accountId))
        {
            var refused = await Record.ExceptionAsync(rewrite);
            Assert.True(refused is not null, $"{name} went through.");
            Assert.Equal(before, await Content(service, accountId));
        }
    }

    [Fact]
    public async Task a_commit_that_was_lost_leaves_a_gap_and_no_event()
    {
        var service = await TestService.SharedAsync();
        var taken = await Life.Begin(service, id => Life.Deposit(id, "uni-gap", "r-1", 3));
        var books = service.Services.GetRequiredService<LedgerBooks>();
        await using (var session = books.Write(books.BookOf(taken), new Actor("late", null)))
        {
            session.Events.StartStream<Account>(taken + "-new", Life.Opened(taken));
            session.Events.StartStream<Account>(taken, Life.Opened(taken));
            await Assert.ThrowsAnyAsync<Exception>(() => session.SaveChangesAsync());
        }

        // Written by the event store afterwards and by itself; here by hand, so that nothing has to be waited for.
        const string Lost = """
            insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            values (999999999, gen_random_uuid(), 'mt_tombstone', 999999999, '{}', 'tombstone', '-infinity', 'registry')
            """;
        await Run(service.Settings.ConnectionString, Lost, string.Empty);
        Assert.Equal(0, await Count(service, "mt_tombstone"));
    }

    [Fact]
    public async Task the_guards_are_put_up_again_when_one_was_taken_down()
    {
        await using var service = await TestService.StartAsync();
        await Run(service, "drop trigger keep_each on ledger.mt_events", string.Empty);

        await using var connection = new NpgsqlConnection(service.OwnersConnection);
        await connection.OpenAsync();
        await HistoryGuard.InstallAsync(connection, default);
        await HistoryGuard.InstallAsync(connection, default);

        await Assert.ThrowsAsync<PostgresException>(() =>
            Run(service, "update ledger.mt_events set data = '{}'", string.Empty)
        );
    }

    private static readonly string[] NotAllowed =
    [
        PostgresErrorCodes.InsufficientPrivilege,
        PostgresErrorCodes.InvalidParameterValue,
        PostgresErrorCodes.UndefinedObject,
    ];

    /// <summary>Every call of the event store by which recorded events are changed or removed.</summary>
    private static IEnumerable<(string Name, Func<Task> Rewrite)> Rewriting(LedgerBooks books, string accountId)
    {
        var book = books.BookOf(accountId);
        var advanced = books.Store.Advanced;
        yield return ("overwrite", () => InSession(events => events.OverwriteEvent(First(events))));
        yield return (
            "replace",
            () => InSession(events => events.CompletelyReplaceEvent(First(events).Sequence, Life.Opened(accountId)))
        );
        yield return ("archive", () => InSession(events => events.ArchiveStream(accountId)));
        yield return ("tombstone", () => InSession(events => events.TombstoneStream(accountId)));
        yield return (
            "compact",
            () => InSession(events => events.CompactStreamAsync<Account>(accountId).GetAwaiter().GetResult())
        );
        yield return (
            "mask",
            () =>
                advanced.ApplyEventDataMasking(mask =>
                {
                    mask.IncludeStream(accountId);
                    mask.ForTenant(book);
                })
        );
        yield return ("delete one stream", () => advanced.Clean.DeleteSingleEventStreamAsync(accountId, book));
        yield return ("delete all events", () => advanced.Clean.DeleteAllEventDataAsync());
        yield return ("remove everything", () => advanced.Clean.CompletelyRemoveAllAsync());
        yield return ("reset", () => advanced.ResetAllData());
        yield return ("delete a book", () => advanced.DeleteAllTenantDataAsync(book, default));
        yield return ("remove a book", () => advanced.RemoveMartenManagedTenantsAsync([book], default));

        async Task InSession(Action<IEventStoreOperations> rewrite)
        {
            await using var session = books.Write(book, new Actor("intruder", null));
            rewrite(session.Events);
            await session.SaveChangesAsync();
        }

        IEvent First(IEventStoreOperations events) => events.FetchStreamAsync(accountId).GetAwaiter().GetResult()[0];
    }

    private static Task Run(TestService service, string sql, string accountId) =>
        Run(service.OwnersConnection, sql, accountId);

    private static async Task Run(string connectionString, string sql, string accountId)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        if (sql.Contains("@account", StringComparison.Ordinal))
        {
            command.Parameters.AddWithValue("account", accountId);
        }

        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> Count(TestService service, string accountId) =>
        (await Content(service, accountId)).Count;

    private static async Task<IReadOnlyList<string>> Content(TestService service, string accountId)
    {
        await using var connection = new NpgsqlConnection(service.OwnersConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select row_to_json(e)::text from ledger.mt_events e where stream_id = @account order by seq_id",
            connection
        );
        command.Parameters.AddWithValue("account", accountId);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}

using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
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

    [Fact]
    public async Task the_stores_own_cleaning_is_refused()
    {
        var service = await TestService.SharedAsync();
        var accountId = await Life.Begin(service, id => Life.Deposit(id, "uni-guard", "r-1", 3));
        var books = service.Services.GetRequiredService<LedgerBooks>();
        var clean = books.Store.Advanced.Clean;

        await Assert.ThrowsAnyAsync<Exception>(() => clean.DeleteAllEventDataAsync());
        await Assert.ThrowsAnyAsync<Exception>(() =>
            clean.DeleteSingleEventStreamAsync(accountId, books.BookOf(accountId))
        );

        Assert.Equal(3, await Count(service, accountId));
    }

    [Fact]
    public async Task the_guards_are_put_up_again_when_one_was_taken_down()
    {
        await using var service = await TestService.StartAsync();
        await Run(service, "drop trigger keep_each on ledger.mt_events", string.Empty);
        var store = service.Services.GetRequiredService<LedgerBooks>().Store;

        await HistoryGuard.InstallAsync(store, default);
        await HistoryGuard.InstallAsync(store, default);

        await Assert.ThrowsAsync<PostgresException>(() =>
            Run(service, "update ledger.mt_events set data = '{}'", string.Empty)
        );
    }

    private static async Task Run(TestService service, string sql, string accountId)
    {
        await using var connection = new NpgsqlConnection(service.Settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        if (sql.Contains("@account", StringComparison.Ordinal))
        {
            command.Parameters.AddWithValue("account", accountId);
        }

        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> Count(TestService service, string accountId)
    {
        await using var connection = new NpgsqlConnection(service.Settings.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "select count(*) from ledger.mt_events where stream_id = @account",
            connection
        );
        command.Parameters.AddWithValue("account", accountId);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}

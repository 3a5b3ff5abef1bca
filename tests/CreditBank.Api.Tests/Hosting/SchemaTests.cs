using CreditBank.Api.Hosting;
using CreditBank.Api.Infrastructure.Schema;
using CreditBank.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CreditBank.Api.Tests.Hosting;

/// <summary>Who brings the schema up to date, and when the service refuses to work on one.</summary>
public sealed class SchemaTests
{
    [Fact]
    public async Task the_services_role_serves_without_the_owners_connection_once_the_schema_is_there()
    {
        await using var first = await TestService.StartAsync();
        var accountId = await Life.Begin(first, id => Life.Deposit(id, "uni-schema", "r-1", 3));

        await using var second = await Again(first, owner: null);
        await Life.Append(second, accountId, Life.Deposit(accountId, "uni-schema", "r-2", 3));

        Assert.Equal(5, await Scalar(first, $"select count(*) from ledger.mt_events where stream_id = '{accountId}'"));
    }

    [Theory]
    [InlineData("update ledger.schema_mark set fingerprint = 'of another release'", "db-apply")]
    [InlineData("drop table ledger.schema_mark", "db-apply")]
    [InlineData("revoke all on ledger.schema_mark from public, test_service", "db-apply")]
    [InlineData("update ledger.schema_mark set version = version + 1", "newer")]
    public async Task a_schema_it_does_not_know_is_refused(string change, string word)
    {
        await using var first = await TestService.StartAsync();
        await Sql(first, change);

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Again(first, owner: null));

        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_newer_schema_is_refused_with_the_owners_rights_too()
    {
        await using var first = await TestService.StartAsync();
        await Sql(first, "update ledger.schema_mark set version = version + 1");

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => Again(first, first.OwnersConnection));

        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update ledger.schema_mark set version = 0")]
    [InlineData("drop table ledger.schema_mark")]
    [InlineData("drop table ledger.audit_alarm; drop table ledger.schema_mark")]
    [InlineData("drop table messages.wolverine_dead_letters; drop table ledger.schema_mark")]
    public async Task the_owner_brings_an_older_schema_up_to_date(string older)
    {
        await using var first = await TestService.StartAsync();
        await Sql(first, older);

        await using var second = await Again(first, first.OwnersConnection);
        await Life.Begin(second, id => Life.Deposit(id, "uni-schema", "r-1", 3));

        Assert.Equal(SchemaMark.CurrentVersion, await Scalar(first, "select version from ledger.schema_mark"));
    }

    [Fact]
    public async Task one_connection_with_the_owners_rights_serves_both()
    {
        await using var service = await TestService.StartAsync(settings =>
            settings with
            {
                ConnectionString = settings.OwnerConnectionString!,
                OwnerConnectionString = null,
            }
        );

        var accountId = await Life.Begin(service, id => Life.Deposit(id, "uni-schema", "r-1", 3));

        Assert.NotEmpty(accountId);
    }

    [Fact]
    public async Task an_upgrade_changes_nothing_the_second_time()
    {
        await using var service = await TestService.StartAsync();

        Assert.False(await service.Services.GetRequiredService<LedgerSchema>().PrepareAsync(default));
    }

    [Fact]
    public void the_owners_connection_alone_is_refused()
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationManager
        {
            ["ConnectionStrings:CreditBankOwner"] = "Host=db",
        };

        var refused = Assert.Throws<StartRefusedException>(() => Database.Configured(configuration));

        Assert.Contains("ConnectionStrings__CreditBank:", refused.Message + ":", StringComparison.Ordinal);
    }

    private static Task<TestService> Again(TestService first, string? owner) =>
        TestService.StartAsync(settings =>
            settings with
            {
                ConnectionString = first.Settings.ConnectionString,
                OwnerConnectionString = owner,
            }
        );

    private static async Task Sql(TestService service, string sql)
    {
        await using var source = NpgsqlDataSource.Create(service.OwnersConnection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> Scalar(TestService service, string sql)
    {
        await using var source = NpgsqlDataSource.Create(service.OwnersConnection);
        await using var command = source.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}

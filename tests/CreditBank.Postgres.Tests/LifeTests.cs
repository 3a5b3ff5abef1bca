using System.Net.Sockets;
using Npgsql;

namespace CreditBank.Postgres.Tests;

/// <summary>Start, stop, start again.</summary>
public sealed class LifeTests : ClusterTests
{
    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        await using (var first = await StartAsync())
            await RunAsync(first, "create table kept (n int)", "insert into kept values (1)");
        await using var again = await StartAsync();
        Assert.Equal(1, await AskAsync<int>(again, "select n from kept"));
        Assert.Equal(new PostgresHealth(PostgresState.Ready, 0, null), again.Health);
    }

    [Fact]
    public async Task Stopping_ends_the_server_and_frees_the_folder()
    {
        await CreateAsync();
        var postgres = await StartAsync();
        var process = postgres.ProcessId!.Value;
        Assert.True(await IsAliveAsync(process));

        await Task.WhenAll(postgres.StopAsync(), postgres.StopAsync());
        Assert.False(await IsAliveAsync(process));
        Assert.Equal(PostgresState.Stopped, postgres.Health.State);
        Assert.False(File.Exists(Path.Combine(Data, "cluster", "postmaster.pid")));
        await postgres.DisposeAsync();

        await using var again = await StartAsync();
        Assert.NotEqual(process, again.ProcessId);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_clients()
    {
        await CreateAsync();
        var postgres = await StartAsync();
        await using var client = new NpgsqlConnection(postgres.ConnectionString("postgres"));
        await client.OpenAsync();
        await using var sleep = new NpgsqlCommand("select pg_sleep(600)", client);
        var sleeping = sleep.ExecuteNonQueryAsync();

        await postgres.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => sleeping);
        Assert.DoesNotContain("forced", Kept.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cluster_is_durable_checked_in_UTC_and_closed_to_the_network()
    {
        await using var postgres = await StartAsync();
        (string Setting, string Value)[] expected =
        [
            ("data_checksums", "on"),
            ("fsync", "on"),
            ("full_page_writes", "on"),
            ("synchronous_commit", "on"),
            ("server_encoding", "UTF8"),
            ("timezone", "UTC"),
            ("password_encryption", "scram-sha-256"),
            ("listen_addresses", ""),
            ("unix_socket_permissions", "0700"),
        ];
        foreach (var (setting, value) in expected)
            Assert.Equal((setting, value), (setting, await AskAsync<string>(postgres, $"show {setting}")));
        Assert.Equal(
            "C",
            await AskAsync<string>(postgres, "select datcollate from pg_database where datname='template1'")
        );
        Assert.Equal(
            0L,
            await AskAsync<long>(
                postgres,
                "select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'"
            )
        );
        Assert.Null(postgres.Port);
    }

    [Fact]
    public async Task A_port_is_opened_only_when_asked_for_and_only_on_the_loopback()
    {
        await CreateAsync();
        await using var postgres = await StartAsync(Options with { Port = 0 });
        Assert.Equal("127.0.0.1", await AskAsync<string>(postgres, "show listen_addresses"));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", postgres.Port!.Value);
        Assert.True(client.Connected);
    }

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_is_reached_through_a_free_port()
    {
        var deep = folder.At("data", new string('d', 100));
        await using var postgres = await StartAsync(Options with { DataFolder = deep });
        Assert.NotNull(postgres.Port);
        Assert.Equal(1, await AskAsync<int>(postgres, "select 1"));
    }

    [Fact]
    public async Task Settings_of_the_operator_win()
    {
        await CreateAsync();
        var settings = new Dictionary<string, string> { ["max_connections"] = "33", ["application_name"] = "it's" };
        await using var postgres = await StartAsync(Options with { Settings = settings });
        Assert.Equal("33", await AskAsync<string>(postgres, "show max_connections"));
    }

    [Theory]
    [InlineData("fsync", "off")]
    [InlineData("FSYNC", "false")]
    [InlineData("synchronous_commit", " OFF ")]
    [InlineData("full_page_writes", "0")]
    public async Task Durability_cannot_be_switched_off(string setting, string value)
    {
        var options = Options with { Settings = new Dictionary<string, string> { [setting] = value } };
        Assert.Equal(PostgresUnavailableException.SettingUnsafe, (await RefusedAsync(options)).Code);
    }

    [Fact]
    public async Task A_wrong_setting_is_shown_with_the_words_of_the_server()
    {
        var options = Options with { Settings = new Dictionary<string, string> { ["max_connections"] = "many" } };
        var refusal = await RefusedAsync(options);
        Assert.Equal(PostgresUnavailableException.StartFailed, refusal.Code);
        Assert.Contains("invalid value for parameter \"max_connections\"", refusal.Message, StringComparison.Ordinal);

        await using var corrected = await StartAsync();
        Assert.Equal(PostgresState.Ready, corrected.Health.State);
    }

    [Fact]
    public async Task Giving_up_a_start_leaves_nothing_running()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(400));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            EmbeddedPostgres.StartAsync(Options, Kept, soon.Token)
        );
        await using var again = await StartAsync();
        Assert.Equal(1, await AskAsync<int>(again, "select 1"));
    }

    [Fact]
    public async Task Databases_and_roles_are_made_once_and_dropped_with_their_clients()
    {
        await CreateAsync();
        await using var postgres = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => postgres.EnsureDatabaseAsync("a \"name\"")));
        await using var client = new NpgsqlConnection(postgres.ConnectionString("a \"name\""));
        await client.OpenAsync();
        await postgres.DropDatabaseAsync("a \"name\"");
        await postgres.DropDatabaseAsync("a \"name\"");
        Assert.Equal(0L, await AskAsync<long>(postgres, "select count(*) from pg_database where datname like 'a%'"));
    }

    [Fact]
    public async Task A_role_logs_in_with_a_password_of_its_own_and_may_nothing_else()
    {
        await CreateAsync();
        await using (var postgres = await StartAsync())
        {
            Assert.Throws<InvalidOperationException>(() => postgres.ConnectionString("postgres", "creditbank_service"));
            await Assert.ThrowsAsync<ArgumentException>(() => postgres.EnsureRoleAsync("../creditbank"));
            await postgres.EnsureRoleAsync("creditbank_service");
            await postgres.EnsureRoleAsync("creditbank_service");
            var right = "select rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = current_user";
            Assert.False(await AskAsync<bool>(postgres, right, "creditbank_service"));
        }
        await using var again = await StartAsync();
        Assert.Equal(1, await AskAsync<int>(again, "select 1", "creditbank_service"));
        Assert.NotEqual(
            again.Connection("postgres").Password,
            again.Connection("postgres", "creditbank_service").Password
        );
    }
}

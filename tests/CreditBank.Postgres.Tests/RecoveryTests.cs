using System.Diagnostics;
using System.Globalization;

namespace CreditBank.Postgres.Tests;

/// <summary>Kills of the server, of the service, of both, and what they leave.</summary>
public sealed class RecoveryTests : ClusterTests
{
    [Fact]
    public async Task A_killed_server_is_started_again_with_what_was_committed()
    {
        await CreateAsync();
        await using var postgres = await StartAsync();
        for (var kill = 1; kill <= 3; kill++)
        {
            await RunAsync(postgres, $"insert into kept values ({kill})");
            Kill(postgres.ProcessId!.Value);
            await RestartedAsync(postgres, kill);
            Assert.Equal(1 + kill, await AskAsync<long>(postgres, "select count(*) from kept"));
        }
    }

    [Fact]
    public async Task A_killed_server_with_busy_clients_is_started_again()
    {
        await CreateAsync();
        await using var postgres = await StartAsync();
        // A backend that computes does not notice that its server is gone, and holds the shared memory.
        const string Busy = "do $$ begin loop perform 1; end loop; end $$";
        var busy = Enumerable.Range(0, 2).Select(_ => AskAsync<object>(postgres, Busy)).ToList();
        const string Count = "select count(*) from pg_stat_activity where state = 'active' and query like 'do %'";
        while (await AskAsync<long>(postgres, Count) < 2)
            await Task.Yield();

        Kill(postgres.ProcessId!.Value);
        await RestartedAsync(postgres, 1);
        Assert.Equal(0L, await AskAsync<long>(postgres, Count));
        foreach (var client in busy)
            await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => client);
    }

    [Fact]
    public async Task While_it_cannot_be_started_again_health_says_why()
    {
        await CreateAsync();
        await using var postgres = await StartAsync();
        var settings = Path.Combine(Data, "cluster", "postgresql.auto.conf");
        await File.AppendAllTextAsync(settings, "nonsense = 1\n");
        Kill(postgres.ProcessId!.Value);
        await BecomesAsync(postgres, health => health.LastFailure is not null);
        Assert.Equal(PostgresState.Recovering, postgres.Health.State);
        Assert.Contains("nonsense", postgres.Health.LastFailure, StringComparison.Ordinal);

        await File.WriteAllTextAsync(settings, "");
        await RestartedAsync(postgres, 1);
    }

    [Fact]
    public async Task Stopping_while_it_cannot_be_started_again_ends()
    {
        await CreateAsync();
        await using var postgres = await StartAsync();
        await File.AppendAllTextAsync(Path.Combine(Data, "cluster", "postgresql.auto.conf"), "nonsense = 1\n");
        Kill(postgres.ProcessId!.Value);
        await BecomesAsync(postgres, health => health.LastFailure is not null);
        await postgres.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(PostgresState.Stopped, postgres.Health.State);
    }

    [Fact]
    public async Task When_the_service_is_killed_the_server_ends_in_order()
    {
        await CreateAsync();
        var (service, first) = await OtherProcess.StartAsync(Data);
        using (service)
        {
            Assert.Equal("ready", first);
            var file = Path.Combine(Data, "cluster", "postmaster.pid");
            var server = int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture);
            using var ofServer = Process.GetProcessById(server);
            service.Kill();
            await ofServer.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.False(File.Exists(file));
        }
    }

    [Fact]
    public async Task A_service_that_starts_right_after_a_kill_waits_for_the_old_server()
    {
        await CreateAsync();
        for (var round = 0; round < 3; round++)
        {
            var (service, first) = await OtherProcess.StartAsync(Data);
            using (service)
            {
                Assert.Equal("ready", first);
                service.Kill();
            }
            await using var postgres = await StartAsync();
            Assert.Equal(1, await AskAsync<int>(postgres, "select n from kept"));
        }
    }

    [Fact]
    public async Task A_server_that_was_left_running_is_ended_in_order_and_replaced()
    {
        await CreateAsync();
        var binaries = await PostgresBinaries.FindAsync(new DataFolder(Data).Major());
        var user = await OwnerAsync();
        var cluster = Path.Combine(Data, "cluster");
        var orphan = await user.ShellAsync(
            "\"$1\" start -w -D \"$2\" >/dev/null 2>&1",
            "",
            default,
            binaries.PathOf("pg_ctl"),
            cluster
        );
        Assert.True(orphan.Succeeded);
        var server = int.Parse(File.ReadLines(cluster + "/postmaster.pid").First(), CultureInfo.InvariantCulture);

        await using var postgres = await StartAsync();
        Assert.False(await IsAliveAsync(server));
        Assert.Equal(1, await AskAsync<int>(postgres, "select n from kept"));
        Assert.Contains("still runs", Kept.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_noted_process_that_is_another_program_now_is_left_alone()
    {
        await CreateAsync();
        var user = await OwnerAsync();
        using var stranger = Process.Start(user.Prepare("sleep", "600"))!;
        try
        {
            // Root's tool becomes the program of the user by exec, so this is the number of a process of that user.
            var cluster = Path.Combine(Data, "cluster");
            var lines = $"{stranger.Id}\n{cluster}\n1\n5432\n{Data}/sockets\n\n0 0\nready   \n";
            await File.WriteAllTextAsync(Path.Combine(cluster, "postmaster.pid"), lines);
            await File.WriteAllTextAsync(Path.Combine(Data, "sockets", ".s.PGSQL.5432.lock"), lines);

            await using var postgres = await StartAsync();
            Assert.Equal(1, await AskAsync<int>(postgres, "select n from kept"));
            Assert.True(await IsAliveAsync(stranger.Id));
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public async Task A_creation_that_was_cut_off_is_begun_again()
    {
        Directory.CreateDirectory(Path.Combine(Data, "cluster.unfinished-x", "base"));
        await File.WriteAllTextAsync(Path.Combine(Data, "lock"), "");
        await using var postgres = await StartAsync();
        Assert.Empty(Directory.GetDirectories(Data, "*unfinished*"));
    }

    [Fact]
    public async Task A_service_that_is_killed_while_it_creates_the_cluster_creates_it_at_the_next_start()
    {
        using var watcher = new FileSystemWatcher(folder.Path) { IncludeSubdirectories = true };
        var creating = new TaskCompletionSource();
        watcher.Created += (_, made) =>
        {
            if (made.Name?.EndsWith("postgresql.conf", StringComparison.Ordinal) == true)
                creating.TrySetResult();
        };
        watcher.EnableRaisingEvents = true;
        var starting = OtherProcess.Start(Data);
        using (starting)
        {
            await creating.Task.WaitAsync(TimeSpan.FromSeconds(30));
            starting.Kill();
            await using var postgres = await StartAsync();
            Assert.Equal(1, await AskAsync<int>(postgres, "select 1"));
        }
    }

    [Fact]
    public async Task A_second_copy_says_so_and_ends_at_once()
    {
        await CreateAsync();
        await using var first = await StartAsync();
        var watch = Stopwatch.StartNew();
        var refusal = await RefusedAsync();
        Assert.Equal(PostgresUnavailableException.FolderInUse, refusal.Code);
        Assert.Contains($"process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1));

        var (second, answer) = await OtherProcess.StartAsync(Data);
        using (second)
            Assert.Equal(PostgresUnavailableException.FolderInUse, answer);
        Assert.Equal(1, await AskAsync<int>(first, "select 1"));
    }

    [Fact]
    public async Task The_lock_ends_with_a_killed_process()
    {
        await CreateAsync();
        var (service, _) = await OtherProcess.StartAsync(Data);
        using (service)
        {
            Assert.Equal(PostgresUnavailableException.FolderInUse, (await RefusedAsync()).Code);
            service.Kill();
            await using var postgres = await StartAsync();
        }
    }

    private async Task<RunUser> OwnerAsync() =>
        await RunUser.ChooseAsync(null, await DataFolder.OwnerAsync(Path.Combine(Data, "cluster"), default), default);
}

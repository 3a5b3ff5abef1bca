using Npgsql;

namespace CreditBank.Postgres.Tests;

public class ThrowawayPostgresTests
{
    [Fact]
    public async Task A_throwaway_cluster_answers_and_leaves_nothing_behind()
    {
        string folder;
        await using (var throwaway = await ThrowawayPostgres.StartAsync())
        {
            folder = throwaway.Server.Folder;
            await using var source = NpgsqlDataSource.Create(await throwaway.CreateDatabaseAsync());
            await using var command = source.CreateCommand("select current_user");
            Assert.Equal(EmbeddedPostgres.Owner, await command.ExecuteScalarAsync());
        }
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_throwaway_cluster_does_not_outlive_its_process(bool killed)
    {
        var (process, cluster) = await OtherProcess.StartAsync("throwaway");
        using (process)
        {
            Assert.True(File.Exists(Path.Combine(cluster, "cluster", "postmaster.pid")));
            var gone = new TaskCompletionSource();
            using var watcher = new FileSystemWatcher(Path.GetDirectoryName(cluster)!, Path.GetFileName(cluster));
            watcher.Deleted += (_, _) => gone.TrySetResult();
            watcher.EnableRaisingEvents = true;
            if (killed)
                process.Kill();
            else
                process.End();
            await gone.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public async Task Databases_of_a_throwaway_cluster_have_names_of_their_own()
    {
        var shared = await ThrowawayPostgres.SharedAsync();
        Assert.Same(shared, await ThrowawayPostgres.SharedAsync());
        var both = await Task.WhenAll(shared.CreateDatabaseAsync(), shared.CreateDatabaseAsync());
        Assert.NotEqual(both[0], both[1]);
        Assert.Contains("Database=chosen;", await shared.CreateDatabaseAsync("chosen"), StringComparison.Ordinal);
    }
}

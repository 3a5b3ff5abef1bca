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
}

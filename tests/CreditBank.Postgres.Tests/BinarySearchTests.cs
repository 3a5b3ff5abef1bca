namespace CreditBank.Postgres.Tests;

public sealed class BinarySearchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private Task<PostgresBinaries> FindAsync(int? major = null, params (string, string)[] variables) =>
        new BinarySearch(folder.AsMachine(variables)).FindAsync(major, CancellationToken.None);

    [Theory]
    [InlineData("root/usr/lib/postgresql/16/bin")]
    [InlineData("root/usr/pgsql-16/bin")]
    [InlineData("root/usr/bin")]
    [InlineData("root/usr/libexec/postgresql16")]
    [InlineData("root/usr/lib/postgresql16/bin")]
    [InlineData("root/usr/local/pgsql/bin")]
    [InlineData("root/opt/homebrew/opt/postgresql@16/bin")]
    [InlineData("root/usr/local/opt/postgresql@16/bin")]
    [InlineData("root/home/linuxbrew/.linuxbrew/opt/postgresql@16/bin")]
    [InlineData("root/Applications/Postgres.app/Contents/Versions/16/bin")]
    [InlineData("cache/postgresql-16.4/bin")]
    public async Task The_usual_folders_are_searched(string usual)
    {
        var bin = folder.Binaries(usual, "16.4");
        Assert.Equal(new PostgresBinaries(bin, "16.4", 16), await FindAsync());
    }

    [Fact]
    public async Task Links_on_PATH_lead_to_the_folder_behind_them()
    {
        var bin = folder.Binaries("elsewhere/bin", "15.14");
        var path = folder.At("path");
        Directory.CreateDirectory(path);
        File.CreateSymbolicLink(Path.Combine(path, "initdb"), Path.Combine(bin, "initdb"));
        Assert.Equal(bin, (await FindAsync(null, ("PATH", $"relative:{path}"))).Folder);
    }

    [Fact]
    public async Task The_answer_of_pg_config_is_searched()
    {
        var bin = folder.Binaries("unusual/bin", "17.2");
        folder.Script("path/pg_config", $"[ \"$1\" = --bindir ] && echo {bin}");
        Assert.Equal(bin, (await FindAsync(null, ("PATH", folder.At("path")))).Folder);
    }

    [Fact]
    public async Task The_newest_is_taken_for_a_new_cluster()
    {
        folder.Binaries("root/usr/lib/postgresql/15/bin", "15.14");
        folder.Binaries("root/usr/pgsql-17/bin", "17.9");
        var newest = folder.Binaries("root/usr/local/pgsql/bin", "17.10");
        Assert.Equal(newest, (await FindAsync()).Folder);
    }

    [Fact]
    public async Task The_version_that_wrote_the_data_is_taken_where_there_is_data()
    {
        var fifteen = folder.Binaries("root/usr/lib/postgresql/15/bin", "15.14");
        folder.Binaries("root/usr/lib/postgresql/17/bin", "17.5");
        Assert.Equal(fifteen, (await FindAsync(15)).Folder);
    }

    [Fact]
    public async Task Data_of_another_version_is_named_with_what_was_found()
    {
        folder.Binaries("root/usr/lib/postgresql/17/bin", "17.5");
        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => FindAsync(15));
        Assert.Equal(PostgresUnavailableException.VersionMismatch, refusal.Code);
        Assert.Contains("written by PostgreSQL 15", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("17.5 in", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_too_old_is_named_and_not_taken()
    {
        folder.Binaries("root/usr/lib/postgresql/13/bin", "13.18");
        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => FindAsync());
        Assert.Equal(PostgresUnavailableException.BinariesMissing, refusal.Code);
        Assert.Contains("found only 13.18", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_all_programs_does_not_count()
    {
        var bin = folder.Binaries("root/usr/lib/postgresql/16/bin", "16.4");
        File.Delete(Path.Combine(bin, "initdb"));
        await Assert.ThrowsAsync<PostgresUnavailableException>(() => FindAsync());
    }

    [Fact]
    public async Task Programs_that_do_not_run_do_not_count()
    {
        folder.Binaries("root/usr/lib/postgresql/18/bin", "18.1");
        folder.Script("root/usr/lib/postgresql/18/bin/postgres", "echo no such library >&2; exit 127");
        var runs = folder.Binaries("root/usr/lib/postgresql/16/bin", "16.4");
        Assert.Equal(runs, (await FindAsync()).Folder);
    }

    [Fact]
    public async Task The_named_folder_is_taken_even_if_a_newer_one_is_there()
    {
        var named = folder.Binaries("named", "15.1");
        folder.Binaries("root/usr/lib/postgresql/17/bin", "17.5");
        Assert.Equal(named, (await FindAsync(null, (PostgresBinaries.FolderVariable, named))).Folder);
    }

    [Fact]
    public async Task A_named_folder_without_programs_is_an_error_and_not_skipped()
    {
        folder.Binaries("root/usr/lib/postgresql/17/bin", "17.5");
        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() =>
            FindAsync(null, (PostgresBinaries.FolderVariable, folder.At("nothing")))
        );
        Assert.Contains(PostgresBinaries.FolderVariable, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(folder.At("nothing"), refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", "15.14", 15)]
    [InlineData("postgres (PostgreSQL) 18beta1", "18beta1", 18)]
    [InlineData("postgres (PostgreSQL) 17.0\n", "17.0", 17)]
    public void Versions_are_read_as_the_program_prints_them(string text, string version, int major) =>
        Assert.Equal((version, major), PostgresBinaries.ParseVersion(text));

    [Theory]
    [InlineData("")]
    [InlineData("mysqld 8.0")]
    [InlineData("postgres (PostgreSQL) devel")]
    public void Other_texts_are_no_version(string text) => Assert.Null(PostgresBinaries.ParseVersion(text));
}

namespace CreditBank.Postgres.Tests;

public class LeftoversTests
{
    [Fact]
    public void A_server_is_known_by_its_folder_and_its_program()
    {
        string[] lines =
        [
            "/data/a b/cluster",
            "lrwxrwxrwx 1 postgres postgres 0 Jan  1 00:00 /proc/11/cwd -> /data/a b/cluster",
            "lrwxrwxrwx 1 postgres postgres 0 Jan  1 00:00 /proc/12/cwd -> /data/a b/cluster",
            "lrwxrwxrwx 1 postgres postgres 0 Jan  1 00:00 /proc/13/cwd -> /data/a b/cluster",
            "lrwxrwxrwx 1 postgres postgres 0 Jan  1 00:00 /proc/14/cwd -> /data/other/cluster",
            "lrwxrwxrwx 1 postgres postgres 0 Jan  1 00:00 /proc/15/cwd",
            "lrwxrwxrwx 1 postgres postgres 0 Jan  1 00:00 /proc/11/exe -> /usr/lib/postgresql/15/bin/postgres",
            "lrwxrwxrwx 1 postgres postgres 0 Jan  1 00:00 /proc/12/exe -> /bin/bash",
            "lrwxrwxrwx 1 postgres postgres 0 Jan  1 00:00 /proc/13/exe -> /usr/bin/postgres (deleted)",
            "lrwxrwxrwx 1 postgres postgres 0 Jan  1 00:00 /proc/14/exe -> /usr/lib/postgresql/15/bin/postgres",
        ];
        Assert.Equal(["11", "13"], Leftovers.ByFolder(lines));
    }

    [Fact]
    public void Where_folders_are_not_shown_a_server_is_known_by_its_command()
    {
        string[] lines =
        [
            "  21 /opt/homebrew/bin/postgres -D /data/cluster",
            "  22 /opt/homebrew/bin/postgres -D /data/cluster2",
            "  23 less postgres -D",
        ];
        Assert.Equal(["21"], Leftovers.ByCommand(lines, "/data/cluster"));
    }
}

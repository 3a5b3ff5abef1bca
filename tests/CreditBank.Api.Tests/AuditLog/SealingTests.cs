using System.Net;
using System.Text;
using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger.Audit;

namespace CreditBank.Api.Tests.AuditLog;

public sealed class SealingTests
{
    private const string Book = "book01";

    [Fact]
    public async Task every_event_becomes_a_leaf_and_is_signed()
    {
        await using var audit = await AuditService.StartAsync();
        for (var number = 0; number < 3; number++)
        {
            await SampleEvents.LearnerAsync(audit.Books, Book, number, 150);
        }

        await audit.CatchUpAsync();

        var checkpoint = await audit.CheckpointAsync(Book);
        Assert.Equal(3 * 301, checkpoint.Size);
        Assert.Equal(checkpoint.Root, await RootOfEntriesAsync(audit, Book, checkpoint.Size));
        Assert.Empty(await audit.SweepAsync(Book));
        var registry = await audit.CheckpointAsync(LedgerBooks.Registry);
        Assert.True(registry.Size > 0);
    }

    [Fact]
    public async Task the_log_goes_on_where_it_stood_after_a_restart()
    {
        await using var first = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(first.Books, Book, 1, 20);
        await first.CatchUpAsync();
        var before = await first.CheckpointAsync(Book);
        await first.DisposeAsync();

        await using var second = await AuditService.StartAsync(sameAs: first);
        await SampleEvents.LearnerAsync(second.Books, Book, 2, 300);
        await second.CatchUpAsync();

        var after = await second.CheckpointAsync(Book);
        Assert.Equal(before.Size + 601, after.Size);
        Assert.Equal(after.Root, await RootOfEntriesAsync(second, Book, after.Size));
    }

    [Fact]
    public async Task the_top_log_has_the_checkpoint_of_every_book()
    {
        await using var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit.Books, Book, 1, 1);

        await audit.CatchUpAsync();

        var top = await audit.CheckpointAsync(AuditLogs.Top);
        var entries = await audit.Reader.TopEntriesAsync(0, top.Size, CancellationToken.None);
        var book = await audit.CheckpointAsync(Book);
        Assert.Contains(entries, entry => Encoding.UTF8.GetString(entry) == book.Text);
        Assert.All(audit.Books.All, name => Assert.Contains(entries, entry => IsOf(entry, name)));
    }

    [Fact]
    public async Task tiles_and_checkpoints_are_served_and_lie_in_files()
    {
        await using var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit.Books, Book, 1, 200);
        await audit.CatchUpAsync();
        var anyone = audit.Service.Anonymous().Client;

        var checkpoint = await anyone.GetByteArrayAsync(
            new Uri($"/v1/audit/books/{Book}/checkpoint", UriKind.Relative)
        );
        var size = (await audit.CheckpointAsync(Book)).Size;

        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(audit.TilesFolder, Book, "checkpoint")), checkpoint);
        Assert.Equal(401, size);
        foreach (var id in TileFiles.NewTiles(0, size))
        {
            var tile = await anyone.GetByteArrayAsync(new Uri($"/v1/audit/books/{Book}/{id.Path}", UriKind.Relative));
            Assert.Equal(id.Width * MerkleHash.Length, tile.Length);
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(audit.TilesFolder, Book, id.Path)), tile);
        }

        (await audit.Service.Anonymous().Get($"/v1/audit/books/{Book}/tile/entries/000")).Expect(
            HttpStatusCode.Unauthorized
        );
        (await audit.Service.As("operator").Get($"/v1/audit/books/{Book}/tile/entries/000")).Expect(
            HttpStatusCode.Forbidden
        );
        (await audit.Service.As("auditor").Get($"/v1/audit/books/{Book}/tile/entries/000")).Expect(HttpStatusCode.OK);
        (await audit.Service.Anonymous().Get($"/v1/audit/books/{Book}/tile/0/005")).Expect(HttpStatusCode.NotFound);
        (await audit.Service.Anonymous().Get($"/v1/audit/books/none/checkpoint")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task the_logs_and_their_keys_are_public()
    {
        await using var audit = await AuditService.StartAsync();
        await audit.CatchUpAsync();

        var books = (await audit.Service.Anonymous().Get("/v1/audit/books")).Expect(HttpStatusCode.OK);
        var policy = (await audit.Service.Anonymous().Get("/v1/audit/policy")).Expect(HttpStatusCode.OK);

        Assert.Equal(6, books.Json.AsArray().Count);
        Assert.Equal("bank.example/top", books.Json.AsArray()[5]!["origin"]!.GetValue<string>());
        Assert.True(TrustPolicy.TryParse(Encoding.UTF8.GetBytes(policy.Text), out var trust, out _));
        Assert.Equal(6, trust.Logs.Count);
        var ready = (await audit.Service.Anonymous().Get("/health/ready")).Expect(HttpStatusCode.OK);
        Assert.Equal("healthy", ready.Json["checks"]!["auditLog"]!["status"]!.GetValue<string>());
    }

    private static bool IsOf(byte[] entry, string log) =>
        Encoding.UTF8.GetString(entry).StartsWith($"{AuditService.Bank}/{log}\n", StringComparison.Ordinal);

    private static async Task<MerkleHash> RootOfEntriesAsync(AuditService audit, string log, long size)
    {
        var range = new CompactRange();
        for (var index = 0L; TileId.In(TileId.Entries, index, size) is { } id; index++)
        {
            var bytes = await audit.Reader.BundleAsync(log, id, CancellationToken.None);
            Assert.True(EntryBundle.TryParse(bytes, id.Width, out var bundle, out _));
            for (var i = 0; i < bundle.Width; i++)
            {
                Assert.True(Leaf.TryParse(bundle[i], out var leaf, out _));
                Assert.Equal(log, leaf.Envelope.Book);
                range.Append(MerkleHash.OfLeaf(bundle[i].Span));
            }
        }

        return range.Root();
    }
}

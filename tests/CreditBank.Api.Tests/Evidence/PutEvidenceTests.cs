using System.Net;
using System.Security.Cryptography;
using System.Text;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Evidence;

public sealed class PutEvidenceTests
{
    [Fact]
    public async Task evidence_is_kept_under_its_hash_and_sending_it_again_changes_nothing()
    {
        var service = await TestService.SharedAsync();
        var bytes = RandomNumberGenerator.GetBytes(2_500_000);

        var first = await Put(service, Hash(bytes), bytes);
        var again = await Put(service, Hash(bytes), bytes);

        first.Expect(HttpStatusCode.Created);
        again.Expect(HttpStatusCode.OK);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(bytes, await Read(service, Hash(bytes)));
    }

    [Fact]
    public async Task what_is_stored_does_not_show_what_was_sent()
    {
        var service = await TestService.SharedAsync();
        var bytes = Encoding.UTF8.GetBytes("a certificate of somebody, " + Guid.NewGuid());
        (await Put(service, Hash(bytes), bytes)).Expect(HttpStatusCode.Created);
        var store = service.Services.GetRequiredService<EvidenceStore>();

        await using var session = service.Services.GetRequiredService<LedgerBooks>().Read(store.BookOf(Hash(bytes)));
        var part = await session.LoadAsync<EvidencePart>(EvidencePart.IdOf(Hash(bytes), 0));

        Assert.Equal(-1, part!.Sealed.AsSpan().IndexOf("certificate"u8));
    }

    [Fact]
    public async Task other_bytes_than_the_name_says_are_refused()
    {
        var service = await TestService.SharedAsync();

        var refused = await Put(service, Hash([1, 2, 3]), [3, 2, 1]);

        refused.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("evidence.hash", refused.Code);
        Assert.Equal("evidence.name", (await Put(service, "ABC", [1])).Code);
        Assert.Equal("evidence.empty", (await Put(service, Hash([]), [])).Code);
    }

    [Fact]
    public async Task more_than_20_mebibytes_are_refused_also_when_the_length_is_not_said()
    {
        var service = await TestService.SharedAsync();
        var bytes = new byte[EvidenceStore.BytesMax + 1];

        (await Put(service, Hash(bytes), bytes)).Expect(HttpStatusCode.RequestEntityTooLarge);
        var chunked = await Put(service, Hash(bytes), bytes, chunked: true);

        chunked.Expect(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal("evidence.tooLarge", chunked.Code);
    }

    [Fact]
    public async Task the_same_bytes_sent_eight_times_at_once_are_kept_once()
    {
        var service = await TestService.SharedAsync();
        var bytes = RandomNumberGenerator.GetBytes(40_000);

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Put(service, Hash(bytes), bytes)));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
        Assert.Equal(7, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(bytes, await Read(service, Hash(bytes)));
    }

    [Fact]
    public async Task nobody_uploads_without_a_token()
    {
        var service = await TestService.SharedAsync();
        using var content = new ByteArrayContent([1]);

        using var refused = await service
            .Anonymous()
            .Client.PutAsync(new Uri($"/v1/evidence/{Hash([1])}", UriKind.Relative), content);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static async Task<byte[]> Read(TestService service, string sha256)
    {
        using var plain = new MemoryStream();
        var store = service.Services.GetRequiredService<EvidenceStore>();
        Assert.True(await store.Open(sha256, _ => plain, CancellationToken.None));
        return plain.ToArray();
    }

    private static async Task<Reply> Put(TestService service, string sha256, byte[] bytes, bool chunked = false)
    {
        using var content = chunked
            ? (HttpContent)new StreamContent(new UnknownLength(bytes))
            : new ByteArrayContent(bytes);
        using var response = await service
            .As("learner", account: "acc-00-00000000000000000000")
            .Client.PutAsync(new Uri($"/v1/evidence/{sha256}", UriKind.Relative), content);
        return await Reply.From(response);
    }

    /// <summary>A body whose length the client does not know.</summary>
    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}

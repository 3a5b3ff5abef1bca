using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Notices;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Wolverine;

namespace CreditBank.Api.Tests.Notices;

public sealed class WebhookTests
{
    [Fact]
    public async Task an_institution_gets_what_happens_signed_and_the_learner_reads_it()
    {
        await using var receiver = await Receiver.Start();
        var scene = await TransferScene.Open("hook-signed", TransferScene.Maths);
        var hook = await Register(scene, receiver, "transfer.submitted");

        var transfer = await scene.Submit();
        await scene.Learner.Post($"/v1/transfers/{transfer["transferId"]}/withdrawal", new { });
        var got = await Eventually.Get(() => Task.FromResult(About(receiver, transfer).FirstOrDefault()));

        var sentAt = Instant.FromUnixTimeSeconds(long.Parse(got.Timestamp, CultureInfo.InvariantCulture));
        Assert.Equal(WebhookSigning.Sign((string)hook["secret"]!, got.Id, sentAt, got.Body), got.Signature);
        Assert.Equal("application/cloudevents+json", got.MediaType);
        var body = JsonNode.Parse(got.Body)!;
        Assert.Equal("1.0", (string?)body["specversion"]);
        Assert.Equal("org.creditbank.transfer.submitted.v1", (string?)body["type"]);
        Assert.Equal((string?)transfer["transferId"], (string?)body["subject"]);
        Assert.DoesNotContain(scene.Account, got.Body, StringComparison.Ordinal);
        await CaughtUp(scene.Service);
        var told = await All(scene.Service.As("registry", "shou"), "/v1/institutions/shou/notices?limit=500");
        Assert.Equal(["transfer.submitted", "transfer.withdrawn"], TypesOf(told, (string)transfer["transferId"]!));
    }

    [Fact]
    public async Task the_learner_is_told_what_others_decide_and_nobody_else_reads_it()
    {
        var scene = await TransferScene.Open("hook-learner", TransferScene.Maths);
        var transfer = await scene.Submit();
        var transferId = (string)transfer["transferId"]!;
        (await scene.Approver.Post($"/v1/transfers/{transferId}/rejection", new { reason = "no" })).Expect(
            HttpStatusCode.OK
        );

        await CaughtUp(scene.Service);
        var notices = await scene.Learner.Get($"/v1/accounts/{scene.Account}/notices");
        var stranger = await scene.Service.As("registry", "fudan").Get($"/v1/accounts/{scene.Account}/notices");
        var other = await scene.Service.As("registry", "fudan").Get("/v1/institutions/shou/notices");

        Assert.Equal(["transfer.rejected"], Types(notices.Expect(HttpStatusCode.OK).Json, transferId));
        stranger.Expect(HttpStatusCode.NotFound);
        Assert.Equal("access.institution", other.Expect(HttpStatusCode.Forbidden).Code);
    }

    [Fact]
    public async Task what_is_not_taken_is_tried_again_given_up_and_sent_again_on_request()
    {
        await using var receiver = await Receiver.Start();
        receiver.Answer = 500;
        var scene = await TransferScene.Open("hook-dead", TransferScene.Maths);
        var hook = await Register(scene, receiver, "transfer.submitted");
        var transfer = await scene.Submit();
        await Eventually.Get(() => Task.FromResult(About(receiver, transfer).FirstOrDefault()));
        var eventId = About(receiver, transfer).First().Id["msg_".Length..];
        var deliveryId = Delivery.IdOf((string)hook["webhookId"]!, Guid.Parse(eventId));
        await Delivered(scene, hook, eventId, "pending");

        for (var tries = 0; tries < DeliverNoticeHandler.Waits.Count; tries++)
        {
            await Invoke(scene.Service, new DeliverNotice(deliveryId));
        }

        var dead = await Delivered(scene, hook, eventId, "dead");
        Assert.Equal(
            (DeliverNoticeHandler.Waits.Count + 1, "500"),
            ((int)dead["attempts"]!, (string)dead["lastResult"]!)
        );
        var sent = About(receiver, transfer).Count();
        await Invoke(scene.Service, new DeliverNotice(deliveryId));
        Assert.Equal(sent, About(receiver, transfer).Count());

        receiver.Answer = 200;
        var replay = await scene
            .Service.As("registry", "shou")
            .Post($"{Path(hook)}/replays", new { since = "2020-01-01T00:00:00Z" });
        Assert.True((int)replay.Expect(HttpStatusCode.Accepted).Json["deliveries"]! >= 1);
        await Delivered(scene, hook, eventId, "delivered");
        Assert.Single(About(receiver, transfer).Select(got => got.Id).Distinct());
    }

    [Fact]
    public async Task a_receiver_that_is_gone_gets_no_more()
    {
        await using var receiver = await Receiver.Start();
        receiver.Answer = 410;
        var scene = await TransferScene.Open("hook-gone", TransferScene.Maths);
        var hook = await Register(scene, receiver, "transfer.submitted");
        await scene.Submit();
        // Other tests submit to the same institution, and the first to arrive ends the webhook.
        var got = await Eventually.Get(() => Task.FromResult(receiver.Got.FirstOrDefault()));

        await Delivered(scene, hook, got.Id["msg_".Length..], "dead");
        var hooks = await scene.Service.As("registry", "shou").Get("/v1/institutions/shou/webhooks?limit=500");

        var standing = hooks.Json["items"]!
            .AsArray()
            .Single(item => (string?)item!["webhookId"] == (string?)hook["webhookId"]);
        Assert.Equal("gone", (string?)standing!["ended"]);
    }

    [Fact]
    public async Task a_removed_webhook_is_not_there_any_more()
    {
        await using var receiver = await Receiver.Start();
        var scene = await TransferScene.Open("hook-removed");
        var hook = await Register(scene, receiver, "transfer.lapsed");
        var registry = scene.Service.As("registry", "shou");

        (await registry.Delete(Path(hook))).Expect(HttpStatusCode.NoContent);

        Assert.Equal("webhook.unknown", (await registry.Delete(Path(hook))).Expect(HttpStatusCode.NotFound).Code);
        (await registry.Get(Path(hook) + "/deliveries")).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"url":"ftp://example.org/x"}""", "webhook.url")]
    [InlineData("""{"url":"https://user:secret@example.org/x"}""", "webhook.url")]
    [InlineData("""{"url":"https://example.org/x","types":["transfer.exploded"]}""", "field.unknown")]
    public async Task a_wrong_webhook_is_refused(string body, string code)
    {
        var service = await TestService.SharedAsync();

        var reply = await service.As("registry", "shou").Post("/v1/institutions/shou/webhooks", body);

        Assert.Equal(code, (string?)reply.Expect(HttpStatusCode.BadRequest).Json["errors"]![0]!["code"]);
        (
            await service.As("registry", "fudan").Post("/v1/institutions/shou/webhooks", """{"url":"https://e.org"}""")
        ).Expect(HttpStatusCode.Forbidden);
    }

    private static async Task<JsonNode> Register(TransferScene scene, Receiver receiver, string type)
    {
        var registry = scene.Service.As("registry", "shou");
        var hook = await registry.Post(
            "/v1/institutions/shou/webhooks",
            new { url = receiver.Url, types = new[] { type } }
        );
        return hook.Expect(HttpStatusCode.Created).Json;
    }

    private static string Path(JsonNode hook) => $"/v1/institutions/shou/webhooks/{hook["webhookId"]}";

    private static IEnumerable<Received> About(Receiver receiver, JsonNode transfer) =>
        receiver.Got.Where(got => got.Body.Contains((string)transfer["transferId"]!, StringComparison.Ordinal));

    private static Task<JsonNode> Delivered(TransferScene scene, JsonNode hook, string eventId, string state) =>
        Eventually.Get(async () =>
        {
            var path = $"{Path(hook)}/deliveries?state={state}&limit=500";
            var list = (await scene.Service.As("registry", "shou").Get(path)).Expect(HttpStatusCode.OK).Json["items"]!;
            return list.AsArray()
                .FirstOrDefault(item => (string?)item!["eventId"] == eventId && (int)item["attempts"]! > 0);
        });

    /// <summary>A list to its end: other tests tell the same institution of theirs.</summary>
    private static async Task<List<JsonNode?>> All(TestCaller caller, string path)
    {
        var all = new List<JsonNode?>();
        for (var cursor = string.Empty; ; )
        {
            var part = (await caller.Get(path + cursor)).Expect(HttpStatusCode.OK).Json;
            all.AddRange(part["items"]!.AsArray());
            if (part["nextCursor"] is not { } next)
            {
                return all;
            }

            cursor = "&cursor=" + Uri.EscapeDataString((string)next!);
        }
    }

    private static string[] Types(JsonNode list, string subjectId) => TypesOf(list["items"]!.AsArray(), subjectId);

    private static string[] TypesOf(IEnumerable<JsonNode?> items, string subjectId) =>
        [.. items.Where(item => (string?)item!["subjectId"] == subjectId).Select(item => (string)item!["type"]!)];

    private static Task CaughtUp(TestService service) =>
        service.Services.GetRequiredService<NoticeFeed>().CatchUpAsync(CancellationToken.None);

    private static async Task Invoke(TestService service, DeliverNotice message)
    {
        await using var scope = service.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IMessageBus>().InvokeAsync(message);
    }
}

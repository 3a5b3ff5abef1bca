using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Notices;
using CreditBank.Api.Tests.Merges;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transcripts;
using CreditBank.Api.Tests.Transfers;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Notices;

/// <summary>Institutions are told of what happens to accounts and institutions in which they have a stake.</summary>
public sealed class StakeholderNoticeTests
{
    private const string Maths = TransferScene.Maths;

    [Fact]
    public async Task a_merge_is_told_by_the_ids_that_each_knows_and_its_undoing_too()
    {
        var scene = await MergeScene.Open("told-merge", [], [Maths], inOneBook: false);
        var transferId = (await MergeScene.Approved(scene.Absorbed, Maths)).Split('/')[^1];
        var outcomeId = scene.Absorbed.Outcomes[Maths];

        var mergeId = await scene.Merge();
        (await scene.Undo(mergeId)).Expect(HttpStatusCode.OK);
        await CaughtUp(scene.Service);

        Assert.Equal(["outcome.takenOver", "outcome.takenOver"], await Told(scene.Service, "fudan", outcomeId));
        var receivers = await Told(scene.Service, "shou", transferId);
        Assert.Equal(["transfer.takenOver", "transfer.takenOver"], receivers.Where(IsOfMerge));
        foreach (var one in (TransferScene[])[scene.Survivor, scene.Absorbed])
        {
            var path = $"/v1/accounts/{one.Account}/notices?limit=100";
            var own = (await one.Learner.Get(path)).Expect(HttpStatusCode.OK).Json["items"]!.AsArray();
            Assert.Equal(["account.merged", "account.unmerged"], own.Select(Type).Where(IsOfMerge));
            foreach (var institution in (string[])["fudan", "shou"])
            {
                var all = await List(scene.Service, institution);
                Assert.DoesNotContain(all, item => (string?)item!["subjectId"] == one.Account);
            }
        }
    }

    [Fact]
    public async Task an_erasure_is_told_to_who_issued_and_names_nobody()
    {
        var registry = await Registry.At("told-erasure");
        var account = await registry.Open("s-1");
        var posted = await registry.Post("t-1", false, registry.Record("r-1"));
        var erasure = new { reason = "request" };
        (await registry.Service.As("operator").Post($"/v1/accounts/{account}/erasure", erasure)).Expect(
            HttpStatusCode.OK
        );

        await CaughtUp(registry.Service);

        var told = Assert.Single(await List(registry.Service, "told-erasure"))!;
        Assert.Equal("account.erased", Type(told));
        Assert.Equal((string?)told["eventId"], (string?)told["subjectId"]);
        Assert.DoesNotContain(account, told.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain((string)posted.Record()["outcomeId"]!, told.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_change_of_an_institution_is_told_to_who_has_open_transfers_with_it()
    {
        await using var service = await TestService.StartAsync();
        await TransferScene.Register(service);
        var scene = await TransferScene.Open(service, "told-change", Maths);
        var transfer = await scene.Submit();
        var reason = new { zh = "调整", en = "change" };
        var path = "/v1/institutions/fudan";
        (await service.As("operator").Post($"{path}/suspension", new { reason })).Expect(HttpStatusCode.OK);
        await CaughtUp(service);
        (await scene.Learner.Post($"/v1/transfers/{transfer["transferId"]}/withdrawal", new { })).Expect(
            HttpStatusCode.OK
        );

        (await service.As("operator").Post($"{path}/reinstatement", new { reason })).Expect(HttpStatusCode.OK);
        await CaughtUp(service);

        Assert.Equal(["institution.suspended"], await Told(service, "shou", "fudan"));
        Assert.Equal(["institution.suspended", "institution.reinstated"], await Told(service, "fudan", "fudan"));
    }

    private static bool IsOfMerge(string type) =>
        type is "transfer.takenOver" or "account.merged" or "account.unmerged";

    private static string Type(JsonNode? item) => (string)item!["type"]!;

    internal static async Task<string[]> Told(TestService service, string institution, string subject) =>
        [.. (await List(service, institution)).Where(item => (string?)item!["subjectId"] == subject).Select(Type)];

    private static async Task<List<JsonNode?>> List(TestService service, string institution)
    {
        var (items, path) = (new List<JsonNode?>(), $"/v1/institutions/{institution}/notices?limit=500");
        for (string? cursor = string.Empty; cursor is not null; )
        {
            var after = cursor.Length == 0 ? cursor : $"&cursor={Uri.EscapeDataString(cursor)}";
            var page = (await service.As("registry", institution).Get(path + after)).Expect(HttpStatusCode.OK).Json;
            items.AddRange(page["items"]!.AsArray());
            cursor = (string?)page["nextCursor"];
        }

        return items;
    }

    private static Task CaughtUp(TestService service) =>
        service.Services.GetRequiredService<NoticeFeed>().CatchUpAsync(CancellationToken.None);
}

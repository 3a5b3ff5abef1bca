using System.Net;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Transfers;

public sealed class TransferAccessTests
{
    [Fact]
    public async Task each_sees_what_concerns_them()
    {
        var scene = await TransferScene.Open("trf-see", TransferScene.Maths);
        var id = (string)(await scene.Submit())["transferId"]!;
        var service = scene.Service;

        foreach (var caller in (TestCaller[])[scene.Learner, scene.Evaluator, scene.Approver, service.As("auditor")])
        {
            var whole = (await caller.Get($"/v1/transfers/{id}")).Expect(HttpStatusCode.OK).Json;
            Assert.Equal(scene.Account, (string?)whole["accountId"]);
            Assert.NotNull(whole["proposal"]!["totals"]);
        }

        var issuer = (await service.As("registry", "fudan").Get($"/v1/transfers/{id}")).Expect(HttpStatusCode.OK).Json;
        Assert.Null(issuer["accountId"]);
        Assert.Null(issuer["proposal"]!["totals"]);
        Assert.Single(issuer["proposal"]!["lines"]!.AsArray());
        foreach (
            var stranger in (TestCaller[])
                [
                    service.As("learner", account: "acc-00-00000000000000000000"),
                    service.As("registry", "elsewhere"),
                    service.As("operator"),
                ]
        )
        {
            (await stranger.Get($"/v1/transfers/{id}")).Expect(HttpStatusCode.NotFound);
            (await stranger.Post($"/v1/transfers/{id}/withdrawal", new { })).Expect(HttpStatusCode.NotFound);
        }

        (await service.Anonymous().Get($"/v1/transfers/{id}")).Expect(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task who_sees_it_but_may_not_do_it_is_told_so()
    {
        var scene = await TransferScene.Open("trf-do", TransferScene.Maths);
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";
        object lines = new[]
        {
            new
            {
                line = 1,
                decision = "grant",
                reason = "x",
            },
        };

        (await scene.Approver.Post($"{path}/evaluation", new { lines })).Expect(HttpStatusCode.Forbidden);
        (await scene.Evaluator.Post($"{path}/approval", new { })).Expect(HttpStatusCode.Forbidden);
        (await scene.Learner.Post($"{path}/approval", new { })).Expect(HttpStatusCode.Forbidden);
        (await scene.Evaluator.Post($"{path}/withdrawal", new { })).Expect(HttpStatusCode.Forbidden);
        var issuer = await scene.Service.As("approver", "fudan").Post($"{path}/approval", new { });
        Assert.Equal("access.institution", issuer.Expect(HttpStatusCode.Forbidden).Code);
    }

    [Fact]
    public async Task a_learner_submits_for_the_own_account_only()
    {
        var scene = await TransferScene.Open("trf-own", TransferScene.Maths);
        var request = scene.Request();

        var other = scene.Service.As("learner", account: "acc-00-00000000000000000000");
        (await other.Post("/v1/transfers", request)).Expect(HttpStatusCode.NotFound);
        (await scene.Service.As("registry", "fudan").Post("/v1/transfers", request)).Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task work_lists_show_the_oldest_first_by_receiver_and_state()
    {
        var scene = await TransferScene.Open("trf-list", TransferScene.Maths, TransferScene.Programming);
        var first = (string)(await scene.Submit(TransferScene.Maths))["transferId"]!;
        var second = (string)(await scene.Submit(TransferScene.Programming))["transferId"]!;
        (await scene.Learner.Post($"/v1/transfers/{second}/withdrawal", new { })).Expect(HttpStatusCode.OK);

        var open = await Ids(scene.Approver, "/v1/transfers?institutionId=shou&state=evaluated&limit=500");
        var issued = await Ids(scene.Service.As("registry", "fudan"), "/v1/transfers?limit=500");
        var own = await Ids(scene.Learner, "/v1/transfers");
        var ofAccount = await Ids(scene.Learner, $"/v1/accounts/{scene.Account}/transfers?state=withdrawn");
        var received = await Ids(scene.Approver, $"/v1/accounts/{scene.Account}/transfers");

        Assert.Contains(first, open);
        Assert.DoesNotContain(second, open);
        Assert.Contains(first, issued);
        Assert.Equal(new HashSet<string> { first, second }, [.. own]);
        Assert.Equal([second], ofAccount);
        Assert.Equal(2, received.Count);
        (await scene.Learner.Get("/v1/transfers?state=lost")).Expect(HttpStatusCode.BadRequest);
        (await scene.Service.As("registry", "elsewhere").Get($"/v1/accounts/{scene.Account}/transfers")).Expect(
            HttpStatusCode.NotFound
        );
    }

    private static async Task<IReadOnlyList<string>> Ids(TestCaller caller, string path) =>
        [
            .. (await caller.Get(path)).Expect(HttpStatusCode.OK).Json["items"]!
                .AsArray()
                .Select(item => (string)item!["transferId"]!),
        ];
}

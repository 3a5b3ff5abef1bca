using System.Net;
using CreditBank.Api.Tests.Awards;
using CreditBank.Api.Tests.Claims;
using CreditBank.Api.Tests.Erasure;
using CreditBank.Api.Tests.Merges;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Tests.Accounts;

/// <summary>A single thing at a past instant is what it was then, and unknown before it began.</summary>
public sealed class PastOfThingsTests
{
    private const string Maths = TransferScene.Maths;

    [Fact]
    public async Task a_transfer_is_what_it_was()
    {
        var scene = await TransferScene.Open("past-transfer", Maths);
        var before = await ReadAccountTests.Settled(scene.Service, scene.Account);
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";
        var panel = scene.Service.As("panel", "shou", subject: "panel");
        var appeal = string.Empty;

        await Remembers(
            (scene.Service, scene.Account, scene.Learner, path, before),
            () => Done(scene.Evaluator, $"{path}/information-requests", new { text = "请补充大纲" }),
            () => Done(scene.Learner, $"{path}/information", new { text = "见附件" }),
            () => Done(scene.Approver, $"{path}/rejection", new { reason = "材料不全" }),
            async () =>
                appeal = (string)
                    (await scene.Learner.Post($"{path}/appeals", new { reason = "相同" })).Json["appealId"]!,
            () => Done(panel, $"{path}/appeals/{appeal}/answer", new { decision = "admit", reason = "受理" }),
            () => Done(panel, $"{path}/appeals/{appeal}/decision", new { decision = "remand", reason = "重审" }),
            () => Done(scene.Approver, $"{path}/approval", new { })
        );
    }

    [Fact]
    public async Task a_claim_is_what_it_was()
    {
        var scene = await ClaimScene.Open("past-claim");
        var before = await ReadAccountTests.Settled(scene.Service, scene.Account);
        var claimId = await scene.Claimed("r-1", "PAST-1");

        await Remembers(
            (scene.Service, scene.Account, scene.Learner, $"/v1/certificate-claims/{claimId}", before),
            async () => (await scene.Decide(claimId)).Expect(HttpStatusCode.OK)
        );
    }

    [Fact]
    public async Task an_agreement_is_what_it_was()
    {
        var scene = await TransferScene.Open("past-agreement");
        var before = await ReadAccountTests.Settled(scene.Service, scene.Account);
        var today = BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant());
        var body = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            programmeId = scene.ProgrammeId,
            source = new { institutionId = "fudan", courseCodes = new[] { Maths } },
            until = $"{today.PlusDays(30):uuuu-MM-dd}",
        };
        var proposed = (await scene.Learner.Post("/v1/learning-agreements", body)).Expect(HttpStatusCode.Created);
        var path = $"/v1/learning-agreements/{proposed.Json["agreementId"]}";

        await Remembers(
            (scene.Service, scene.Account, scene.Learner, path, before),
            () => Done(scene.Approver, $"{path}/approval", new { reason = "同意" })
        );
    }

    [Fact]
    public async Task an_application_for_prior_learning_is_what_it_was()
    {
        var scene = await TransferScene.Open("past-rpl");
        var before = await ReadAccountTests.Settled(scene.Service, scene.Account);
        var body = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            statement = "六年网点管理",
            evidence = new[] { await ErasedMattersTests.Upload(scene, "past") },
        };
        var submitted = (await scene.Learner.Post("/v1/prior-learning", body)).Expect(HttpStatusCode.Created);
        var path = $"/v1/prior-learning/{submitted.Json["portfolioId"]}";

        await Remembers(
            (scene.Service, scene.Account, scene.Learner, path, before),
            () => Done(scene.Evaluator, $"{path}/assessment", new { method = "portfolio", reason = "所示不足" }),
            () => Done(scene.Approver, $"{path}/decision", new { decision = "refuse", reason = "不予认定" })
        );
    }

    [Fact]
    public async Task an_award_is_what_it_was()
    {
        var scene = await AwardScene.Open("past-award", "SHOU-ENG");
        var before = await ReadAccountTests.Settled(scene.Transfers.Service, scene.Account);
        var path = $"/v1/awards/{(await scene.Confer())["awardId"]}";
        var registry = scene.Transfers.Service.As("registry", "fudan");
        var outcome = $"/v1/outcomes/{scene.Transfers.Outcomes[Maths]}";

        await Remembers(
            (scene.Transfers.Service, scene.Account, scene.Transfers.Learner, path, before),
            () => Done(registry, $"{outcome}/revocation", new { reason = "fraud" }),
            () => Done(scene.Other, $"{path}/review", new { reason = "维持" }),
            () => Done(scene.Approver, $"{path}/rescission", new { reason = "issuerError", text = "误授" })
        );
        var early = await scene.Transfers.Learner.Get($"{path}?effectiveOn=2020-01-01");
        early.Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task an_award_that_a_merge_moved_is_what_it_was_in_the_account_that_had_it()
    {
        var award = await AwardScene.Open("past-moved", "SHOU-ENG");
        var path = $"/v1/awards/{(await award.Confer())["awardId"]}";
        var scene = new MergeScene(await TransferScene.Open("past-moved-survivor"), award.Transfers);
        var mergeId = string.Empty;

        await Remembers(
            (scene.Service, award.Account, scene.Auditor, path, null),
            async () => mergeId = await scene.Merge(),
            async () => (await scene.Undo(mergeId)).Expect(HttpStatusCode.OK)
        );
    }

    /// <summary>Reads after each step, and again afterwards with the instant of each step.</summary>
    private static async Task Remembers(
        (TestService Service, string Account, TestCaller Reader, string Path, string? Before) thing,
        params Func<Task>[] steps
    )
    {
        var remembered = new List<(string At, string Answer)>();
        foreach (var step in (Func<Task>[])[() => Task.CompletedTask, .. steps])
        {
            await step();
            var at = await ReadAccountTests.Settled(thing.Service, thing.Account);
            remembered.Add((at, (await thing.Reader.Get(thing.Path)).Expect(HttpStatusCode.OK).Text));
        }

        Assert.All(remembered.Zip(remembered.Skip(1)), pair => Assert.NotEqual(pair.First.Answer, pair.Second.Answer));
        foreach (var (at, answer) in remembered)
        {
            Assert.Equal(answer, (await thing.Reader.Get($"{thing.Path}?knownAt={at}")).Text);
        }

        if (thing.Before is { } before)
        {
            (await thing.Reader.Get($"{thing.Path}?knownAt={before}")).Expect(HttpStatusCode.NotFound);
        }

        var future = await thing.Reader.Get($"{thing.Path}?knownAt=2999-01-01T00:00:00Z");
        Assert.Equal("time.notSettled", future.Expect(HttpStatusCode.UnprocessableEntity).Code);
        Assert.Equal("query.knownAt", (await thing.Reader.Get($"{thing.Path}?knownAt=soon")).Code);
    }

    private static async Task Done(TestCaller caller, string path, object body) =>
        (await caller.Post(path, body)).Expect(HttpStatusCode.OK);
}

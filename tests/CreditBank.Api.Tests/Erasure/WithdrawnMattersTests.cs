using System.Net;
using CreditBank.Api.Notices;
using CreditBank.Api.Tests.Notices;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Erasure;

/// <summary>What nobody decides does not keep a person from being forgotten: who began it takes it back.</summary>
public sealed class WithdrawnMattersTests(TimedLedger ledger) : IClassFixture<TimedLedger>
{
    [Fact]
    public async Task who_began_it_takes_it_back_and_then_the_person_can_be_erased()
    {
        var scene = await TransferScene.Open(ledger.Service, "withdrawn-all");
        var sha256 = await ErasedMattersTests.Upload(scene, "own");
        string[] begun =
        [
            await Begin(scene, "/v1/certificate-claims", Claim(scene, "NO-1"), "claimId"),
            await Begin(scene, "/v1/prior-learning", Application(scene, sha256), "portfolioId"),
            await Begin(scene, "/v1/learning-agreements", Agreement(scene, 30), "agreementId"),
        ];
        var pending = await Erase(scene);

        foreach (var path in begun)
        {
            var learner = await scene.Learner.Post($"{path}/withdrawal", new { });
            Assert.Equal("withdrawn", (string?)learner.Expect(HttpStatusCode.OK).Json["state"]);
            Assert.NotNull(learner.Json["decidedOn"]);
            var again = await scene.Learner.Post($"{path}/withdrawal", new { });
            Assert.Equal((HttpStatusCode.Conflict, "withdrawn"), (again.Status, (string?)again.Json["state"]));
        }

        Assert.Equal("erasure.pending", pending.Expect(HttpStatusCode.Conflict).Code);
        Assert.All(begun, path => Assert.Contains(path.Split('/')[^1], (string?)pending.Json["state"]));
        await ledger.Service.Services.GetRequiredService<NoticeFeed>().CatchUpAsync(CancellationToken.None);
        Assert.Contains("claim.withdrawn", await Told("fudan", begun[0]));
        Assert.Contains("priorLearning.withdrawn", await Told("shou", begun[1]));
        Assert.Contains("agreement.withdrawn", await Told("shou", begun[2]));
        (await Erase(scene)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task only_who_began_it_takes_it_back()
    {
        var scene = await TransferScene.Open(ledger.Service, "withdrawn-who");
        var sha256 = await ErasedMattersTests.Upload(scene, "own");
        (string Path, TestCaller Sees)[] begun =
        [
            (await Begin(scene, "/v1/certificate-claims", Claim(scene, "NO-2"), "claimId"), Verifier),
            (await Begin(scene, "/v1/prior-learning", Application(scene, sha256), "portfolioId"), scene.Approver),
            (await Begin(scene, "/v1/learning-agreements", Agreement(scene, 30), "agreementId"), scene.Approver),
        ];
        var other = ledger.Service.As("learner", account: await scene.OpenAccount("withdrawn-other"));

        foreach (var (path, sees) in begun)
        {
            Assert.Equal("access.role", (await sees.Post($"{path}/withdrawal", new { })).Code);
            (await other.Post($"{path}/withdrawal", new { })).Expect(HttpStatusCode.NotFound);
            var stale = scene.Learner.With("If-Match", "\"99\"");
            var outdated = await stale.Post($"{path}/withdrawal", new { });
            Assert.Equal("state.version", outdated.Expect(HttpStatusCode.Conflict).Code);
        }
    }

    [Fact]
    public async Task what_was_decided_is_not_taken_back()
    {
        var scene = await TransferScene.Open(ledger.Service, "withdrawn-late");
        var sha256 = await ErasedMattersTests.Upload(scene, "own");
        var claim = await Begin(scene, "/v1/certificate-claims", Claim(scene, "NO-3"), "claimId");
        var portfolio = await Begin(scene, "/v1/prior-learning", Application(scene, sha256), "portfolioId");
        var assessed = await Begin(scene, "/v1/prior-learning", Application(scene, sha256), "portfolioId");
        var agreement = await Begin(scene, "/v1/learning-agreements", Agreement(scene, 30), "agreementId");
        var reason = new { reason = "x" };
        (await Verifier.Post($"{claim}/verification", new { decision = "verified", reason = "x" })).Expect(
            HttpStatusCode.OK
        );
        foreach (var path in (string[])[portfolio, assessed])
        {
            var nothing = new { method = "portfolio", reason = "x" };
            (await scene.Evaluator.Post($"{path}/assessment", nothing)).Expect(HttpStatusCode.OK);
        }

        var refusal = new { decision = "refuse", reason = "x" };
        (await scene.Approver.Post($"{portfolio}/decision", refusal)).Expect(HttpStatusCode.OK);
        (await scene.Approver.Post($"{agreement}/rejection", reason)).Expect(HttpStatusCode.OK);

        (string Path, string Code, string State)[] decided =
        [
            (claim, "claim.decided", "verified"),
            (portfolio, "priorLearning.state", "refused"),
            (agreement, "agreement.state", "rejected"),
        ];
        foreach (var (path, code, state) in decided)
        {
            var late = await scene.Learner.Post($"{path}/withdrawal", new { });
            Assert.Equal((code, state), (late.Expect(HttpStatusCode.Conflict).Code, (string?)late.Json["state"]));
        }

        (await scene.Learner.Post($"{assessed}/withdrawal", new { })).Expect(HttpStatusCode.OK);
        var decision = await scene.Approver.Post($"{assessed}/decision", refusal);
        Assert.Equal("priorLearning.state", decision.Expect(HttpStatusCode.Conflict).Code);
    }

    [Fact]
    public async Task a_proposal_whose_last_day_is_over_waits_for_nobody()
    {
        var scene = await TransferScene.Open(ledger.Service, "withdrawn-over");
        await Begin(scene, "/v1/learning-agreements", Agreement(scene, 3), "agreementId");
        ledger.Clock.Advance(3);
        var onTheLastDay = await Erase(scene);
        ledger.Clock.Advance(1);

        Assert.Equal("erasure.pending", onTheLastDay.Expect(HttpStatusCode.Conflict).Code);
        (await Erase(scene)).Expect(HttpStatusCode.OK);
    }

    private TestCaller Verifier => ledger.Service.As("verifier", subject: "verifier");

    private Task<string[]> Told(string institution, string path) =>
        StakeholderNoticeTests.Told(ledger.Service, institution, path.Split('/')[^1]);

    private static async Task<string> Begin(TransferScene scene, string path, object body, string id)
    {
        var begun = (await scene.Learner.Post(path, body)).Expect(HttpStatusCode.Created);
        return $"{path}/{begun.Json[id]}";
    }

    private Task<Reply> Erase(TransferScene scene) =>
        ledger.Service.As("operator").Post($"/v1/accounts/{scene.Account}/erasure", new { reason = "request" });

    private static object Claim(TransferScene scene, string number) =>
        new
        {
            recordId = number,
            learner = new { accountId = scene.Account },
            kind = "xCertificate",
            certificate = new
            {
                number = $"withdrawn {number}",
                code = "web-frontend",
                title = "Web 前端开发",
                level = "intermediate",
                issuerId = "fudan",
                issuedOn = "2025-06-30",
            },
        };

    private static object Application(TransferScene scene, string sha256) =>
        new
        {
            accountId = scene.Account,
            institutionId = "shou",
            statement = "在岗六年",
            evidence = new[] { sha256 },
        };

    private object Agreement(TransferScene scene, int days) =>
        new
        {
            accountId = scene.Account,
            institutionId = "shou",
            programmeId = scene.ProgrammeId,
            source = new { institutionId = "fudan" },
            until = $"{BankCalendar.DayOf(ledger.Clock.GetCurrentInstant()).PlusDays(days):uuuu-MM-dd}",
        };
}

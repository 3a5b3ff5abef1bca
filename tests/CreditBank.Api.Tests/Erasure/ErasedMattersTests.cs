using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CreditBank.Api.Evidence;
using CreditBank.Api.Tests.Claims;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace CreditBank.Api.Tests.Erasure;

/// <summary>What must be decided before a person is erased, what goes along, and what comes for it later.</summary>
public sealed class ErasedMattersTests
{
    [Fact]
    public async Task an_application_for_prior_learning_is_decided_first_and_then_its_evidence_goes_along()
    {
        var scene = await TransferScene.Open("erase-rpl");
        var other = await TransferScene.Open("erase-rpl-other");
        var own = await Upload(scene, "own");
        var shared = await Upload(scene, "shared");
        var portfolio = await Apply(scene, own, shared);
        await Apply(other, shared);
        var path = $"/v1/prior-learning/{portfolio}";

        var submitted = await Erase(scene);
        var nothing = new { method = "portfolio", reason = "所示不足" };
        (await scene.Evaluator.Post($"{path}/assessment", nothing)).Expect(HttpStatusCode.OK);
        var assessed = await Erase(scene);
        var refusal = new { decision = "refuse", reason = "不予认定" };
        (await scene.Approver.Post($"{path}/decision", refusal)).Expect(HttpStatusCode.OK);
        (await Erase(scene)).Expect(HttpStatusCode.OK);

        Assert.Equal(("erasure.pending", portfolio), (submitted.Code, (string?)submitted.Json["state"]));
        Assert.Equal(("erasure.pending", portfolio), (assessed.Code, (string?)assessed.Json["state"]));
        var store = scene.Service.Services.GetRequiredService<EvidenceStore>();
        Assert.Equal([shared], await store.Known([own, shared], CancellationToken.None));
        var shown = (await scene.Service.As("auditor").Get(path)).Expect(HttpStatusCode.OK).Json;
        Assert.Null(shown["statement"]);
        Assert.Null(shown["reason"]);
    }

    [Fact]
    public async Task an_open_appeal_and_a_proposed_agreement_are_decided_first()
    {
        var scene = await TransferScene.Open("erase-appeal", TransferScene.Maths);
        var transfer = (string?)(await scene.Submit())["transferId"];
        var path = $"/v1/transfers/{transfer}";
        (await scene.Approver.Post($"{path}/rejection", new { reason = "材料不全" })).Expect(HttpStatusCode.OK);
        var appeal = (await scene.Learner.Post($"{path}/appeals", new { reason = "大纲相同" })).Expect(
            HttpStatusCode.Created
        );
        var appealed = await Erase(scene);
        var answer = $"{path}/appeals/{appeal.Json["appealId"]}/answer";
        (
            await scene
                .Service.As("panel", "shou", subject: "panel")
                .Post(answer, new { decision = "dismiss", reason = "无新理由" })
        ).Expect(HttpStatusCode.OK);
        var body = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            programmeId = scene.ProgrammeId,
            source = new { institutionId = "fudan", courseCodes = new[] { TransferScene.Maths } },
            until = $"{BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(30):uuuu-MM-dd}",
        };
        var proposed = (await scene.Learner.Post("/v1/learning-agreements", body)).Expect(HttpStatusCode.Created);
        var agreement = (string?)proposed.Json["agreementId"];
        var agreed = await Erase(scene);
        (
            await scene.Approver.Post($"/v1/learning-agreements/{agreement}/rejection", new { reason = "不予同意" })
        ).Expect(HttpStatusCode.OK);

        (await Erase(scene)).Expect(HttpStatusCode.OK);

        Assert.Equal(("erasure.pending", transfer), (appealed.Code, (string?)appealed.Json["state"]));
        Assert.Equal(("erasure.pending", agreement), (agreed.Code, (string?)agreed.Json["state"]));
    }

    [Fact]
    public async Task a_certificate_of_an_erased_person_goes_to_a_verifier_who_sees_the_earlier_claim()
    {
        var scene = await ClaimScene.Open("erase-claimed");
        var earlier = await scene.Claimed("r-1", "E-1");
        (await scene.Decide(earlier)).Expect(HttpStatusCode.OK);
        (
            await scene.Service.As("operator").Post($"/v1/accounts/{scene.Account}/erasure", new { reason = "request" })
        ).Expect(HttpStatusCode.OK);
        var account = await scene.OpenAccount("2", ClaimScene.LearnerName);
        var evidence = await scene.Upload("another scan");

        Task<Reply> Claim(string record) =>
            scene.Claim(
                scene.Body(
                    record,
                    "E-1",
                    body =>
                    {
                        body["learner"] = new JsonObject { ["accountId"] = account };
                        body["evidence"]![0]!["sha256"] = evidence;
                    }
                )
            );

        var several = await Task.WhenAll(Enumerable.Range(2, 6).Select(number => Claim($"r-{number}")));
        var claimed = Assert.Single(several, reply => reply.Status == HttpStatusCode.Created).Json;
        Assert.All(
            several.Where(reply => reply.Status != HttpStatusCode.Created),
            reply => Assert.Equal("claim.duplicate", reply.Expect(HttpStatusCode.Conflict).Code)
        );
        Assert.Equal(("submitted", earlier), ((string?)claimed["state"], (string?)claimed["earlierClaimId"]));
        var listed = await scene.Verifier.Get($"/v1/certificate-claims/{claimed["claimId"]}");
        Assert.Equal(earlier, (string?)listed.Expect(HttpStatusCode.OK).Json["earlierClaimId"]);
        (await scene.Decide((string)claimed["claimId"]!, "rejected")).Expect(HttpStatusCode.OK);
        var again = (await Claim("r-9")).Expect(HttpStatusCode.Created).Json;
        Assert.Equal(earlier, (string?)again["earlierClaimId"]);
        (await scene.Decide((string)again["claimId"]!)).Expect(HttpStatusCode.OK);
        Assert.Equal("claim.duplicate", (await Claim("r-10")).Expect(HttpStatusCode.Conflict).Code);
    }

    [Fact]
    public async Task a_withdrawn_outcome_gives_the_certificate_back_to_the_earlier_claim()
    {
        var scene = await ClaimScene.Open("erase-back");
        var earlier = await scene.Claimed("r-1", "B-1");
        (await scene.Decide(earlier)).Expect(HttpStatusCode.OK);
        (
            await scene.Service.As("operator").Post($"/v1/accounts/{scene.Account}/erasure", new { reason = "request" })
        ).Expect(HttpStatusCode.OK);
        var account = await scene.OpenAccount("2", ClaimScene.LearnerName);
        var evidence = await scene.Upload("a scan of the same");

        async Task<JsonNode> Claimed(string record)
        {
            var body = scene.Body(record, "B-1");
            body["learner"] = new JsonObject { ["accountId"] = account };
            body["evidence"]![0]!["sha256"] = evidence;
            return (await scene.Claim(body)).Expect(HttpStatusCode.Created).Json;
        }

        var verified = await scene.Decide((string)(await Claimed("r-2"))["claimId"]!);
        var outcome = (string)verified.Expect(HttpStatusCode.OK).Json["outcomeId"]!;
        (await scene.Provider.Post($"/v1/outcomes/{outcome}/withdrawal", new { reason = "issuerError" })).Expect(
            HttpStatusCode.OK
        );

        var again = await Claimed("r-3");
        Assert.Equal(("submitted", earlier), ((string?)again["state"], (string?)again["earlierClaimId"]));
        (await scene.Decide((string)again["claimId"]!)).Expect(HttpStatusCode.OK);
    }

    private static Task<Reply> Erase(TransferScene scene) =>
        scene.Service.As("operator").Post($"/v1/accounts/{scene.Account}/erasure", new { reason = "request" });

    /// <summary>Stores an evidence of the learner; its hash.</summary>
    internal static async Task<string> Upload(TransferScene scene, string text)
    {
        var bytes = Encoding.UTF8.GetBytes($"{text} of {scene.ProgrammeId}");
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var content = new ByteArrayContent(bytes);
        using var put = await scene.Learner.Client.PutAsync(
            new Uri($"/v1/evidence/{sha256}", UriKind.Relative),
            content
        );
        Assert.True(put.IsSuccessStatusCode);
        return sha256;
    }

    private static async Task<string> Apply(TransferScene scene, params string[] evidence)
    {
        var application = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            statement = "在岗六年",
            evidence,
        };
        var submitted = (await scene.Learner.Post("/v1/prior-learning", application)).Expect(HttpStatusCode.Created);
        return (string)submitted.Json["portfolioId"]!;
    }
}

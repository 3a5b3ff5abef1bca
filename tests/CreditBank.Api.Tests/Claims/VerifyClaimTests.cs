using System.Net;
using CreditBank.Api.Tests.Support;
using CreditBank.Kernel;

namespace CreditBank.Api.Tests.Claims;

public sealed class VerifyClaimTests
{
    [Fact]
    public async Task a_verified_certificate_is_an_outcome_with_the_directorys_credit()
    {
        var scene = await ClaimScene.Open("clm-b1");
        var claimId = await scene.Claimed("r-1", "B1-1");

        var decided = (await scene.Decide(claimId)).Expect(HttpStatusCode.OK);

        Assert.Equal("verified", (string?)decided.Json["state"]);
        Assert.Equal("与原件一致", (string?)decided.Json["reason"]);
        var outcomeId = (string)decided.Json["outcomeId"]!;
        Assert.Equal(LedgerId.Outcome(scene.Account, scene.Id, "r-1"), outcomeId);
        var position = (await scene.Fold()).Outcomes[outcomeId];
        Assert.Equal(new Credits(6), position.Available.Standard);
        Assert.Equal("4", position.Recognition?.Level);
    }

    [Fact]
    public async Task a_certificate_outside_the_directory_is_recorded_and_worth_nothing()
    {
        var scene = await ClaimScene.Open("clm-b2");
        var claimed = await scene.Claim(scene.Body("r-1", "B2-1", body => body["certificate"]!["code"] = "unheard-of"));

        var decided = await scene.Decide((string)claimed.Expect(HttpStatusCode.Created).Json["claimId"]!);

        var outcomeId = (string)decided.Expect(HttpStatusCode.OK).Json["outcomeId"]!;
        Assert.True((await scene.Fold()).Outcomes[outcomeId].Available.IsNothing);
    }

    [Fact]
    public async Task a_rejected_claim_earns_nothing_and_frees_the_certificate()
    {
        var scene = await ClaimScene.Open("clm-b3");
        var claimId = await scene.Claimed("r-1", "B3-1");

        var rejected = (await scene.Decide(claimId, "rejected")).Expect(HttpStatusCode.OK);

        Assert.Equal("rejected", (string?)rejected.Json["state"]);
        Assert.Null(rejected.Json["outcomeId"]);
        Assert.Empty((await scene.Fold()).Outcomes);
        await scene.Claimed("r-2", "B3-1");
    }

    [Fact]
    public async Task a_provider_takes_a_claim_back_and_the_certificate_is_free()
    {
        var scene = await ClaimScene.Open("clm-back");
        var path = $"/v1/certificate-claims/{await scene.Claimed("r-1", "BACK-1")}";

        var learner = await scene.Learner.Post($"{path}/withdrawal", new { });
        var withdrawn = await scene.Provider.Post($"{path}/withdrawal", new { });
        var decided = await scene.Decide(path.Split('/')[^1]);

        Assert.Equal("access.role", learner.Expect(HttpStatusCode.Forbidden).Code);
        Assert.Equal("withdrawn", (string?)withdrawn.Expect(HttpStatusCode.OK).Json["state"]);
        Assert.Equal("claim.decided", decided.Expect(HttpStatusCode.Conflict).Code);
        Assert.Equal("withdrawn", (string?)decided.Json["state"]);
        var again = await scene.Claim(scene.Body("r-1", "BACK-1"));
        Assert.Equal("withdrawn", (string?)again.Expect(HttpStatusCode.OK).Json["state"]);
        var other = await scene.Claimed("r-2", "BACK-1");
        (await scene.Decide(other)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_claim_is_decided_once_also_when_two_decide_at_the_same_moment()
    {
        var scene = await ClaimScene.Open("clm-b4");
        var claimId = await scene.Claimed("r-1", "B4-1");

        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => scene.Decide(claimId)));
        var later = await scene.Decide(claimId, "rejected");

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.Equal(5, replies.Count(reply => reply.Status == HttpStatusCode.Conflict));
        later.Expect(HttpStatusCode.Conflict);
        Assert.Equal("claim.decided", later.Code);
        Assert.Equal("verified", (string?)later.Json["state"]);
        Assert.Single((await scene.Fold()).Outcomes);
    }

    [Fact]
    public async Task nobody_verifies_what_they_submitted()
    {
        var scene = await ClaimScene.Open("clm-b5");
        var both = scene.Service.As(["provider", "verifier"], scene.Id, subject: "somebody with two hats");
        var claimed = (await both.Post("/v1/certificate-claims", scene.Body("r-1", "B5-1"))).Expect(
            HttpStatusCode.Created
        );
        var path = $"/v1/certificate-claims/{(string)claimed.Json["claimId"]!}/verification";

        var refused = await both.Post(path, new { decision = "verified", reason = "mine" });

        refused.Expect(HttpStatusCode.Forbidden);
        Assert.Equal("access.fourEyes", refused.Code);
    }

    [Fact]
    public async Task who_may_not_know_it_gets_404_and_who_may_only_see_it_403()
    {
        var scene = await ClaimScene.Open("clm-b6");
        var path = $"/v1/certificate-claims/{await scene.Claimed("r-1", "B6-1")}/verification";
        var body = new { decision = "verified", reason = "x" };

        (await scene.Service.As("provider", "other").Post(path, body)).Expect(HttpStatusCode.NotFound);
        (await scene.Learner.Post(path, body)).Expect(HttpStatusCode.Forbidden);
        (await scene.Provider.Post(path, body)).Expect(HttpStatusCode.Forbidden);
        (await scene.Verifier.Post("/v1/certificate-claims/clm-00-00000000000000000000/verification", body)).Expect(
            HttpStatusCode.NotFound
        );
        (await scene.Verifier.Post(path, new { decision = "maybe", reason = "" })).Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task lists_show_each_caller_its_own_and_verifiers_what_waits()
    {
        var scene = await ClaimScene.Open("clm-b7");
        var waiting = await scene.Claimed("r-1", "B7-1");
        var done = await scene.Claimed("r-2", "B7-2");
        (await scene.Decide(done)).Expect(HttpStatusCode.OK);

        Assert.Equal([waiting, done], (await Ids(scene.Provider, "")).Order(new First(waiting)));
        Assert.Equal([waiting], await Ids(scene.Provider, "?state=submitted"));
        Assert.Equal([done], await Ids(scene.Learner, "?state=verified"));
        var worklist = await Ids(scene.Verifier, "?limit=500");
        Assert.Contains(waiting, worklist);
        Assert.DoesNotContain(done, worklist);
        Assert.Contains(done, await Ids(scene.Service.As("auditor"), "?limit=500"));
        Assert.Empty(await Ids(scene.Service.As("provider", "other-b7"), ""));
        (await scene.Provider.Get("/v1/certificate-claims?state=x")).Expect(HttpStatusCode.BadRequest);
        (await scene.Service.As("approver", scene.Id).Get("/v1/certificate-claims")).Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task the_work_list_is_in_the_order_of_due_days_and_goes_page_by_page()
    {
        var scene = await ClaimScene.Open("clm-b8");
        foreach (var number in Enumerable.Range(0, 5))
        {
            await scene.Claimed($"r-{number}", $"B8-{number}");
        }

        var whole = await Ids(scene.Provider, "");
        List<string> parts = [];
        var query = "?limit=2";
        while (query.Length > 0)
        {
            var part = (await scene.Provider.Get("/v1/certificate-claims" + query)).Json;
            parts.AddRange(part["items"]!.AsArray().Select(item => (string)item!["claimId"]!));
            query = part["nextCursor"] is { } next ? $"?limit=2&cursor={(string)next!}" : string.Empty;
        }

        Assert.Equal(5, whole.Count);
        Assert.Equal(whole, parts);
    }

    private static async Task<List<string>> Ids(TestCaller caller, string query)
    {
        var reply = (await caller.Get("/v1/certificate-claims" + query)).Expect(HttpStatusCode.OK);
        return [.. reply.Json["items"]!.AsArray().Select(item => (string)item!["claimId"]!)];
    }

    private sealed class First(string first) : IComparer<string>
    {
        public int Compare(string? x, string? y) => (x == first ? 0 : 1).CompareTo(y == first ? 0 : 1);
    }
}

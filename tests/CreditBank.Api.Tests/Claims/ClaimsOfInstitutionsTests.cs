using System.Net;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Claims;

/// <summary>Which institution's people see and decide a claim, also when the institution changes.</summary>
public sealed class ClaimsOfInstitutionsTests
{
    private static readonly object Why = new { zh = "年检", en = "inspection" };

    [Fact]
    public async Task the_issuers_verifier_sees_and_decides_what_it_issued_and_nothing_else()
    {
        var scene = await ClaimScene.Open("clm-iss");
        await Register(scene, "clm-iss-center");
        var issuedElsewhere = await Claimed(scene, "r-1", "ISS-1", "clm-iss-center");
        var own = await Claimed(scene, "r-2", "ISS-2", "clm-iss");
        var (issuer, colleague) = (Verifier(scene, "clm-iss-center"), Verifier(scene, "clm-iss"));

        Assert.Equal([issuedElsewhere], await Listed(issuer));
        Assert.Equal([own], await Listed(colleague));
        (await issuer.Get(PathOf(issuedElsewhere))).Expect(HttpStatusCode.OK);
        (await issuer.Get($"{PathOf(issuedElsewhere)}/evidence/{scene.Evidence}")).Expect(HttpStatusCode.OK);
        (await issuer.Get(PathOf(own))).Expect(HttpStatusCode.NotFound);
        (await Decide(issuer, own)).Expect(HttpStatusCode.NotFound);
        (await colleague.Get(PathOf(issuedElsewhere))).Expect(HttpStatusCode.NotFound);
        (await Decide(colleague, issuedElsewhere)).Expect(HttpStatusCode.NotFound);
        var bothHats = scene.Service.As(["provider", "verifier"], "clm-iss", subject: "two hats");
        Assert.Equal(
            "access.institution",
            (await Decide(bothHats, issuedElsewhere)).Expect(HttpStatusCode.Forbidden).Code
        );

        (await Decide(issuer, issuedElsewhere)).Expect(HttpStatusCode.OK);
        (await Decide(colleague, own)).Expect(HttpStatusCode.OK);
        Assert.Empty(await Listed(issuer));
        Assert.Equal([issuedElsewhere], await Listed(issuer, "?state=verified"));
    }

    [Fact]
    public async Task nobody_verifies_a_certificate_of_their_own()
    {
        var scene = await ClaimScene.Open("clm-own");
        var claim = await scene.Claimed("r-1", "OWN-1");

        var refused = await Decide(scene.Service.As(["learner", "verifier"], account: scene.Account), claim);

        Assert.Equal("access.fourEyes", refused.Expect(HttpStatusCode.Forbidden).Code);
    }

    [Fact]
    public async Task a_claim_of_a_suspended_provider_becomes_no_outcome_until_it_is_reinstated()
    {
        var scene = await ClaimScene.Open("clm-susp");
        var (kept, dropped) = (await scene.Claimed("r-1", "SUSP-1"), await scene.Claimed("r-2", "SUSP-2"));
        await Change(scene, "suspension", new { reason = Why });

        var bank = await scene.Decide(kept);
        var own = await Decide(Verifier(scene, "clm-susp"), kept);

        Assert.Equal("institution.suspended", bank.Expect(HttpStatusCode.Conflict).Code);
        Assert.Equal("institution.suspended", own.Expect(HttpStatusCode.Conflict).Code);
        (await scene.Decide(dropped, "rejected")).Expect(HttpStatusCode.OK);
        Assert.Empty((await scene.Fold()).Outcomes);
        await Change(scene, "reinstatement", new { reason = Why });
        (await scene.Decide(kept)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_successor_lists_and_decides_the_claims_of_its_predecessor_which_decides_none()
    {
        var scene = await ClaimScene.Open("clm-old");
        await Register(scene, "clm-heir");
        var claim = await scene.Claimed("r-1", "OLD-1");
        var withdrawn = await scene.Claimed("r-2", "OLD-2");
        await Change(scene, "merger", new { successorId = "clm-heir", reason = Why });
        var heir = scene.Service.As("provider", "clm-heir");

        Assert.Equal([claim, withdrawn], (await Listed(heir)).Order(new First(claim)));
        Assert.Equal([claim, withdrawn], (await Listed(Verifier(scene, "clm-heir"))).Order(new First(claim)));
        var old = await Decide(Verifier(scene, "clm-old"), claim);
        Assert.Equal("institution.merged", old.Expect(HttpStatusCode.Conflict).Code);
        var back = await scene.Provider.Post($"{PathOf(withdrawn)}/withdrawal", new { });
        Assert.Equal("institution.merged", back.Expect(HttpStatusCode.Conflict).Code);
        (await heir.Post($"{PathOf(withdrawn)}/withdrawal", new { })).Expect(HttpStatusCode.OK);
        (await Decide(Verifier(scene, "clm-heir"), claim)).Expect(HttpStatusCode.OK);
    }

    private static TestCaller Verifier(ClaimScene scene, string institution) =>
        scene.Service.As("verifier", institution, subject: $"verifier at {institution}");

    private static string PathOf(string claimId) => $"/v1/certificate-claims/{claimId}";

    private static Task<Reply> Decide(TestCaller verifier, string claimId) =>
        verifier.Post($"{PathOf(claimId)}/verification", new { decision = "verified", reason = "与原件一致" });

    private static async Task<string> Claimed(ClaimScene scene, string recordId, string number, string issuer)
    {
        var body = scene.Body(recordId, number, claim => claim["certificate"]!["issuerId"] = issuer);
        return (string)(await scene.Claim(body)).Expect(HttpStatusCode.Created).Json["claimId"]!;
    }

    private static async Task<List<string>> Listed(TestCaller caller, string query = "")
    {
        var reply = (await caller.Get("/v1/certificate-claims" + query)).Expect(HttpStatusCode.OK);
        return [.. reply.Json["items"]!.AsArray().Select(item => (string)item!["claimId"]!)];
    }

    private static async Task Register(ClaimScene scene, string id) =>
        (
            await scene.Service.As("operator").Post("/v1/institutions", Sample.Institution(id, "trainingProvider"))
        ).Expect(HttpStatusCode.Created);

    private static async Task Change(ClaimScene scene, string verb, object body) =>
        (await scene.Service.As("operator").Post($"/v1/institutions/{scene.Id}/{verb}", body)).Expect(
            HttpStatusCode.OK
        );

    private sealed class First(string first) : IComparer<string>
    {
        public int Compare(string? x, string? y) => (x == first ? 0 : 1).CompareTo(y == first ? 0 : 1);
    }
}

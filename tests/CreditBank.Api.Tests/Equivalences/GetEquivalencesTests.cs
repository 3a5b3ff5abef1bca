using System.Net;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Equivalences;

public sealed class GetEquivalencesTests
{
    [Fact]
    public async Task anyone_sees_what_a_certificate_converts_to()
    {
        var service = await TestService.SharedAsync();

        var reply = await service.Anonymous().Get("/v1/equivalences?code=web-frontend&ruleSet=sqf-2016.1");

        await Snapshots.Verifier.VerifyJson(reply.Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task pages_hold_every_equivalence_once()
    {
        var service = await TestService.SharedAsync();
        var caller = service.Anonymous();
        var whole = (await caller.Get("/v1/equivalences?limit=500")).Json["items"]!.AsArray();
        var seen = new List<string>();

        var next = "/v1/equivalences?limit=3";
        while (next.Length > 0)
        {
            var page = (await caller.Get(next)).Expect(HttpStatusCode.OK).Json;
            seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["clause"]!));
            next = page["nextCursor"] is { } cursor ? $"/v1/equivalences?limit=3&cursor={cursor}" : string.Empty;
        }

        Assert.Equal(whole.Select(item => (string)item!["clause"]!), seen);
        Assert.True(seen.Count > 3);
    }

    [Theory]
    [InlineData("code=SHOU-MATH", 2)]
    [InlineData("institutionId=sjtu&code=IS301", 1)]
    [InlineData("institutionId=elsewhere", 0)]
    public async Task a_list_is_narrowed_by_code_and_institution(string query, int count)
    {
        var service = await TestService.SharedAsync();

        var found = await service.Anonymous().Get($"/v1/equivalences?ruleSet=sqf-2016.1&{query}");

        Assert.Equal(count, found.Expect(HttpStatusCode.OK).Json["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task an_unknown_rule_set_is_not_found()
    {
        var service = await TestService.SharedAsync();

        (await service.Anonymous().Get("/v1/equivalences?ruleSet=none")).Expect(HttpStatusCode.NotFound);
    }
}

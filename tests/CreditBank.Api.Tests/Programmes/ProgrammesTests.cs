using System.Net;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Programmes;

public sealed class ProgrammesTests
{
    [Fact]
    public async Task a_registry_publishes_versions_that_anyone_can_read()
    {
        var service = await Registered("prg-1");
        var registry = service.As("registry", "prg-1");
        const string Path = "/v1/institutions/prg-1/programmes/se";

        var first = (await registry.Put(Path, Body())).Expect(HttpStatusCode.Created);
        var same = (await registry.Put(Path, Body())).Expect(HttpStatusCode.OK);
        var second = (await registry.Put(Path, Body(title: "软件工程（新）"))).Expect(HttpStatusCode.OK);

        Assert.Equal(Path, first.Headers.Location?.ToString());
        Assert.Equal(first.Text, same.Text);
        Assert.Equal(1, (int)first.Json["version"]!);
        Assert.Equal(2, (int)second.Json["version"]!);
        var anyone = service.Anonymous();
        Assert.Equal(second.Text, (await anyone.Get(Path)).Text);
        Assert.Equal(first.Text, (await anyone.Get(Path + "?version=1")).Expect(HttpStatusCode.OK).Text);
        (await anyone.Get(Path + "?version=3")).Expect(HttpStatusCode.NotFound);
        (await anyone.Get(Path + "?version=x")).Expect(HttpStatusCode.BadRequest);
        Assert.Equal("\"2\"", (await anyone.Get(Path)).Headers.ETag?.Tag);
    }

    [Fact]
    public async Task the_list_goes_page_by_page()
    {
        var service = await Registered("prg-2");
        var registry = service.As("registry", "prg-2");
        foreach (var id in new[] { "b", "a", "c" })
        {
            (await registry.Put($"/v1/institutions/prg-2/programmes/{id}", Body())).Expect(HttpStatusCode.Created);
        }

        var first = (await service.Anonymous().Get("/v1/institutions/prg-2/programmes?limit=2")).Json;
        var rest = (
            await service
                .Anonymous()
                .Get($"/v1/institutions/prg-2/programmes?limit=2&cursor={(string)first["nextCursor"]!}")
        ).Json;

        string[] ids =
        [
            .. first["items"]!.AsArray().Concat(rest["items"]!.AsArray()).Select(item => (string)item!["programmeId"]!),
        ];
        Assert.Equal(["a", "b", "c"], ids);
    }

    [Fact]
    public async Task only_the_institutions_own_registry_publishes()
    {
        var service = await Registered("prg-3");
        const string Path = "/v1/institutions/prg-3/programmes/se";

        Assert.Equal("access.institution", (await service.As("registry", "other").Put(Path, Body())).Code);
        Assert.Equal("access.role", (await service.As("approver", "prg-3").Put(Path, Body())).Code);
        (await service.Anonymous().Put(Path, Body())).Expect(HttpStatusCode.Unauthorized);
        (await service.As("registry", "prg-none").Put("/v1/institutions/prg-none/programmes/se", Body())).Expect(
            HttpStatusCode.NotFound
        );
        (await service.Anonymous().Get(Path)).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_change_to_another_version_than_was_seen_is_refused()
    {
        var service = await Registered("prg-4");
        const string Path = "/v1/institutions/prg-4/programmes/se";
        (await service.As("registry", "prg-4").Put(Path, Body())).Expect(HttpStatusCode.Created);

        var stale = await service.As("registry", "prg-4").With("If-Match", "\"7\"").Put(Path, Body(title: "another"));
        var fresh = await service.As("registry", "prg-4").With("If-Match", "\"1\"").Put(Path, Body(title: "another"));

        stale.Expect(HttpStatusCode.Conflict);
        Assert.Equal("state.version", stale.Code);
        fresh.Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        var service = await Registered("prg-5");

        var refused = await service
            .As("registry", "prg-5")
            .Put(
                "/v1/institutions/prg-5/programmes/se",
                """
                {"title":"","level":0,"totalCredits":0,"ruleSetFamily":"s q f","courses":[
                  {"courseCode":"C1","title":"x","credits":-1,"category":"core","compulsory":true},
                  {"courseCode":"C1","title":"x","credits":2,"category":"","compulsory":"yes"}]}
                """
            );

        refused.Expect(HttpStatusCode.BadRequest);
        await Snapshots.Verifier.VerifyJson(refused.Text, Scrub.Problem);
    }

    private static async Task<TestService> Registered(string id)
    {
        var service = await TestService.SharedAsync();
        (await service.As("operator").Post("/v1/institutions", Sample.Institution(id))).Expect(HttpStatusCode.Created);
        return service;
    }

    private static object Body(string title = "软件工程") =>
        new
        {
            title,
            level = 5,
            totalCredits = 160,
            ruleSetFamily = "sqf",
            courses = new[]
            {
                new
                {
                    courseCode = "C1",
                    title = "程序设计",
                    credits = 4.5,
                    category = "core",
                    compulsory = true,
                },
            },
        };
}

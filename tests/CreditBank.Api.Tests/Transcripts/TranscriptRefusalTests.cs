using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Transcripts;

public sealed class TranscriptRefusalTests
{
    [Fact]
    public async Task everything_wrong_in_the_body_is_named_at_once()
    {
        var registry = await Registry.At("tr-shape");

        var refused = await registry.Caller.Post(
            "/v1/transcripts",
            """
            {"institutionId":"tr-shape","reference":"","records":[
              {"recordId":"r-1","revision":0,"learner":{},"kind":"course","courseCode":"A","title":"T",
               "credits":"3","unit":"cn-credit","level":true,"result":"ok","completedOn":"2024-02-30"},
              {"recordId":"r-2","revision":1,"learner":{"identity":{"type":"residentId","number":"11010519491231002Y"}},
               "kind":"leisure","courseCode":"A","title":"T","credits":-1,"unit":"point","result":"passed",
               "completedOn":"2024-02-28","startedOn":"2024-03-01","grade":{"scale":"percent"}}]}
            """
        );

        refused.Expect(HttpStatusCode.BadRequest);
        await Snapshots.Verifier.VerifyJson(refused.Text, Scrub.Problem);
    }

    [Fact]
    public async Task rows_are_rejected_one_by_one_with_every_reason_in_the_callers_language()
    {
        var registry = await Registry.At("tr-rows", ["academicCourse"]);
        var wrong = registry.Record("310101199003070099");
        wrong["recordId"] = "A-11010519491231002X";
        wrong["kind"] = "training";
        wrong["completedOn"] = "2999-01-01";
        wrong["credits"] = 0;
        var early = registry.Record("r-2");
        early["completedOn"] = "1985-07-01";
        early["startedOn"] = null;
        var unit = registry.Record("r-3");
        unit["unit"] = "furlong";
        registry.Caller.With("Accept-Language", "zh-CN");

        var reply = await registry.Post("t1", true, wrong, early, unit, registry.Record("r-4"));

        reply.Expect(HttpStatusCode.OK);
        Assert.Equal((1, 0, 0, 3), reply.Counts());
        Assert.Null(reply.Record(0)["recordId"]);
        await Snapshots.Verifier.VerifyJson(
            new JsonArray([
                .. Enumerable.Range(0, 3).Select(index => reply.Record(index)["problem"]!.DeepClone()),
            ]).ToJsonString()
        );
        var path = $"/v1/transcripts/{reply.Json["transcriptId"]}/records?status=rejected";
        var english = await registry.Service.As("registry", registry.InstitutionId).Get(path);
        Assert.Contains("The rule set in force does not know the unit", english.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("11010519491231002X", english.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_registry_acts_for_its_own_institution_only()
    {
        var registry = await Registry.At("tr-own");
        var posted = (await registry.Post("t1", true, registry.Record("r-1"))).Expect(HttpStatusCode.OK);
        var path = $"/v1/transcripts/{posted.Json["transcriptId"]}";
        var other = registry.Service.As("registry", "tr-other");
        var body = new
        {
            institutionId = "tr-own",
            reference = "t1",
            term = "2024-spring",
            records = new[] { registry.Record("r-1") },
        };

        Assert.Equal("access.institution", (await other.Post("/v1/transcripts", body)).Code);
        Assert.Equal("access.role", (await registry.Service.As("auditor").Post("/v1/transcripts", body)).Code);
        (await other.Get(path)).Expect(HttpStatusCode.NotFound);
        (await other.Get(path + "/records")).Expect(HttpStatusCode.NotFound);
        Assert.Equal("access.institution", (await other.Get("/v1/transcripts?institutionId=tr-own")).Code);
        (await registry.Service.As("auditor").Get(path)).Expect(HttpStatusCode.OK);
        var list = (await registry.Caller.Get("/v1/transcripts?institutionId=tr-own")).Expect(HttpStatusCode.OK);
        Assert.Equal("complete", list.Json["items"]![0]!["state"]!.GetValue<string>());
        (await registry.Service.Anonymous().Post("/v1/transcripts", body)).Expect(HttpStatusCode.Unauthorized);
        var unknown = registry.Service.As("registry", "tr-nowhere");
        var nowhere = body with { institutionId = "tr-nowhere" };
        (await unknown.Post("/v1/transcripts", nowhere)).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task limits_and_media_types_are_kept()
    {
        var registry = await Registry.At("tr-limits");
        var many = Enumerable.Range(0, 1001).Select(number => registry.Record($"r-{number}")).ToArray();

        var tooMany = await registry.Post("t1", true, many);
        var none = await registry.Post("t1", true);
        var csv = await registry.Caller.PostRaw("/v1/transcripts", "a,b", "text/csv");
        var key = registry.Service.As("registry", "tr-limits").With("Idempotency-Key", "tr-limits-1");
        var first = await key.PostRaw("/v1/transcripts", registry.Header("t2", 0), "application/x-ndjson");

        tooMany.Expect(HttpStatusCode.BadRequest);
        Assert.Equal("transcript.records", tooMany.Json["errors"]![0]!["code"]!.GetValue<string>());
        none.Expect(HttpStatusCode.BadRequest);
        csv.Expect(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(
            "/rowCount",
            first.Expect(HttpStatusCode.BadRequest).Json["errors"]![0]!["pointer"]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task a_reference_stays_with_its_term()
    {
        var registry = await Registry.At("tr-term");
        await registry.Post("t1", true, registry.Record("r-1"));

        var other = await registry.Caller.PostRaw(
            "/v1/transcripts",
            registry.Header("t1", 1, "2025-spring"),
            "application/x-ndjson"
        );

        other.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("transcript.headerChanged", other.Code);
    }
}

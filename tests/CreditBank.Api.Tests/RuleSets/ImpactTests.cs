using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;

namespace CreditBank.Api.Tests.RuleSets;

public sealed class ImpactTests
{
    [Fact]
    public async Task a_draft_is_replayed_over_what_was_decided_and_changes_nothing()
    {
        var scene = await Decided("impact-a");
        var service = scene.Service;
        var stricter = SmallDraft.Files("impact-a", "2", SmallDraft.Programming, "2020-01-01");
        (await SmallDraft.Draft(SmallDraft.Editor(service), stricter)).Expect(HttpStatusCode.Created);
        var before = await scene.Position(TransferScene.Maths);

        var asked = await SmallDraft.Editor(service).Post("/v1/rule-sets/impact-a-2/impact", new { });

        asked.Expect(HttpStatusCode.Accepted);
        var done = await Done(SmallDraft.Approver(service), asked.Headers.Location!.ToString());
        var report = done["report"]!;
        Assert.Equal(
            "1 decisions, 1 changed, 1 learners, 0 up, 4 down",
            $"{report["decisions"]} decisions, {report["changed"]} changed, {report["learners"]} learners, "
                + $"{report["creditsUp"]} up, {report["creditsDown"]} down"
        );
        Assert.Equal(-4, (int)report["examples"]![0]!["change"]!);
        Assert.Null(report["examples"]![0]!["transferId"]);
        var audited = await Done(service.As("auditor"), asked.Headers.Location!.ToString());
        Assert.StartsWith("trf-", (string?)audited["report"]!["examples"]![0]!["transferId"], StringComparison.Ordinal);
        Assert.Equal(before, await scene.Position(TransferScene.Maths));
        (await service.As("learner").Post("/v1/rule-sets/impact-a-2/impact", new { })).Expect(HttpStatusCode.Forbidden);
        (await SmallDraft.Editor(service).Post("/v1/rule-sets/none-1/impact", new { })).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("voidAbInitio", 1)]
    [InlineData("reopenIfBeneficial", 0)]
    public async Task an_erratum_finds_the_decisions_that_rest_on_the_clause(string mode, int reopened)
    {
        var family = "impact-" + mode.ToLowerInvariant();
        var service = (await Decided(family)).Service;
        await SmallDraft.Publish(service, SmallDraft.Files(family, "2", SmallDraft.Programming, "2020-01-01"));
        var erratum = new
        {
            erratumId = "e1",
            clause = "maths",
            mode,
            correctedBy = family + "-2",
            text = new { zh = "错", en = "wrong" },
        };

        var published = await SmallDraft.Approver(service).Post($"/v1/rule-sets/{family}-1/errata", erratum);

        published.Expect(HttpStatusCode.Created);
        var done = await Done(service.As("auditor"), (string)published.Json["impact"]!);
        Assert.Equal(1, (int)done["report"]!["decisions"]!);
        Assert.Equal(reopened, (int)done["report"]!["reopened"]!);
        Assert.Equal(reopened, done["report"]!["effects"]!.AsArray().Count);
    }

    [Fact]
    public async Task what_an_evaluator_granted_becomes_a_rule_of_the_next_draft()
    {
        var scene = await Decided("impact-c", TransferScene.Philosophy);
        var editor = SmallDraft.Editor(scene.Service);
        const string Path = "/v1/rule-sets/impact-c-1/candidates";

        var found = (await editor.Get(Path)).Expect(HttpStatusCode.OK).Json.AsArray();
        var candidate = Assert.Single(found)!;
        var body = new
        {
            number = "2",
            effectiveFrom = "2020-01-01",
            candidateIds = new[] { (string?)candidate["candidateId"] },
        };
        var draft = await editor.Post(Path, body);

        Assert.Equal(
            ("fudan", TransferScene.Philosophy, "SHOU-PHIL", 1, 0),
            (
                (string?)candidate["sources"]![0]!["institutionId"],
                (string?)candidate["sources"]![0]!["courseCode"],
                (string?)candidate["courseCodes"]![0],
                (int)candidate["granted"]!,
                (int)candidate["refused"]!
            )
        );
        draft.Expect(HttpStatusCode.Created);
        Assert.Equal("impact-c-2", (string?)draft.Json["version"]);
        Assert.Equal("MATHS", (string?)draft.Json["cases"]![0]!["id"]);
        var compared = await editor.Get("/v1/rule-sets/impact-c-1/compare/impact-c-2");
        Assert.Contains(
            compared.Json["changes"]!.AsArray(),
            change => ((string?)change!["id"])?.StartsWith("precedent-trf-", StringComparison.Ordinal) ?? false
        );
        (await editor.Post(Path, body with { candidateIds = ["cand-none"] })).Expect(
            HttpStatusCode.UnprocessableEntity
        );
        (await scene.Learner.Get(Path)).Expect(HttpStatusCode.Forbidden);
        (await SmallDraft.Approver(scene.Service).Post("/v1/rule-sets/impact-c-2/publication", new { })).Expect(
            HttpStatusCode.OK
        );
    }

    /// <summary>A family of its own, and one transfer that was approved under its first version.</summary>
    private static async Task<TransferScene> Decided(string family, string? granted = null)
    {
        await SmallDraft.Publish(await TestService.SharedAsync(), SmallDraft.Files(family));
        string[] courses = granted is null ? [TransferScene.Maths] : [TransferScene.Maths, granted];
        var scene = await TransferScene.Open(family, courses);
        await scene.PublishProgramme(70, family);
        var transfer = await scene.Submit(courses);
        var path = $"/v1/transfers/{transfer["transferId"]}";
        if (granted is not null)
        {
            var line = new
            {
                line = scene.LineOf(transfer, granted),
                decision = "grant",
                reason = "同一教材",
                courseCodes = new[] { "SHOU-PHIL" },
            };
            (await scene.Evaluator.Post(path + "/evaluation", new { lines = new[] { line } })).Expect(
                HttpStatusCode.OK
            );
        }

        (await scene.Approver.Post(path + "/approval", new { })).Expect(HttpStatusCode.OK);
        return scene;
    }

    private static Task<JsonNode> Done(TestCaller caller, string path) =>
        Eventually.Get(async () =>
        {
            var run = (await caller.Get(path)).Expect(HttpStatusCode.OK).Json;
            Assert.NotEqual("failed", (string?)run["state"]);
            return (string?)run["state"] == "completed" ? run : null;
        });
}

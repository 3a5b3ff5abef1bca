using System.Net;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;

namespace CreditBank.Api.Tests.RuleSets;

public sealed class DraftRuleSetTests
{
    [Fact]
    public async Task a_draft_is_there_for_those_who_make_rules_and_for_nobody_else()
    {
        var service = await TestService.SharedAsync();

        var draft = await SmallDraft.Draft(SmallDraft.Editor(service), SmallDraft.Files("life-draft"));

        draft.Expect(HttpStatusCode.Created);
        Assert.Equal("/v1/rule-sets/life-draft-1", draft.Headers.Location!.ToString());
        Assert.Equal("MATHS", (string?)draft.Json["cases"]![0]!["id"]);
        Assert.Empty(draft.Json["untouched"]!.AsArray());
        (await service.Anonymous().Get("/v1/rule-sets/life-draft-1")).Expect(HttpStatusCode.NotFound);
        (await service.As("learner").Get("/v1/rule-sets/life-draft-1/documents")).Expect(HttpStatusCode.NotFound);
        var seen = (await SmallDraft.Approver(service).Get("/v1/rule-sets/life-draft-1")).Expect(HttpStatusCode.OK);
        Assert.Equal("draft", (string?)seen.Json["state"]);
        Assert.Equal((string?)draft.Json["hash"], (string?)seen.Json["hash"]);
        var list = (await SmallDraft.Approver(service).Get("/v1/rule-sets?limit=500")).Json["items"]!.AsArray();
        Assert.DoesNotContain(list, item => (string?)item!["version"] == "life-draft-1");
    }

    [Fact]
    public async Task only_a_rule_editor_drafts()
    {
        var service = await TestService.SharedAsync();

        var reply = await SmallDraft.Draft(SmallDraft.Approver(service), SmallDraft.Files("life-role"));

        reply.Expect(HttpStatusCode.Forbidden);
        Assert.Equal("access.role", reply.Code);
    }

    [Fact]
    public async Task every_problem_is_named_with_file_line_and_column()
    {
        var service = await TestService.SharedAsync();
        var files = SmallDraft.Files("life-problems");
        files["caps.yaml"] = "caps:\n  - id: too-much\n    limit: { share: 150% }\n";
        files["tables/more.csv"] = "a,b\n1,2\n";

        var reply = await SmallDraft.Draft(SmallDraft.Editor(service), files);

        reply.Expect(HttpStatusCode.UnprocessableEntity);
        await Snapshots.Verifier.VerifyJson(reply.Text, Scrub.Problem);
    }

    [Fact]
    public async Task a_body_that_is_no_draft_is_refused_before_it_is_read()
    {
        var service = await TestService.SharedAsync();
        var editor = SmallDraft.Editor(service);

        var wrongName = await editor.Post(
            "/v1/rule-sets",
            """{"documents":{"../x.yaml":"a: b","y.exe":"","z.yaml":"a"}}"""
        );
        var none = await editor.Post("/v1/rule-sets", """{"documents":{}}""");
        var nothing = await editor.Post("/v1/rule-sets", """{"documents":{"rule-set.yaml":null}}""");

        wrongName.Expect(HttpStatusCode.BadRequest);
        Assert.Equal(2, wrongName.Json["errors"]!.AsArray().Count);
        none.Expect(HttpStatusCode.BadRequest);
        nothing.Expect(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task a_draft_that_fails_its_own_case_is_refused_by_name()
    {
        var service = await TestService.SharedAsync();
        var files = SmallDraft.Files("life-case");
        files["cases/maths.yaml"] = files["cases/maths.yaml"]
            .Replace("granted: 4", "granted: 5", StringComparison.Ordinal);

        var reply = await SmallDraft.Draft(SmallDraft.Editor(service), files);

        reply.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("ruleSet.cases", reply.Code);
        Assert.Contains("MATHS", (string?)reply.Json["title"], StringComparison.Ordinal);
        Assert.Equal("cases/maths.yaml", (string?)reply.Json["errors"]![0]!["file"]);
        Assert.True((int)reply.Json["errors"]![0]!["line"]! > 0);
    }

    [Fact]
    public async Task the_drafter_replaces_a_draft_and_nobody_else_does()
    {
        var service = await TestService.SharedAsync();
        var editor = SmallDraft.Editor(service);
        var first = (await SmallDraft.Draft(editor, SmallDraft.Files("life-replace"))).Expect(HttpStatusCode.Created);

        var same = await SmallDraft.Draft(editor, SmallDraft.Files("life-replace"));
        var more = SmallDraft.Files("life-replace", equivalences: SmallDraft.Maths + "\n" + SmallDraft.Programming);
        var other = await SmallDraft.Draft(SmallDraft.Editor(service, "another"), more);
        var replaced = await SmallDraft.Draft(editor, more);

        same.Expect(HttpStatusCode.OK);
        other.Expect(HttpStatusCode.Forbidden);
        Assert.Equal("access.drafter", other.Code);
        replaced.Expect(HttpStatusCode.Created);
        Assert.NotEqual((string?)first.Json["hash"], (string?)replaced.Json["hash"]);
        Assert.Equal("programming", (string?)replaced.Json["untouched"]![0]);
    }

    [Fact]
    public async Task a_draft_may_bring_a_table_of_fifty_thousand_rows()
    {
        var service = await TestService.SharedAsync();
        var files = SmallDraft.Files("life-large");
        files["tables/large.csv"] =
            "id,sourceInstitution,sourceCourse,targetInstitution,targetCourse,similarity,cites\n"
            + string.Concat(
                Enumerable
                    .Range(0, 50_000)
                    .Select(i => $"row-{i},university-{i % 97},COURSE-{i},shou,T{i % 60},0.9,ASSUMPTION\n")
            );

        var draft = (await SmallDraft.Draft(SmallDraft.Editor(service), files)).Expect(HttpStatusCode.Created);

        Assert.Equal(50_001, (int)draft.Json["equivalences"]!);
        Assert.True(draft.Text.Length < 100_000, $"The answer has {draft.Text.Length} characters.");
    }

    [Fact]
    public async Task who_sees_a_draft_may_ask_what_it_would_give_and_others_learn_nothing_of_it()
    {
        var scene = await TransferScene.Open("life-whatif", TransferScene.Maths);
        var drafted = SmallDraft.Files("life-whatif-draft", equivalences: SmallDraft.Programming);
        (await SmallDraft.Draft(SmallDraft.Editor(scene.Service), drafted)).Expect(HttpStatusCode.Created);
        object Question(string code) =>
            new
            {
                institutionId = "shou",
                programmeId = scene.ProgrammeId,
                ruleSet = "life-whatif-draft-1",
                outcomes = new[]
                {
                    new
                    {
                        recordId = "1",
                        institutionId = "fudan",
                        kind = "academicCourse",
                        courseCode = code,
                        credits = 4,
                        unit = "cn-credit",
                        completedOn = "2024-07-01",
                    },
                },
            };

        var asked = await SmallDraft.Editor(scene.Service).Post("/v1/evaluations", Question("COMP110042"));
        var stranger = await scene.Service.Anonymous().Post("/v1/evaluations", Question("COMP110042"));

        Assert.Equal("life-whatif-draft-1", (string?)asked.Expect(HttpStatusCode.OK).Json["ruleSet"]!["version"]);
        stranger.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("rule-set.unknown", stranger.Code);
    }
}

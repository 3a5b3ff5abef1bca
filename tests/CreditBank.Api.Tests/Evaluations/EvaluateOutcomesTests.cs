using System.Net;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;

namespace CreditBank.Api.Tests.Evaluations;

public sealed class EvaluateOutcomesTests
{
    [Fact]
    public async Task anyone_asks_what_records_would_be_worth()
    {
        var scene = await TransferScene.Open("eva-anyone");
        var body = Body(
            scene,
            Record("1", TransferScene.Maths, "academicCourse", 5),
            Record("2", TransferScene.Databases, "academicCourse", 3),
            Record("3", "calligraphy", "leisure", null)
        );

        var chinese = scene.Service.Anonymous().With("Accept-Language", "zh");
        var proposal = (await chinese.Post("/v1/evaluations", body)).Expect(HttpStatusCode.OK);

        var settings = new VerifySettings();
        settings.ScrubMember("hash");
        settings.ScrubMember("traceHash");
        await Snapshots.Verifier.VerifyJson(proposal.Text, settings);
    }

    [Fact]
    public async Task a_learner_asks_for_the_own_account_and_nothing_changes()
    {
        var scene = await TransferScene.Open("eva-own", TransferScene.Maths, TransferScene.Databases);
        var before = (await scene.Ledger()).Version;

        var proposal = (await scene.Learner.Post("/v1/evaluations", Body(scene))).Expect(HttpStatusCode.OK).Json;

        Assert.Equal(["match", "maybe"], proposal["lines"]!.AsArray().Select(line => (string)line!["result"]!));
        Assert.Equal(4, (decimal)proposal["totals"]!["granted"]!);
        Assert.Equal(before, (await scene.Ledger()).Version);
        Assert.Equal("5/0/0/0", await scene.Position(TransferScene.Maths));
    }

    [Fact]
    public async Task an_account_is_for_those_who_may_see_it()
    {
        var scene = await TransferScene.Open("eva-see", TransferScene.Maths);
        var body = Body(scene);

        (await scene.Service.As("auditor").Post("/v1/evaluations", body)).Expect(HttpStatusCode.OK);
        foreach (
            var stranger in (TestCaller[])
                [
                    scene.Service.Anonymous(),
                    scene.Service.As("registry", "fudan"),
                    scene.Service.As("learner", account: "acc-00-00000000000000000000"),
                ]
        )
        {
            Assert.Equal(
                "account.unknown",
                (await stranger.Post("/v1/evaluations", body)).Expect(HttpStatusCode.NotFound).Code
            );
        }
    }

    [Fact]
    public async Task what_is_unknown_is_named()
    {
        var scene = await TransferScene.Open("eva-unknown", TransferScene.Maths);

        var programme = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            programmeId = "no-such",
        };
        Assert.Equal("programme.unknown", (await scene.Learner.Post("/v1/evaluations", programme)).Code);
        var version = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            programmeId = scene.ProgrammeId,
            ruleSet = "sqf-1999.1",
        };
        var refused = await scene.Learner.Post("/v1/evaluations", version);
        Assert.Equal("rule-set.unknown", refused.Expect(HttpStatusCode.UnprocessableEntity).Code);
        var day = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            programmeId = scene.ProgrammeId,
            appliedOn = "1999-01-01",
        };
        var early = await scene.Learner.Post("/v1/evaluations", day);
        Assert.Equal("rule.not-in-force", early.Expect(HttpStatusCode.UnprocessableEntity).Code);
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        var service = await TestService.SharedAsync();

        var refused = await service
            .Anonymous()
            .Post(
                "/v1/evaluations",
                """
                {"accountId":"x","institutionId":"a b","programmeId":"p","appliedOn":"2020-13-01",
                 "outcomes":[{"recordId":"1","kind":"course","courseCode":"M","completedOn":"2020-01-01","credits":-1}]}
                """
            );

        refused.Expect(HttpStatusCode.BadRequest);
        await Snapshots.Verifier.VerifyJson(refused.Text, Scrub.Problem);
    }

    private static object Body(TransferScene scene, params object[] outcomes) =>
        new
        {
            accountId = outcomes.Length == 0 ? scene.Account : null,
            outcomes = outcomes.Length == 0 ? null : outcomes,
            institutionId = "shou",
            programmeId = scene.ProgrammeId,
        };

    private static object Record(string recordId, string courseCode, string kind, int? credits) =>
        new
        {
            recordId,
            institutionId = "fudan",
            kind,
            courseCode,
            title = courseCode,
            credits,
            hours = credits is null ? 40 : (int?)null,
            unit = credits is null ? null : "cn-credit",
            level = 5,
            result = "passed",
            grade = new { scale = "percent", value = "91" },
            completedOn = "2024-01-10",
        };
}

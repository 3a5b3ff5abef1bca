using System.Net;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;

namespace CreditBank.Api.Tests.Appeals;

public sealed class AppealTests(TimedLedger ledger) : IClassFixture<TimedLedger>
{
    private const string Maths = TransferScene.Maths;
    private const string Databases = TransferScene.Databases;

    private TestCaller Panel => ledger.Service.As("panel", "shou", subject: "panel");

    [Fact]
    public async Task a_panel_finds_the_appeal_admits_it_and_remands()
    {
        var scene = await TransferScene.Open(ledger.Service, "appeal-remand", Maths);
        var path = await Rejected(scene);
        Assert.Equal(HttpStatusCode.NotFound, (await Panel.Get(path)).Status);
        var filed = (await scene.Learner.Post($"{path}/appeals", new { reason = "大纲相同" })).Expect(
            HttpStatusCode.Created
        );
        var appeal = $"{path}/appeals/{filed.Json["appealId"]}";
        var today = BankCalendar.DayOf(ledger.Clock.GetCurrentInstant());
        Assert.Equal($"{today.PlusDays(15):uuuu-MM-dd}", (string?)filed.Json["answerDueOn"]);
        Assert.Equal("大纲相同", (string?)filed.Json["reason"]);
        Assert.Contains(path.Split('/')[^1], await Listed(Panel, "filed"));
        Assert.Contains(path.Split('/')[^1], await Listed(scene.Learner, "filed"));

        (await Panel.Post($"{appeal}/answer", new { decision = "admit", reason = "受理" })).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain(path.Split('/')[^1], await Listed(Panel, "filed"));
        Assert.Contains(path.Split('/')[^1], await Listed(Panel, "admitted"));
        var remanded = await Panel.Post($"{appeal}/decision", new { decision = "remand", reason = "应予重审" });

        var transfer = remanded.Expect(HttpStatusCode.OK).Json;
        Assert.Equal("evaluated", (string?)transfer["state"]);
        Assert.Equal($"{today.PlusDays(90):uuuu-MM-dd}", (string?)transfer["heldUntil"]);
        Assert.Equal("应予重审", (string?)transfer["appeals"]![0]!["decisionReason"]);
        Assert.Equal("0/5/0/0", await scene.Position(Maths));
        (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        Assert.Equal("0/0/4/1", await scene.Position(Maths));
    }

    [Fact]
    public async Task a_panel_varies_and_what_it_grants_is_posted_at_once()
    {
        var scene = await TransferScene.Open(ledger.Service, "appeal-vary", Maths, Databases);
        var submitted = await scene.Submit();
        var path = $"/v1/transfers/{submitted["transferId"]}";
        var line = scene.LineOf(submitted, Databases);
        var lines = new[]
        {
            new
            {
                line,
                decision = "refuse",
                reason = "内容不同",
            },
        };
        (await scene.Evaluator.Post($"{path}/evaluation", new { lines })).Expect(HttpStatusCode.OK);
        (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        var appeal = await Appealed(scene, path);
        var vary = new
        {
            decision = "vary",
            reason = "改判",
            lines = new[]
            {
                new
                {
                    line,
                    decision = "grant",
                    reason = "大纲相同",
                },
            },
        };
        Assert.Equal("access.fourEyes", (await Both("evaluator").Post($"{appeal}/decision", vary)).Code);
        Assert.Equal("access.fourEyes", (await Both("approver").Post($"{appeal}/decision", vary)).Code);
        Assert.Equal("access.role", (await scene.Learner.Post($"{appeal}/decision", vary)).Code);
        var elsewhere = ledger.Service.As("panel", "fudan", subject: "panel");
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.Post($"{appeal}/decision", vary)).Status);

        var varied = (await Panel.Post($"{appeal}/decision", vary)).Expect(HttpStatusCode.OK).Json;

        Assert.Equal("approved", (string?)varied["state"]);
        Assert.Equal(2, varied["approvedLines"]!.AsArray().Count);
        Assert.Equal("0/0/3/0", await scene.Position(Databases));
        Assert.Equal("0/0/4/1", await scene.Position(Maths));
        var another = ledger.Service.As("panel", subject: "panel of the bank");
        var again = await another.Post($"{appeal}/decision", vary);
        Assert.Equal((HttpStatusCode.Conflict, "appeal.state"), (again.Status, again.Code));

        TestCaller Both(string role) => ledger.Service.As(["panel", role], "shou", subject: role);
    }

    [Fact]
    public async Task another_panel_decides_the_second_appeal_and_no_panel_approves_what_it_remanded()
    {
        var scene = await TransferScene.Open(ledger.Service, "appeal-second", Maths, Databases);
        var path = await Rejected(scene);
        var appeal = await Appealed(scene, path);
        var first = ledger.Service.As(["panel", "evaluator", "approver"], "shou", subject: "first-panel");
        var remand = new { decision = "remand", reason = "应予重审" };
        var remanded = (await first.Post($"{appeal}/decision", remand)).Expect(HttpStatusCode.OK).Json;
        var line = remanded["proposal"]!["lines"]!.AsArray().Last(line => (string?)line!["result"] == "maybe")!["line"];
        var lines = new[]
        {
            new
            {
                line = (int)line!,
                decision = "grant",
                reason = "相同",
            },
        };

        var evaluated = await first.Post($"{path}/evaluation", new { lines });
        var approved = await first.Post($"{path}/approval", new { });
        var returned = await first.Post($"{path}/return", new { reason = "x" });
        (await scene.Approver.Post($"{path}/rejection", new { reason = "仍不足" })).Expect(HttpStatusCode.OK);
        var second = await Appealed(scene, path);
        Reply[] refused =
        [
            await first.Post($"{second}/answer", new { decision = "admit", reason = "受理" }),
            await first.Post($"{second}/decision", new { decision = "uphold", reason = "维持" }),
            await first.Post($"{second}/decision", remand),
        ];

        Assert.All(
            [evaluated, approved, returned, .. refused],
            reply => Assert.Equal("access.fourEyes", reply.Expect(HttpStatusCode.Forbidden).Code)
        );
        (await Panel.Post($"{second}/answer", new { decision = "admit", reason = "受理" })).Expect(HttpStatusCode.OK);
        (await Panel.Post($"{second}/decision", remand)).Expect(HttpStatusCode.OK);
        var admitting = ledger.Service.As("approver", "shou", subject: "panel");
        Assert.Equal("access.fourEyes", (await admitting.Post($"{path}/approval", new { })).Code);
    }

    [Fact]
    public async Task who_admitted_an_appeal_may_vary()
    {
        var scene = await TransferScene.Open(ledger.Service, "appeal-admitted", Maths);
        var path = await Rejected(scene);
        var appeal = await Appealed(scene, path);
        (await Panel.Post($"{appeal}/answer", new { decision = "admit", reason = "受理" })).Expect(HttpStatusCode.OK);
        var grant = new
        {
            line = 1,
            decision = "grant",
            reason = "相同",
        };

        var varied = await Panel.Post(
            $"{appeal}/decision",
            new
            {
                decision = "vary",
                reason = "改判",
                lines = new[] { grant },
            }
        );

        Assert.Equal("approved", (string?)varied.Expect(HttpStatusCode.OK).Json["state"]);
    }

    [Fact]
    public async Task after_ten_days_it_is_too_late_and_there_is_one_appeal_a_decision()
    {
        var scene = await TransferScene.Open(ledger.Service, "appeal-late", Maths);
        var path = await Rejected(scene);
        ledger.Clock.Advance(10);
        var appeal = await Appealed(scene, path);
        var twice = await scene.Learner.Post($"{path}/appeals", new { reason = "再次" });
        Assert.Equal((HttpStatusCode.Conflict, "appeal.filed"), (twice.Status, twice.Code));
        var dismissed = await Panel.Post($"{appeal}/answer", new { decision = "dismiss", reason = "无理由" });
        Assert.Equal("dismissed", (string?)dismissed.Expect(HttpStatusCode.OK).Json["appeals"]![0]!["state"]);

        var other = await TransferScene.Open(ledger.Service, "appeal-later", Maths);
        path = await Rejected(other);
        ledger.Clock.Advance(11);
        var late = await other.Learner.Post($"{path}/appeals", new { reason = "迟" });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "appeal.late"), (late.Status, late.Code));
    }

    [Fact]
    public async Task wrong_bodies_are_told_whole_and_unknown_appeals_are_unknown()
    {
        var scene = await TransferScene.Open(ledger.Service, "appeal-wrong", Maths);
        var path = await Rejected(scene);
        await Appealed(scene, path);

        var wrong = await Panel.Post($"{path}/appeals/x/decision", new { decision = "vary", reason = "" });
        wrong.Expect(HttpStatusCode.BadRequest);
        Assert.Equal(
            ["/lines", "/reason"],
            wrong.Json["errors"]!.AsArray().Select(error => (string?)error!["pointer"]).Order()
        );
        var upheld = new { decision = "uphold", reason = "维持" };
        Assert.Equal("appeal.unknown", (await Panel.Post($"{path}/appeals/x/decision", upheld)).Code);
        Assert.Equal("access.role", (await scene.Approver.Post($"{path}/appeals", new { reason = "x" })).Code);
        Assert.Equal("query.state", (await Panel.Get("/v1/appeals?state=lost")).Code);
        Assert.Equal(HttpStatusCode.Forbidden, (await ledger.Service.As("operator").Get("/v1/appeals")).Status);
    }

    private static async Task<string> Rejected(TransferScene scene)
    {
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";
        (await scene.Approver.Post($"{path}/rejection", new { reason = "材料不全" })).Expect(HttpStatusCode.OK);
        return path;
    }

    private static async Task<string> Appealed(TransferScene scene, string path)
    {
        var filed = await scene.Learner.Post($"{path}/appeals", new { reason = "大纲相同" });
        return $"{path}/appeals/{filed.Expect(HttpStatusCode.Created).Json["appealId"]}";
    }

    private static async Task<IReadOnlyList<string>> Listed(TestCaller caller, string state)
    {
        var items = (await caller.Get($"/v1/appeals?state={state}")).Expect(HttpStatusCode.OK).Json["items"]!;
        return [.. items.AsArray().Select(item => (string)item!["transferId"]!)];
    }
}

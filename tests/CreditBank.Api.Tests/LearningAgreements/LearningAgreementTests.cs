using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Tests.LearningAgreements;

public sealed class LearningAgreementTests(TimedLedger ledger) : IClassFixture<TimedLedger>
{
    private const string Maths = TransferScene.Maths;
    private const string Programming = TransferScene.Programming;

    private LocalDate Today => BankCalendar.DayOf(ledger.Clock.GetCurrentInstant());

    [Fact]
    public async Task a_learner_and_another_person_of_the_receiver_agree_and_the_later_transfer_rests_on_it()
    {
        var scene = await TransferScene.Open(ledger.Service, "agreed");
        var proposed = (await Propose(scene, Body(scene))).Expect(HttpStatusCode.Created);
        var (id, version) = ((string)proposed.Json["agreementId"]!, (string)proposed.Json["ruleSetVersion"]!);
        Assert.Equal("proposed", (string?)proposed.Json["state"]);
        Assert.Contains(id, await Listed(scene.Approver, "proposed"));
        var path = $"/v1/learning-agreements/{id}";
        Assert.Equal("access.role", (await scene.Learner.Post($"{path}/approval", new { })).Code);
        var own = ledger.Service.As(["learner", "approver"], "shou", scene.Account, scene.Account);
        Assert.Equal("access.fourEyes", (await own.Post($"{path}/approval", new { })).Code);
        var elsewhere = ledger.Service.As("approver", "fudan", subject: "approver");
        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.Post($"{path}/approval", new { })).Status);

        var approved = await scene.Approver.Post($"{path}/approval", new { reason = "同意" });
        Assert.Equal("approved", (string?)approved.Expect(HttpStatusCode.OK).Json["state"]);
        Assert.Equal("agreement.state", (await scene.Approver.Post($"{path}/rejection", new { reason = "x" })).Code);

        await scene.Deposit(Maths, Programming);
        var asked = await scene.Learner.Post(
            "/v1/evaluations",
            new
            {
                accountId = scene.Account,
                institutionId = "shou",
                programmeId = scene.ProgrammeId,
            }
        );
        Assert.Contains(id, asked.Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        var transfer = await scene.Submit();
        var line = LineOf(scene, transfer, Maths);
        Assert.Equal(version, (string?)line["ruleSetVersion"]);
        Assert.Contains($"Learning agreement {id} has {version} decide it.", (string?)line["explanation"]);
        Assert.DoesNotContain(id, (string?)LineOf(scene, transfer, Programming)["explanation"]);
        var decided = await scene.Approver.Post($"/v1/transfers/{transfer["transferId"]}/approval", new { });
        decided.Expect(HttpStatusCode.OK);
        Assert.Equal("0/0/4/1", await scene.Position(Maths));
    }

    [Fact]
    public async Task what_is_over_or_was_rejected_or_belongs_to_another_programme_binds_nothing()
    {
        var scene = await TransferScene.Open(ledger.Service, "not-agreed");
        var ends = (await Propose(scene, Body(scene))).Json["agreementId"];
        (await scene.Approver.Post($"/v1/learning-agreements/{ends}/approval", new { })).Expect(HttpStatusCode.OK);
        var rejected = (await Propose(scene, Body(scene))).Json["agreementId"];
        var rejection = await scene.Approver.Post(
            $"/v1/learning-agreements/{rejected}/rejection",
            new { reason = "不符" }
        );
        Assert.Equal("不符", (string?)rejection.Expect(HttpStatusCode.OK).Json["reason"]);
        ledger.Clock.Advance(31);

        await scene.Deposit(Maths);
        var transfer = await scene.Submit();

        Assert.DoesNotContain("Learning agreement", (string?)LineOf(scene, transfer, Maths)["explanation"]);
        Assert.Equal(2, (await Listed(scene.Learner, null)).Count);
    }

    [Fact]
    public async Task what_cannot_be_agreed_is_refused()
    {
        var scene = await TransferScene.Open(ledger.Service, "agreed-wrong");

        Assert.Equal("agreement.source", (await Propose(scene, Body(scene, "nowhere"))).Code);
        Assert.Equal("agreement.until", (await Propose(scene, Body(scene, days: -1))).Code);
        Assert.Equal("agreement.until", (await Propose(scene, Body(scene, days: 3700))).Code);
        Assert.Null((await Propose(scene, Body(scene, days: 0))).Code);
        var body = Body(scene);
        body["programmeId"] = "no-such";
        Assert.Equal("programme.unknown", (await Propose(scene, body)).Code);
        body = Body(scene);
        body["limitCredits"] = 0;
        body["institutionId"] = "?";
        body["source"]!["courseCodes"] = new JsonArray("A", "A");
        var wrong = (await Propose(scene, body)).Expect(HttpStatusCode.BadRequest);
        Assert.Equal(
            ["/institutionId", "/limitCredits", "/source/courseCodes"],
            wrong.Json["errors"]!.AsArray().Select(error => (string?)error!["pointer"]).Order()
        );
        var other = ledger.Service.As("learner", account: await scene.OpenAccount("agreed-other"));
        Assert.Equal("account.unknown", (await other.Post("/v1/learning-agreements", Body(scene))).Code);
        var auditor = ledger.Service.As("auditor");
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.Post("/v1/learning-agreements", Body(scene))).Status);
        Assert.Equal("query.state", (await auditor.Get("/v1/learning-agreements?state=lost")).Code);
    }

    private JsonObject Body(TransferScene scene, string source = "fudan", int days = 30) =>
        new()
        {
            ["accountId"] = scene.Account,
            ["institutionId"] = "shou",
            ["programmeId"] = scene.ProgrammeId,
            ["source"] = new JsonObject { ["institutionId"] = source, ["courseCodes"] = new JsonArray(Maths) },
            ["limitCredits"] = 10,
            ["until"] = $"{Today.PlusDays(days):uuuu-MM-dd}",
            ["text"] = "拟修读高等数学",
        };

    private static Task<Reply> Propose(TransferScene scene, JsonObject body) =>
        scene.Learner.Post("/v1/learning-agreements", body);

    private static JsonNode LineOf(TransferScene scene, JsonNode transfer, string course) =>
        transfer["proposal"]!["lines"]!
            .AsArray()
            .Single(line => (string?)line!["outcomeIds"]![0] == scene.Outcomes[course])!;

    private static async Task<IReadOnlyList<string>> Listed(TestCaller caller, string? state)
    {
        var query = state is null ? "" : $"?state={state}";
        var items = (await caller.Get($"/v1/learning-agreements{query}")).Expect(HttpStatusCode.OK).Json["items"]!;
        return [.. items.AsArray().Select(item => (string)item!["agreementId"]!)];
    }
}

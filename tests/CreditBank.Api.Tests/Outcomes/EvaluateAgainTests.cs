using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Notices;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Api.Transfers;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Outcomes;

/// <summary>
/// What a correction does to a decision that rests on the outcome: the rules are asked again, and people decide.
/// </summary>
public sealed class EvaluateAgainTests
{
    private const string Receiver = "shou";
    private const string Issuer = "fudan";
    private const string Maths = TransferScene.Maths;
    private const string Programming = TransferScene.Programming;

    [Fact]
    public async Task a_correction_below_what_was_converted_is_evaluated_again_and_the_receiver_decides()
    {
        var scene = await TransferScene.Open("again-1", Maths, Programming);
        var path = await Approved(scene);

        await Correct(scene, 2, new { credits = 4 });

        var open = await InState(scene, path, TransferStates.Evaluated);
        Assert.Equal("0/4/0/0", await scene.Position(Maths));
        Assert.Equal("0/0/3/0", await scene.Position(Programming));
        var line = open["proposal"]!["lines"]!.AsArray().Max(one => (int)one!["line"]!);
        (await scene.Approver.Post($"{path}/approval", new { lines = new[] { line } })).Expect(HttpStatusCode.OK);
        Assert.Equal("0/0/4/0", await scene.Position(Maths));
        Assert.Equal(7m, await Granted(scene));
        await Told(scene, "transfer.linesVoided", "transfer.reopened");
    }

    [Fact]
    public async Task a_correction_that_leaves_the_question_to_a_person_asks_a_person()
    {
        var scene = await TransferScene.Open("again-6", Maths);
        var path = await Approved(scene);

        await Correct(scene, 2, new { courseCode = "DANCE1" });

        var open = await InState(scene, path, TransferStates.Evaluated);
        var fresh = open["proposal"]!["lines"]!.AsArray().MaxBy(one => (int)one!["line"]!)!;
        Assert.Equal("maybe", (string?)fresh["result"]);
        Assert.Equal(0m, await Granted(scene));
        Assert.Equal("transfer.undecided", (await scene.Approver.Post($"{path}/approval", new { })).Code);
    }

    [Fact]
    public async Task a_correction_that_the_rules_would_not_have_granted_takes_the_line_back_for_good()
    {
        var scene = await TransferScene.Open("again-2", Maths, Programming);
        var path = await Approved(scene);

        await Correct(scene, 2, new { completedOn = "2005-01-10" });

        var decided = await Eventually.Get(async () =>
            (await Read(scene, path)) is var transfer && transfer["voidedLines"] is not null ? transfer : null
        );
        Assert.Equal("corrected", (string?)decided["voidedLines"]![0]!["cause"]);
        Assert.Equal("5/0/0/0", await scene.Position(Maths));
        Assert.Equal(3m, await Granted(scene));
        await CaughtUp(scene);
        Assert.Equal(TransferStates.Approved, (string?)(await Read(scene, path))["state"]);
    }

    [Fact]
    public async Task a_correction_that_the_rules_grant_as_well_leaves_the_conversion()
    {
        var scene = await TransferScene.Open("again-3", Maths);
        var path = await Approved(scene);

        await Correct(scene, 2, new { title = "Calculus", grade = new { scale = "percent", value = "95" } });

        var id = path.Split('/')[^1];
        var desk = scene.Service.Services.GetRequiredService<TransferDesk>();
        var before = (await Read(scene, path)).ToJsonString();
        await CaughtUp(scene);
        await EvaluateAgainHandler.Handle(new EvaluateAgain(id, scene.Outcomes[Maths]), desk, default);
        Assert.Equal(before, (await Read(scene, path)).ToJsonString());
        Assert.Equal("0/0/4/1", await scene.Position(Maths));
    }

    [Fact]
    public async Task what_is_told_twice_or_late_is_done_once()
    {
        var scene = await TransferScene.Open("again-4", Maths);
        var path = await Approved(scene);
        await Correct(scene, 2, new { credits = 4 });
        await InState(scene, path, TransferStates.Evaluated);
        var id = path.Split('/')[^1];
        var desk = scene.Service.Services.GetRequiredService<TransferDesk>();

        await EvaluateAgainHandler.Handle(new EvaluateAgain(id, null), desk, default);
        (await scene.Approver.Post($"{path}/return", new { reason = "资料不全" })).Expect(HttpStatusCode.OK);
        await EvaluateAgainHandler.Handle(new EvaluateAgain(id, null), desk, default);

        Assert.Equal(TransferStates.Returned, (string?)(await Read(scene, path))["state"]);
        Assert.Equal("4/0/0/0", await scene.Position(Maths));
    }

    [Fact]
    public async Task a_suspended_receiver_gets_no_round_to_decide()
    {
        await using var service = await TestService.StartAsync();
        await TransferScene.Register(service);
        var scene = await TransferScene.Open(service, "again-5", Maths);
        var path = await Approved(scene);
        (
            await scene
                .Service.As("operator")
                .Post(
                    $"/v1/institutions/{Receiver}/suspension",
                    new { reason = new { zh = "查处中", en = "Under inquiry" } }
                )
        ).Expect(HttpStatusCode.OK);

        await Correct(scene, 2, new { credits = 4 });

        var id = path.Split('/')[^1];
        var desk = scene.Service.Services.GetRequiredService<TransferDesk>();
        await EvaluateAgainHandler.Handle(new EvaluateAgain(id, null), desk, default);
        Assert.Equal("4/0/0/0", await scene.Position(Maths));
        Assert.Equal(TransferStates.Approved, (string?)(await Read(scene, path))["state"]);
    }

    private static async Task<string> Approved(TransferScene scene)
    {
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";
        (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        return path;
    }

    private static async Task<JsonNode> Read(TransferScene scene, string path) =>
        (await scene.Learner.Get(path)).Expect(HttpStatusCode.OK).Json;

    private static Task<JsonNode> InState(TransferScene scene, string path, string state) =>
        Eventually.Get(async () =>
            await Read(scene, path) is var read && (string?)read["state"] == state ? read : null
        );

    /// <summary>Posts a revision of the mathematics record in which some facts are others.</summary>
    private static async Task Correct(TransferScene scene, int revision, object facts)
    {
        var record = JsonNode
            .Parse(
                $$"""
                {
                  "recordId": "{{scene.ProgrammeId}}-{{Maths}}", "revision": {{revision}},
                  "learner": { "accountId": "{{scene.Account}}" }, "kind": "academicCourse", "courseCode": "{{Maths}}",
                  "title": "{{Maths}}", "credits": 5, "unit": "cn-credit", "level": 5, "result": "passed",
                  "grade": { "scale": "percent", "value": "91" }, "completedOn": "2024-01-10"
                }
                """
            )!
            .AsObject();
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(facts)!.AsObject())
        {
            record[name] = value?.DeepClone();
        }

        var body = new
        {
            institutionId = Issuer,
            reference = $"{scene.ProgrammeId}-again-{revision}",
            term = "2023-1",
            records = new[] { record },
        };
        var posted = await scene.Service.As("registry", Issuer).Post("/v1/transcripts", body);
        Assert.Equal(1, (int)posted.Expect(HttpStatusCode.OK).Json["accepted"]!);
    }

    private static Task CaughtUp(TransferScene scene) =>
        scene.Service.Services.GetRequiredService<NoticeFeed>().CatchUpAsync(default);

    private static async Task Told(TransferScene scene, params string[] types)
    {
        await CaughtUp(scene);
        var notices = await scene.Learner.Get($"/v1/accounts/{scene.Account}/notices?limit=200");
        var told = notices.Expect(HttpStatusCode.OK).Json["items"]!
            .AsArray()
            .Select(notice => (string)notice!["type"]!);
        Assert.Superset(types.ToHashSet(), told.ToHashSet());
    }

    private static async Task<decimal> Granted(TransferScene scene)
    {
        var balances = await scene.Learner.Get($"/v1/accounts/{scene.Account}/balances");
        return balances.Expect(HttpStatusCode.OK).Json["granted"]!.AsArray().Sum(one => (decimal)one!["amount"]!);
    }
}

using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Transfers;

public sealed class TransferTests
{
    [Fact]
    public async Task a_submission_proposes_at_once_and_holds_what_might_be_debited()
    {
        var scene = await TransferScene.Open(
            "trf-submit",
            TransferScene.Maths,
            TransferScene.Databases,
            TransferScene.Philosophy
        );

        var reply = (await scene.Learner.Post("/v1/transfers", scene.Request())).Expect(HttpStatusCode.Created);

        Assert.Equal($"/v1/transfers/{reply.Json["transferId"]}", reply.Headers.Location?.ToString());
        Assert.Equal("0/5/0/0", await scene.Position(TransferScene.Maths));
        Assert.Equal("0/3/0/0", await scene.Position(TransferScene.Databases));
        Assert.Equal("0/2/0/0", await scene.Position(TransferScene.Philosophy));
        var settings = new VerifySettings();
        settings.ScrubMember("submittedOn");
        settings.ScrubMember("heldUntil");
        settings.ScrubMember("heldUntilOn");
        settings.ScrubMember("traceHash");
        settings.ScrubMember("hash");
        await Snapshots.Verifier.VerifyJson(reply.Text, settings);
    }

    [Fact]
    public async Task an_evaluator_decides_and_another_person_approves_a_part()
    {
        var scene = await TransferScene.Open(
            "trf-part",
            TransferScene.Maths,
            TransferScene.Programming,
            TransferScene.Databases,
            TransferScene.Philosophy
        );
        var submitted = await scene.Submit();
        var path = $"/v1/transfers/{submitted["transferId"]}";
        var (databases, philosophy) = (
            scene.LineOf(submitted, TransferScene.Databases),
            scene.LineOf(submitted, TransferScene.Philosophy)
        );

        var undecided = await scene.Approver.Post($"{path}/approval", new { });
        undecided.Expect(HttpStatusCode.Conflict);
        Assert.Equal("transfer.undecided", undecided.Code);
        await Evaluate(scene, path, databases, philosophy);
        Assert.Equal("0/3/0/0", await scene.Position(TransferScene.Databases));
        Assert.Equal("2/0/0/0", await scene.Position(TransferScene.Philosophy));
        int[] lines = [scene.LineOf(submitted, TransferScene.Maths), databases];
        var approved = (await scene.Approver.Post($"{path}/approval", new { lines })).Expect(HttpStatusCode.OK).Json;

        Assert.Equal("partlyApproved", (string?)approved["state"]);
        Assert.Equal(lines.Order(), approved["approvedLines"]!.AsArray().Select(line => (int)line!).Order());
        Assert.Equal("0/0/4/1", await scene.Position(TransferScene.Maths));
        Assert.Equal("0/0/3/0", await scene.Position(TransferScene.Databases));
        Assert.Equal("3/0/0/0", await scene.Position(TransferScene.Programming));
        var again = await scene.Approver.Post($"{path}/approval", new { });
        Assert.Equal("partlyApproved", (string?)again.Expect(HttpStatusCode.Conflict).Json["state"]);
        var settings = new VerifySettings();
        foreach (var member in VolatileMembers)
        {
            settings.ScrubMember(member);
        }

        await Snapshots.Verifier.VerifyJson(await Events(scene, (string)submitted["transferId"]!), settings);
    }

    [Fact]
    public async Task the_learner_reads_why_a_line_was_refused()
    {
        var scene = await TransferScene.Open(
            "trf-reasons",
            TransferScene.Maths,
            TransferScene.Databases,
            TransferScene.Philosophy
        );
        var submitted = await scene.Submit();
        var path = $"/v1/transfers/{submitted["transferId"]}";
        await Evaluate(
            scene,
            path,
            scene.LineOf(submitted, TransferScene.Databases),
            scene.LineOf(submitted, TransferScene.Philosophy)
        );

        var seen = (await scene.Learner.Get(path)).Expect(HttpStatusCode.OK).Json;

        var refused = seen["decisions"]!.AsArray().Single(decision => (string?)decision!["decision"] == "refuse")!;
        Assert.Equal("内容不同", (string?)refused["reason"]);
        var line = seen["proposal"]!["lines"]!.AsArray().Single(line => (int)line!["line"]! == (int)refused["line"]!)!;
        Assert.Equal("miss", (string?)line["result"]);
        Assert.Equal("evaluator.rejected", (string?)line["code"]);
    }

    [Fact]
    public async Task who_submitted_or_evaluated_does_not_approve()
    {
        var scene = await TransferScene.Open("trf-eyes", TransferScene.Maths, TransferScene.Databases);
        var submitted = await scene.Submit();
        var path = $"/v1/transfers/{submitted["transferId"]}";
        object lines = new[]
        {
            new
            {
                line = scene.LineOf(submitted, TransferScene.Databases),
                decision = "grant",
                reason = "内容相当",
            },
        };
        var both = scene.Service.As(["evaluator", "approver"], "shou", subject: "one person");
        (await both.Post($"{path}/evaluation", new { lines })).Expect(HttpStatusCode.OK);

        foreach (var verb in (string[])["approval", "return", "rejection"])
        {
            var refused = await both.Post($"{path}/{verb}", verb == "approval" ? new { } : new { reason = "x" });
            refused.Expect(HttpStatusCode.Forbidden);
            Assert.Equal("access.fourEyes", refused.Code);
        }

        var own = scene.Service.As(["learner", "approver"], "shou", scene.Account, scene.Account);
        Assert.Equal("access.fourEyes", (await own.Post($"{path}/approval", new { })).Code);
        (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task of_sixteen_submissions_for_one_credit_one_wins_and_the_others_name_it()
    {
        var scene = await TransferScene.Open("trf-race", TransferScene.Maths);
        var request = scene.Request(TransferScene.Maths);

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => scene.Learner.Post("/v1/transfers", request))
        );

        var won = Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
        foreach (var lost in replies.Where(reply => !ReferenceEquals(reply, won)))
        {
            Assert.Equal("credit.held", lost.Expect(HttpStatusCode.Conflict).Code);
            Assert.Contains((string)won.Json["transferId"]!, lost.Text, StringComparison.Ordinal);
        }

        Assert.Equal("0/5/0/0", await scene.Position(TransferScene.Maths));
    }

    [Theory]
    [InlineData("withdrawal")]
    [InlineData("return")]
    [InlineData("rejection")]
    public async Task what_ends_without_a_conversion_releases_everything(string verb)
    {
        var scene = await TransferScene.Open($"trf-{verb}", TransferScene.Maths, TransferScene.Databases);
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";

        var ended =
            verb == "withdrawal"
                ? await scene.Learner.Post($"{path}/{verb}", new { })
                : await scene.Approver.Post($"{path}/{verb}", new { reason = "缺少成绩单" });

        ended.Expect(HttpStatusCode.OK);
        Assert.Equal("5/0/0/0", await scene.Position(TransferScene.Maths));
        Assert.Equal("3/0/0/0", await scene.Position(TransferScene.Databases));
        Assert.Equal(verb == "withdrawal" ? null : "缺少成绩单", (string?)ended.Json["reason"]);
        var late = await scene.Approver.Post($"{path}/approval", new { });
        Assert.Equal((string?)ended.Json["state"], (string?)late.Expect(HttpStatusCode.Conflict).Json["state"]);
    }

    [Fact]
    public async Task a_returned_transfer_is_taken_up_again_by_a_new_one()
    {
        var scene = await TransferScene.Open("trf-again", TransferScene.Maths);
        var first = (string)(await scene.Submit())["transferId"]!;
        var again = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            programmeId = scene.ProgrammeId,
            replaces = first,
        };
        Assert.Equal("credit.held", (await scene.Learner.Post("/v1/transfers", scene.Request())).Code);
        Assert.Equal("transfer.state", (await scene.Learner.Post("/v1/transfers", again)).Code);
        (await scene.Approver.Post($"/v1/transfers/{first}/return", new { reason = "请补材料" })).Expect(
            HttpStatusCode.OK
        );

        var second = (await scene.Learner.Post("/v1/transfers", again)).Expect(HttpStatusCode.Created);

        Assert.Equal(first, (string?)second.Json["replaces"]);
    }

    [Fact]
    public async Task the_receiver_asks_and_the_learner_answers()
    {
        var scene = await TransferScene.Open("trf-ask", TransferScene.Maths);
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";

        var asked = await scene.Evaluator.Post($"{path}/information-requests", new { text = "请上传大纲" });
        Assert.Equal("informationRequested", (string?)asked.Expect(HttpStatusCode.OK).Json["state"]);
        (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.Conflict);
        var unknown = new { text = "见附件", evidence = new[] { new string('a', 64) } };
        Assert.Equal("evidence.missing", (await scene.Learner.Post($"{path}/information", unknown)).Code);
        var given = await scene.Learner.Post($"{path}/information", new { text = "大纲如下" });

        Assert.Equal("evaluated", (string?)given.Expect(HttpStatusCode.OK).Json["state"]);
        Assert.Equal(
            ["请上传大纲", "大纲如下"],
            given.Json["messages"]!.AsArray().Select(message => (string)message!["text"]!)
        );
    }

    [Fact]
    public async Task a_cap_counts_what_was_approved_meanwhile()
    {
        var scene = await TransferScene.Open("trf-cap", TransferScene.Maths, TransferScene.Programming);
        await scene.PublishProgramme(12); // The cap of one half is 6: either course fits, both do not.
        var (maths, programming) = (
            await scene.Submit(TransferScene.Maths),
            await scene.Submit(TransferScene.Programming)
        );
        (await scene.Approver.Post($"/v1/transfers/{maths["transferId"]}/approval", new { })).Expect(HttpStatusCode.OK);

        var refused = await scene.Approver.Post($"/v1/transfers/{programming["transferId"]}/approval", new { });

        refused.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("cap.exceeded", refused.Code);
        Assert.Contains("cap-total", refused.Text, StringComparison.Ordinal);
        Assert.Equal("0/3/0/0", await scene.Position(TransferScene.Programming));
    }

    [Fact]
    public async Task a_backdated_deposit_after_a_cap_was_used_is_there_and_finds_the_cap_used()
    {
        var scene = await TransferScene.Open("trf-cap-late", TransferScene.Maths);
        await scene.PublishProgramme(12); // The cap of one half is 6: either course fits, both do not.
        var maths = await scene.Submit(TransferScene.Maths);
        (await scene.Approver.Post($"/v1/transfers/{maths["transferId"]}/approval", new { })).Expect(HttpStatusCode.OK);
        scene.Record = ("academicCourse", "2020-01-10");
        await scene.Deposit(TransferScene.Programming);

        var refused = await scene.Learner.Post("/v1/transfers", scene.Request(TransferScene.Programming));

        refused.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("cap-total", refused.Text, StringComparison.Ordinal);
        Assert.Equal("0/0/4/1", await scene.Position(TransferScene.Maths));
        Assert.Equal("3/0/0/0", await scene.Position(TransferScene.Programming));
    }

    private static async Task Evaluate(TransferScene scene, string path, int granted, int refused)
    {
        object lines = new object[]
        {
            new
            {
                line = granted,
                decision = "grant",
                reason = "内容相当",
                similarity = 0.78m,
            },
            new
            {
                line = refused,
                decision = "refuse",
                reason = "内容不同",
            },
        };
        (await scene.Evaluator.Post($"{path}/evaluation", new { lines })).Expect(HttpStatusCode.OK);
    }

    private static async Task<string> Events(TransferScene scene, string transferId)
    {
        var books = scene.Service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(books.BookOf(transferId));
        var transfer = await session.Events.FetchStreamAsync(transferId);
        var account = await session.Events.FetchStreamAsync(scene.Account);
        var own = account.Where(fact => fact.EventTypeName is "credit_held" or "hold_released" or "credit_converted");
        var events = transfer
            .Concat(own)
            .Select(fact => new JsonObject
            {
                ["type"] = fact.EventTypeName,
                ["data"] = System.Text.Json.JsonSerializer.SerializeToNode(
                    fact.Data,
                    fact.EventType,
                    LedgerJson.Options
                ),
            });
        return new JsonArray([.. events]).ToJsonString();
    }

    private static readonly string[] VolatileMembers =
    [
        "submittedOn",
        "heldUntilOn",
        "decidedOn",
        "effectiveOn",
        "proposalHash",
        "requestHash",
        "ruleSetHash",
        "noteId",
    ];
}

using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Accounts;
using CreditBank.Api.Tests.RuleSets;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Ledger.Events;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Outcomes;

/// <summary>What a change of an outcome does to transfers that rest on it, open ones and posted ones.</summary>
public sealed class UnwindOutcomeTests
{
    private const string Maths = TransferScene.Maths;
    private const string Programming = TransferScene.Programming;
    private const int Rounds = 16;

    [Fact]
    public async Task a_revocation_takes_a_posted_line_back_and_opens_its_course()
    {
        var scene = await TransferScene.Open("unw-1", Maths, Programming);
        var path = await Approved(scene, Maths, Programming);

        var revoked = (await Revoke(scene, Maths)).Expect(HttpStatusCode.OK).Json;

        var dependent = Assert.Single(revoked["dependents"]!.AsArray())!;
        Assert.Equal(("reversed", 5m), ((string?)dependent["state"], (decimal)dependent["debited"]!["amount"]!));
        Assert.Equal("0/0/0/0", await scene.Position(Maths));
        Assert.Equal("0/0/3/0", await scene.Position(Programming));
        var transfer = (await scene.Learner.Get(path)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("approved", (string?)transfer["state"]);
        Assert.Equal("revoked", (string?)Assert.Single(transfer["voidedLines"]!.AsArray())!["cause"]);
        Assert.Equal(3m, await Granted(scene));
        Assert.Equal(HttpStatusCode.Conflict, (await Revoke(scene, Maths)).Status);
        Assert.Equal(3m, await Granted(scene));
    }

    [Fact]
    public async Task what_was_known_before_the_revocation_still_shows_the_grant()
    {
        var scene = await TransferScene.Open("unw-2", Maths);
        await Approved(scene, Maths);
        var before = await ReadAccountTests.Settled(scene.Service, scene.Account);

        (await Revoke(scene, Maths)).Expect(HttpStatusCode.OK);

        Assert.Equal(4m, await Granted(scene, $"?knownAt={before}"));
        Assert.Equal(0m, await Granted(scene));
        var kinds = (await scene.Learner.Get($"/v1/accounts/{scene.Account}/statement?limit=100"))
            .Expect(HttpStatusCode.OK)
            .Json["items"]!
            .AsArray()
            .Select(line => (string?)line!["kind"]);
        Assert.Equal(["reversal", "forfeitureReversal", "grantReversal", "revocation"], kinds.TakeLast(4));
    }

    [Fact]
    public async Task a_revocation_takes_its_lines_out_of_an_open_transfer_and_leaves_the_others()
    {
        var scene = await TransferScene.Open("unw-3", Maths, Programming);
        var submitted = await scene.Submit();
        var path = $"/v1/transfers/{submitted["transferId"]}";

        (await Revoke(scene, Maths)).Expect(HttpStatusCode.OK);

        Assert.Equal("0/0/0/0", await scene.Position(Maths));
        Assert.Equal("0/3/0/0", await scene.Position(Programming));
        var open = (await scene.Learner.Get(path)).Expect(HttpStatusCode.OK).Json;
        var line = LineOf(open, scene.LineOf(submitted, Maths));
        Assert.Equal(("miss", "outcome.revoked"), ((string?)line["result"], (string?)line["code"]));
        int[] lines = [scene.LineOf(submitted, Maths)];
        (await scene.Approver.Post($"{path}/approval", new { lines })).Expect(HttpStatusCode.Conflict);
        var approved = (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("approved", (string?)approved["state"]);
        Assert.Equal("0/0/3/0", await scene.Position(Programming));
        Assert.Equal(3m, await Granted(scene));
    }

    [Fact]
    public async Task a_transcript_that_lowers_credit_below_what_was_used_takes_it_back_and_grants_nothing_by_itself()
    {
        var scene = await TransferScene.Open("unw-4", Maths);
        var path = await Approved(scene, Maths);

        await Lower(scene, 4);

        // Free, or held already by the round that the receiver is to decide.
        Assert.Contains(await scene.Position(Maths), (string[])["4/0/0/0", "0/4/0/0"]);
        Assert.Equal(0m, await Granted(scene));
        var transfer = (await scene.Learner.Get(path)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("corrected", (string?)Assert.Single(transfer["voidedLines"]!.AsArray())!["cause"]);
    }

    [Fact]
    public async Task a_transcript_that_lowers_held_credit_takes_the_line_out_of_play()
    {
        var scene = await TransferScene.Open("unw-5", Maths, Programming);
        var submitted = await scene.Submit();

        await Lower(scene, 4);

        Assert.Equal("4/0/0/0", await scene.Position(Maths));
        Assert.Equal("0/3/0/0", await scene.Position(Programming));
        var open = (await scene.Learner.Get($"/v1/transfers/{submitted["transferId"]}")).Json;
        Assert.Equal("outcome.corrected", (string?)LineOf(open, scene.LineOf(submitted, Maths))["code"]);
    }

    [Fact]
    public async Task a_revocation_and_an_approval_at_once_never_leave_granted_credit_of_a_revoked_outcome()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var scene = await TransferScene.Open($"unw-race-{round}", Maths);
            var submitted = await scene.Submit();
            var path = $"/v1/transfers/{submitted["transferId"]}/approval";

            var replies = await Task.WhenAll(Revoke(scene, Maths), scene.Approver.Post(path, new { }));

            replies[0].Expect(HttpStatusCode.OK);
            Assert.True(
                replies[1].Status is HttpStatusCode.OK or HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity,
                replies[1].Text
            );
            Assert.Equal("0/0/0/0", await scene.Position(Maths));
            Assert.Equal(0m, await Granted(scene));
        }
    }

    [Fact]
    public async Task a_revocation_and_a_submission_at_once_never_leave_a_revoked_outcome_held()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var scene = await TransferScene.Open($"unw-hold-{round}", Maths);

            var replies = await Task.WhenAll(
                Revoke(scene, Maths),
                scene.Learner.Post("/v1/transfers", scene.Request(Maths))
            );

            replies[0].Expect(HttpStatusCode.OK);
            Assert.True(
                replies[1].Status is HttpStatusCode.Created or HttpStatusCode.UnprocessableEntity,
                replies[1].Text
            );
            Assert.Equal("0/0/0/0", await scene.Position(Maths));
        }
    }

    [Fact]
    public async Task two_revocations_at_once_of_both_outcomes_of_one_line_take_it_back_once()
    {
        const string Both = """
              - id: both
                from:
                  all:
                    - { institution: fudan, course: MATH120021 }
                    - { institution: fudan, course: COMP110042 }
                to: { institution: shou, courses: SHOU-MATH }
                cites: ASSUMPTION
            """;
        await SmallDraft.Publish(await TestService.SharedAsync(), SmallDraft.Files("unw-both", equivalences: Both));
        for (var round = 0; round < Rounds; round++)
        {
            var scene = await TransferScene.Open($"unw-both-{round}", Maths, Programming);
            await scene.PublishProgramme(70, "unw-both");
            await Approved(scene, Maths, Programming);
            Assert.Equal(4m, await Granted(scene));

            var replies = await Task.WhenAll(Revoke(scene, Maths), Revoke(scene, Programming));

            Assert.All(replies, reply => reply.Expect(HttpStatusCode.OK));
            Assert.Single(await EventsOf(scene), one => one is ConversionReversed);
            Assert.Equal("0/0/0/0", await scene.Position(Maths));
            Assert.Equal("0/0/0/0", await scene.Position(Programming));
            Assert.Equal(0m, await Granted(scene));
        }
    }

    [Fact]
    public async Task of_32_writers_on_one_account_one_holds_the_credit_and_every_deposit_is_there_once()
    {
        var scene = await TransferScene.Open("unw-32", Maths);
        var submissions = Enumerable
            .Range(0, 16)
            .Select(_ => scene.Learner.Post("/v1/transfers", scene.Request(Maths)));
        var deposits = Enumerable
            .Range(0, 16)
            .Select(number => Deposit(scene, $"unw-32-extra-{number}", 2, 1, "PHIL110"));

        var replies = await Task.WhenAll(submissions.Concat(deposits));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
        Assert.Equal(15, replies.Take(16).Count(reply => reply.Status == HttpStatusCode.Conflict));
        Assert.All(replies.Skip(16), reply => reply.Expect(HttpStatusCode.OK));
        var account = await scene.Ledger();
        Assert.Equal(17, account.Outcomes.Count);
        Assert.Equal("0/5/0/0", await scene.Position(Maths));
        Assert.Equal(32m, account.Outcomes.Values.Sum(outcome => outcome.Available.Amount.Value));
    }

    private static async Task<IReadOnlyList<object>> EventsOf(TransferScene scene)
    {
        var books = scene.Service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(books.BookOf(scene.Account));
        return [.. (await session.Events.FetchStreamAsync(scene.Account)).Select(one => one.Data)];
    }

    private static async Task<string> Approved(TransferScene scene, params string[] courses)
    {
        var path = $"/v1/transfers/{(await scene.Submit(courses))["transferId"]}";
        (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        return path;
    }

    private static Task<Reply> Revoke(TransferScene scene, string course) =>
        scene
            .Service.As("registry", "fudan")
            .Post($"/v1/outcomes/{scene.Outcomes[course]}/revocation", new { reason = "fraud" });

    private static async Task Lower(TransferScene scene, int credits)
    {
        var posted = await Deposit(scene, $"{scene.ProgrammeId}-{Maths}", credits, 2, Maths);
        Assert.Equal(1, (int)posted.Expect(HttpStatusCode.OK).Json["accepted"]!);
    }

    private static Task<Reply> Deposit(TransferScene scene, string recordId, int credits, int revision, string course)
    {
        var record = new
        {
            recordId,
            revision,
            learner = new { accountId = scene.Account },
            kind = "academicCourse",
            courseCode = course,
            title = course,
            credits,
            unit = "cn-credit",
            level = 5,
            result = "passed",
            grade = new { scale = "percent", value = "91" },
            completedOn = "2024-01-10",
        };
        var body = new
        {
            institutionId = "fudan",
            reference = $"{recordId}-{revision}",
            term = "2023-1",
            records = new[] { record },
        };
        return scene.Service.As("registry", "fudan").Post("/v1/transcripts", body);
    }

    private static JsonNode LineOf(JsonNode transfer, int number) =>
        transfer["proposal"]!["lines"]!.AsArray().Single(line => (int)line!["line"]! == number)!;

    private static async Task<decimal> Granted(TransferScene scene, string query = "")
    {
        var balances = await scene.Learner.Get($"/v1/accounts/{scene.Account}/balances{query}");
        return balances.Expect(HttpStatusCode.OK).Json["granted"]!
            .AsArray()
            .Sum(granted => (decimal)granted!["amount"]!);
    }
}

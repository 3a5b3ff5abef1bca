using System.Net;
using CreditBank.Api.Tests.Transfers;

namespace CreditBank.Api.Tests.Merges;

/// <summary>Undoing a merge, and merges at the same time as everything else.</summary>
public sealed class UnmergeTests
{
    private const string Maths = TransferScene.Maths;
    private const string Programming = TransferScene.Programming;
    private const string Philosophy = TransferScene.Philosophy;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task merge_then_unmerge_gives_what_was_before(bool inOneBook)
    {
        var scene = await MergeScene.Open(
            $"umg-same-{inOneBook}",
            [Philosophy],
            [Maths, Programming, Philosophy],
            inOneBook
        );
        await MergeScene.Approved(scene.Absorbed, Maths);
        (
            await scene
                .Service.As("registry", "fudan")
                .Post($"/v1/outcomes/{scene.Absorbed.Outcomes[Philosophy]}/revocation", new { reason = "fraud" })
        ).Expect(HttpStatusCode.OK);
        var before = await scene.Everything();

        var undone = (await scene.Undo(await scene.Merge())).Expect(HttpStatusCode.OK).Json;

        Assert.Equal(before, await scene.Everything());
        Assert.Equal("undone", (string?)undone["state"]);
        Assert.Empty(undone["keptOutcomeIds"]!.AsArray());
        await scene.Absorbed.Submit(Programming);
        var row = await MergeTests.Post(
            scene,
            $"{scene.Absorbed.ProgrammeId}-later",
            1,
            2,
            new { identity = MergeTests.Identity(scene.Absorbed.ProgrammeId) },
            Philosophy
        );
        Assert.Contains((string)row["outcomeId"]!, await scene.OutcomesOf(scene.Absorbed));
        await MergeTests.Balanced(scene);
    }

    [Fact]
    public async Task what_was_used_since_stays_and_is_named_for_a_person()
    {
        var scene = await MergeScene.Open("umg-used", [Philosophy], [Maths, Programming]);
        var mergeId = await scene.Merge();
        var request = new
        {
            accountId = scene.Survivor.Account,
            institutionId = "shou",
            programmeId = scene.Survivor.ProgrammeId,
            outcomeIds = new[] { scene.Absorbed.Outcomes[Maths] },
        };
        (await scene.Survivor.Learner.Post("/v1/transfers", request)).Expect(HttpStatusCode.Created);
        var row = await MergeTests.Post(
            scene,
            $"{scene.Absorbed.ProgrammeId}-meanwhile",
            1,
            2,
            new { identity = MergeTests.Identity(scene.Absorbed.ProgrammeId) },
            Philosophy
        );

        var undone = (await scene.Undo(mergeId)).Expect(HttpStatusCode.OK).Json;

        Assert.Equal(scene.Absorbed.Outcomes[Maths], (string?)Assert.Single(undone["keptOutcomeIds"]!.AsArray()));
        Assert.Equal((string?)row["outcomeId"], (string?)Assert.Single(undone["recordedMeanwhile"]!.AsArray()));
        Assert.Equal([scene.Absorbed.Outcomes[Programming]], await scene.OutcomesOf(scene.Absorbed));
        Assert.Equal(3, (await scene.OutcomesOf(scene.Survivor)).Length);
        var corrected = await MergeTests.Post(
            scene,
            $"{scene.Absorbed.ProgrammeId}-{Programming}",
            2,
            2,
            new { accountId = scene.Absorbed.Account },
            Programming
        );
        Assert.Equal("accepted", (string?)corrected["status"]);
        await MergeTests.Balanced(scene);
    }

    [Fact]
    public async Task a_merge_and_a_submission_at_once_never_leave_credit_in_both_accounts()
    {
        for (var round = 0; round < 16; round++)
        {
            var scene = await MergeScene.Open($"umg-race-{round}", [], [Maths]);
            var mergeId = await scene.Propose();

            var replies = await Task.WhenAll(
                scene.Confirm(mergeId),
                scene.Absorbed.Learner.Post("/v1/transfers", scene.Absorbed.Request(Maths))
            );

            var merged = replies[0].Status == HttpStatusCode.OK;
            Assert.Equal(merged ? HttpStatusCode.Conflict : HttpStatusCode.Created, replies[1].Status);
            Assert.Equal(merged ? "account.merged" : "merge.openTransfers", (merged ? replies[1] : replies[0]).Code);
            Assert.Equal(merged ? 5m : 0m, await scene.Total(scene.Survivor, "recorded"));
            Assert.Equal(merged ? 0m : 5m, await scene.Total(scene.Absorbed, "recorded"));
        }
    }

    [Fact]
    public async Task deposits_at_the_moment_of_a_merge_all_reach_the_survivor()
    {
        for (var round = 0; round < 3; round++)
        {
            var scene = await MergeScene.Open($"umg-deposits-{round}", [], [Maths]);
            var mergeId = await scene.Propose();
            var deposits = Enumerable
                .Range(0, 12)
                .Select(number =>
                    MergeTests.Post(
                        scene,
                        $"{scene.Absorbed.ProgrammeId}-d{number}",
                        1,
                        2,
                        new { identity = MergeTests.Identity(scene.Absorbed.ProgrammeId) },
                        Philosophy
                    )
                );

            var confirmed = scene.Confirm(mergeId);
            var rows = await Task.WhenAll(deposits);

            (await confirmed).Expect(HttpStatusCode.OK);
            Assert.All(rows, row => Assert.Equal("accepted", (string?)row["status"]));
            Assert.Equal(13, (await scene.OutcomesOf(scene.Survivor)).Length);
            Assert.Empty(await scene.OutcomesOf(scene.Absorbed));
        }
    }
}

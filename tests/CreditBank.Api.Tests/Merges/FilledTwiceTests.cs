using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;

namespace CreditBank.Api.Tests.Merges;

/// <summary>Two accounts of one person may each have filled the same course; as one account they may not.</summary>
public sealed class FilledTwiceTests
{
    private const string Maths = TransferScene.Maths;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_course_that_both_accounts_filled_is_listed_and_what_was_brought_is_taken_back(bool inOneBook)
    {
        var scene = await MergeScene.Open($"mrg-filled-{inOneBook}", [Maths], [Maths], inOneBook);
        await Approve(scene, scene.Survivor);
        var brought = await Approve(scene, scene.Absorbed);
        var mergeId = await scene.Propose();
        var proposed = (await scene.Auditor.Get($"{scene.Merges}/{mergeId}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(["course", "conversion"], Kinds(proposed));
        (await scene.Confirm(mergeId)).Expect(HttpStatusCode.OK);

        var distinct = (await Decide(scene, mergeId, "course", "distinct")).Expect(HttpStatusCode.OK).Json;
        var once = (await Decide(scene, mergeId, "conversion", "duplicate")).Expect(HttpStatusCode.OK).Json;
        var again = await Decide(scene, mergeId, "conversion", "duplicate");

        Assert.Equal(["conversion"], Kinds(distinct));
        var course = distinct["duplicates"]![0]!["course"]!;
        Assert.Equal(scene.Survivor.ProgrammeId, (string?)course["programmeId"]);
        Assert.Empty(Kinds(once));
        Assert.Equal("merge.noDuplicate", again.Expect(HttpStatusCode.UnprocessableEntity).Code);
        var granted = (await scene.Read(scene.Survivor, "/balances"))["granted"]!.AsArray();
        Assert.Equal(4m, (decimal)Assert.Single(granted)!["amount"]!);
        var outcomes = (await scene.Read(scene.Survivor, "/outcomes"))["items"]!.AsArray();
        var free = outcomes.Single(item => (string?)item!["outcomeId"] == scene.Absorbed.Outcomes[Maths])!;
        Assert.Equal("recorded", (string?)free["status"]);
        var transfer = (await scene.Auditor.Get(brought)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("merged", (string?)Assert.Single(transfer["voidedLines"]!.AsArray())!["cause"]);
        await MergeTests.Balanced(scene);
    }

    [Fact]
    public async Task a_course_that_may_count_twice_stays_so_once_a_person_says_it()
    {
        var scene = await MergeScene.Open("mrg-filled-ok", [Maths], [Maths]);
        await Approve(scene, scene.Survivor);
        await Approve(scene, scene.Absorbed);
        var mergeId = await scene.Propose();
        (await scene.Confirm(mergeId)).Expect(HttpStatusCode.OK);

        var left = (await Decide(scene, mergeId, "conversion", "distinct")).Expect(HttpStatusCode.OK).Json;

        Assert.Equal(["course"], Kinds(left));
        var granted = (await scene.Read(scene.Survivor, "/balances"))["granted"]!.AsArray();
        Assert.Equal(8m, (decimal)Assert.Single(granted)!["amount"]!);
    }

    private static IEnumerable<string> Kinds(JsonNode merge) =>
        merge["duplicates"]!.AsArray().Select(pair => (string)pair!["kind"]!);

    private static Task<Reply> Decide(MergeScene scene, string mergeId, string kind, string decision) =>
        scene.Confirmer.Post(
            $"{scene.Merges}/{mergeId}/duplicates",
            new
            {
                outcomeId = scene.Absorbed.Outcomes[Maths],
                otherOutcomeId = scene.Survivor.Outcomes[Maths],
                kind,
                decision,
                reason = "同一门课",
            }
        );

    /// <summary>A transfer of mathematics into the survivor's programme, approved.</summary>
    private static async Task<string> Approve(MergeScene scene, TransferScene learner)
    {
        var request = new
        {
            accountId = learner.Account,
            institutionId = "shou",
            programmeId = scene.Survivor.ProgrammeId,
            outcomeIds = new[] { learner.Outcomes[Maths] },
        };
        var submitted = (await learner.Learner.Post("/v1/transfers", request)).Expect(HttpStatusCode.Created).Json;
        var path = $"/v1/transfers/{submitted["transferId"]}";
        (await learner.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        return path;
    }
}

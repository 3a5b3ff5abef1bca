using System.Net;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Notices;
using CreditBank.Api.Tests.Accounts;
using CreditBank.Api.Tests.Awards;
using CreditBank.Api.Tests.Notices;
using CreditBank.Api.Tests.Transfers;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Merges;

/// <summary>Awards go along in a merge, and back when it is undone.</summary>
public sealed class MergedAwardsTests
{
    private const string Maths = TransferScene.Maths;
    private const string Philosophy = TransferScene.Philosophy;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task the_survivor_has_the_award_and_everything_that_was_counted_for_it(bool inOneBook)
    {
        var (scene, awards, awardId) = await Open($"mga-take-{inOneBook}".ToLowerInvariant(), inOneBook);
        var before = await ReadAccountTests.Settled(scene.Service, scene.Absorbed.Account);

        await scene.Merge();

        Assert.Equal([awardId], await AwardsOf(scene, scene.Survivor));
        Assert.Empty(await AwardsOf(scene, scene.Absorbed));
        Assert.Equal([awardId], await AwardsOf(scene, scene.Absorbed, $"?knownAt={before}"));
        var award = (await scene.Survivor.Learner.Get($"/v1/awards/{awardId}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("conferred", scene.Survivor.Account), ((string?)award["state"], (string?)award["accountId"]));
        Assert.Equal(awards.OwnOutcomes, award["stackedIds"]!.AsArray().Select(id => (string)id!));
        Assert.Contains("award_taken_over", await History(scene, scene.Survivor));
        Assert.Contains("award_handed_over", await History(scene, scene.Absorbed));
        var gone = await scene.Service.As("registry", "shou").Get($"/v1/accounts/{scene.Absorbed.Account}/awards");
        Assert.Equal(
            $"</v1/accounts/{scene.Survivor.Account}>; rel=\"successor-version\"",
            gone.Expect(HttpStatusCode.OK).Headers.GetValues("Link").Single()
        );
        var again = Question(scene, awards);
        Assert.Equal(
            "award.exists",
            (await awards.Approver.Post("/v1/awards", again)).Expect(HttpStatusCode.Conflict).Code
        );
        var stacked = Question(scene, awards, [.. awards.OwnOutcomes]);
        Assert.Equal(
            "award.outcomeUsed",
            (await awards.Approver.Post("/v1/award-audits", stacked)).Expect(HttpStatusCode.UnprocessableEntity).Code
        );
        await scene.Service.Services.GetRequiredService<NoticeFeed>().CatchUpAsync(CancellationToken.None);
        Assert.Contains("award.takenOver", await StakeholderNoticeTests.Told(scene.Service, "shou", awardId));
        await MergeTests.Balanced(scene);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_revocation_after_the_merge_opens_the_review_and_its_conferrer_may_not_uphold(bool inOneBook)
    {
        var (scene, awards, awardId) = await Open($"mga-review-{inOneBook}".ToLowerInvariant(), inOneBook);
        await scene.Merge();

        await Revoke(scene, awards);

        var path = $"/v1/awards/{awardId}";
        var shown = (await scene.Survivor.Learner.Get(path)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("underReview", (string?)shown["state"]);
        Assert.Equal(awards.Transfers.Outcomes[Maths], (string?)shown["reviews"]![0]!["outcomeId"]);
        var own = await awards.Approver.Post($"{path}/review", new { reason = "stands" });
        Assert.Equal("access.fourEyes", own.Expect(HttpStatusCode.Forbidden).Code);
        var upheld = await awards.Other.Post($"{path}/review", new { reason = "stands" });
        Assert.Equal("conferred", (string?)upheld.Expect(HttpStatusCode.OK).Json["state"]);
        var rescinded = await awards.Other.Post($"{path}/rescission", new { reason = "fraud", text = "forged" });
        Assert.Equal("rescinded", (string?)rescinded.Expect(HttpStatusCode.OK).Json["state"]);
        await MergeTests.Balanced(scene);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task an_undone_merge_gives_the_award_back_as_it_was_with_its_reviews(bool inOneBook)
    {
        var (scene, awards, awardId) = await Open($"mga-undo-{inOneBook}".ToLowerInvariant(), inOneBook);
        await Revoke(scene, awards);
        var before = (await scene.Everything(), await Shown(scene), (await awards.Award(awardId)).ToJsonString());

        var undone = (await scene.Undo(await scene.Merge())).Expect(HttpStatusCode.OK).Json;

        Assert.Equal(
            before,
            (await scene.Everything(), await Shown(scene), (await awards.Award(awardId)).ToJsonString())
        );
        Assert.Empty(undone["keptAwardIds"]!.AsArray());
        var rescission = new { reason = "fraud", text = "forged" };
        (await awards.Approver.Post($"/v1/awards/{awardId}/rescission", rescission)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task both_accounts_have_awards_and_the_survivor_has_both()
    {
        var (scene, _, brought) = await Open("mga-both", null);
        var other = await AwardScene.Open("mga-both-own", "SHOU-ENG");
        var own = (string)(await other.Confer())["awardId"]!;
        var both = new MergeScene(other.Transfers, scene.Absorbed);

        var mergeId = await both.Merge();

        Assert.Equal(new[] { own, brought }.Order(), (await AwardsOf(both, both.Survivor)).Order());
        var undone = (await both.Undo(mergeId)).Expect(HttpStatusCode.OK).Json;
        Assert.Empty(undone["keptAwardIds"]!.AsArray());
        Assert.Equal([own], await AwardsOf(both, both.Survivor));
        Assert.Equal([brought], await AwardsOf(both, both.Absorbed));
    }

    [Fact]
    public async Task a_rescission_and_a_merge_at_once_never_lose_either()
    {
        for (var round = 0; round < 4; round++)
        {
            var (scene, awards, awardId) = await Open($"mga-race-{round}", null);
            var mergeId = await scene.Propose();
            var body = new { reason = "issuerError", text = "wrong programme" };

            var replies = await Task.WhenAll(
                scene.Confirm(mergeId),
                awards.Approver.Post($"/v1/awards/{awardId}/rescission", body)
            );

            replies[0].Expect(HttpStatusCode.OK);
            if (replies[1].Status != HttpStatusCode.OK)
            {
                Assert.Equal("state.changed", replies[1].Expect(HttpStatusCode.Conflict).Code);
                (await awards.Approver.Post($"/v1/awards/{awardId}/rescission", body)).Expect(HttpStatusCode.OK);
            }

            var award = (await scene.Survivor.Learner.Get($"/v1/awards/{awardId}")).Expect(HttpStatusCode.OK).Json;
            Assert.Equal("rescinded", (string?)award["state"]);
        }
    }

    /// <summary>An account with an award shall be absorbed by one that has an outcome.</summary>
    private static async Task<(MergeScene Scene, AwardScene Awards, string AwardId)> Open(string id, bool? inOneBook)
    {
        var awards = await AwardScene.Open(id, "SHOU-ENG");
        var awardId = (string)(await awards.Confer())["awardId"]!;
        var books = awards.Transfers.Service.Services.GetRequiredService<LedgerBooks>();
        for (var number = 0; ; number++)
        {
            var survivor = await TransferScene.Open($"{id}-s{number}");
            if (inOneBook is null || inOneBook == (books.BookOf(awards.Account) == books.BookOf(survivor.Account)))
            {
                await survivor.Deposit(Philosophy);
                return (new MergeScene(survivor, awards.Transfers), awards, awardId);
            }
        }
    }

    private static object Question(MergeScene scene, AwardScene awards, string[]? outcomeIds = null) =>
        new
        {
            accountId = scene.Survivor.Account,
            institutionId = "shou",
            programmeId = awards.Transfers.ProgrammeId,
            enrolledOn = "2022-09-01",
            outcomeIds,
        };

    private static async Task Revoke(MergeScene scene, AwardScene awards) =>
        (
            await scene
                .Service.As("registry", "fudan")
                .Post($"/v1/outcomes/{awards.Transfers.Outcomes[Maths]}/revocation", new { reason = "fraud" })
        ).Expect(HttpStatusCode.OK);

    private static async Task<string[]> AwardsOf(MergeScene scene, TransferScene one, string query = "") =>
        [.. (await scene.Read(one, $"/awards{query}"))["items"]!.AsArray().Select(award => (string)award!["awardId"]!)];

    private static async Task<string> Shown(MergeScene scene) =>
        (await scene.Read(scene.Survivor, "/awards")).ToJsonString()
        + (await scene.Read(scene.Absorbed, "/awards")).ToJsonString();

    private static async Task<IEnumerable<string?>> History(MergeScene scene, TransferScene one) =>
        (await scene.Read(one, "/history?limit=100"))["items"]!.AsArray().Select(line => (string?)line!["type"]);
}

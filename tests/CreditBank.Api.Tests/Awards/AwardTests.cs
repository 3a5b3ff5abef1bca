using System.Net;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Tests.Awards;

public sealed class AwardTests
{
    [Fact]
    public async Task an_audit_says_what_is_short_and_changes_nothing()
    {
        var scene = await AwardScene.Open("awd-audit");
        var before = (await scene.Transfers.Ledger()).Version;

        var audit = await scene.Transfers.Learner.Post("/v1/award-audits", scene.Request());

        audit.Expect(HttpStatusCode.OK);
        Assert.False((bool)audit.Json["met"]!);
        Assert.Equal(
            ("award-total", 8, 4, 4),
            (
                (string)audit.Json["requirements"]![0]!["clause"]!,
                (int)audit.Json["requirements"]![0]!["needed"]!,
                (int)audit.Json["requirements"]![0]!["has"]!,
                (int)audit.Json["requirements"]![0]!["missing"]!
            )
        );
        Assert.Equal(before, (await scene.Transfers.Ledger()).Version);
        var stranger = scene.Transfers.Service.As("approver", "nobody");
        (await stranger.Post("/v1/award-audits", scene.Request())).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task an_award_is_conferred_for_converted_and_own_courses_once()
    {
        var scene = await AwardScene.Open("awd-confer", "SHOU-ENG");

        var award = await scene.Confer();
        var again = await scene.Approver.Post("/v1/awards", scene.Request());

        Assert.Equal("conferred", (string?)award["state"]);
        Assert.Equal([scene.TransferId], award["transferIds"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(scene.OwnOutcomes, award["stackedIds"]!.AsArray().Select(id => (string)id!));
        Assert.Equal("award.exists", again.Expect(HttpStatusCode.Conflict).Code);
        var listed = await scene.Transfers.Learner.Get($"/v1/accounts/{scene.Account}/awards");
        Assert.Equal((string?)award["awardId"], (string?)listed.Json["items"]![0]!["awardId"]);
        var before = await scene.Transfers.Learner.Get($"/v1/accounts/{scene.Account}/awards?effectiveOn=2024-01-01");
        Assert.Empty(before.Expect(HttpStatusCode.OK).Json["items"]!.AsArray());
    }

    [Theory]
    [InlineData("awd-short", "2022-09-01", false)]
    [InlineData("awd-early", "2026-06-01", true)]
    public async Task what_is_not_earned_or_too_early_is_not_conferred(string id, string enrolledOn, bool hasCredits)
    {
        var scene = await AwardScene.Open(id, hasCredits ? ["SHOU-ENG"] : []);

        var reply = await scene.Approver.Post("/v1/awards", scene.Request(enrolledOn));

        Assert.Equal("award.notMet", reply.Expect(HttpStatusCode.UnprocessableEntity).Code);
    }

    [Fact]
    public async Task a_revoked_outcome_takes_its_conversion_back_and_opens_a_review_of_the_award()
    {
        var scene = await AwardScene.Open("awd-review", "SHOU-ENG");
        var awardId = (string)(await scene.Confer())["awardId"]!;
        var outcome = scene.Transfers.Outcomes[TransferScene.Maths];
        var revocation = new { reason = "fraud", text = "forged" };
        (
            await scene.Transfers.Service.As("registry", "fudan").Post($"/v1/outcomes/{outcome}/revocation", revocation)
        ).Expect(HttpStatusCode.OK);

        var reviewed = await scene.Award(awardId);
        var own = await scene.Approver.Post($"/v1/awards/{awardId}/review", new { reason = "stands" });
        var upheld = await scene.Other.Post($"/v1/awards/{awardId}/review", new { reason = "stands" });
        var twice = await scene.Other.Post($"/v1/awards/{awardId}/review", new { reason = "stands" });

        Assert.Equal("underReview", (string?)reviewed["state"]);
        Assert.Equal(outcome, (string?)reviewed["reviews"]![0]!["outcomeId"]);
        Assert.Equal("access.fourEyes", own.Expect(HttpStatusCode.Forbidden).Code);
        Assert.Equal("conferred", (string?)upheld.Expect(HttpStatusCode.OK).Json["state"]);
        Assert.Equal("award.state", twice.Expect(HttpStatusCode.Conflict).Code);
    }

    [Fact]
    public async Task a_rescinded_award_frees_what_it_counted_and_cannot_be_rescinded_again()
    {
        var scene = await AwardScene.Open("awd-rescind", "SHOU-ENG");
        var awardId = (string)(await scene.Confer())["awardId"]!;
        var body = new { reason = "issuerError", text = "conferred for the wrong programme" };

        var used = await scene.Approver.Post("/v1/award-audits", scene.Request(outcomeIds: [.. scene.OwnOutcomes]));
        var stranger = await scene
            .Transfers.Service.As("approver", "fudan")
            .Post($"/v1/awards/{awardId}/rescission", body);
        var rescinded = await scene.Approver.Post($"/v1/awards/{awardId}/rescission", body);
        var twice = await scene.Approver.Post($"/v1/awards/{awardId}/rescission", body);

        Assert.Equal("award.outcomeUsed", used.Expect(HttpStatusCode.UnprocessableEntity).Code);
        Assert.Equal("award.unknown", stranger.Expect(HttpStatusCode.NotFound).Code);
        Assert.Equal("rescinded", (string?)rescinded.Expect(HttpStatusCode.OK).Json["state"]);
        Assert.Equal("award.state", twice.Expect(HttpStatusCode.Conflict).Code);
        await scene.Confer();
    }

    [Fact]
    public async Task nobody_confers_on_or_reviews_the_own_account_and_nobody_is_enrolled_tomorrow()
    {
        var scene = await AwardScene.Open("awd-own", "SHOU-ENG");
        var service = scene.Transfers.Service;
        var owner = service.As(["learner", "approver"], "shou", scene.Account, "awd-own-approver");
        var tomorrow = BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(1);

        var own = await owner.Post("/v1/awards", scene.Request());
        var early = await scene.Approver.Post("/v1/awards", scene.Request($"{tomorrow:uuuu-MM-dd}"));
        var audit = await scene.Transfers.Learner.Post("/v1/award-audits", scene.Request($"{tomorrow:uuuu-MM-dd}"));
        var awardId = (string)(await scene.Confer())["awardId"]!;
        var body = new { reason = "issuerError", text = "x" };
        var rescinded = await owner.Post($"/v1/awards/{awardId}/rescission", body);

        Assert.Equal("access.fourEyes", own.Expect(HttpStatusCode.Forbidden).Code);
        Assert.Equal("award.enrolledLater", early.Expect(HttpStatusCode.UnprocessableEntity).Code);
        Assert.Equal("award.enrolledLater", audit.Expect(HttpStatusCode.UnprocessableEntity).Code);
        Assert.Equal("access.fourEyes", rescinded.Expect(HttpStatusCode.Forbidden).Code);
    }

    [Fact]
    public async Task an_outcome_that_is_not_there_is_not_counted_and_only_approvers_confer()
    {
        var scene = await AwardScene.Open("awd-wrong", "SHOU-ENG");

        var missing = await scene.Approver.Post(
            "/v1/awards",
            scene.Request(outcomeIds: ["out-00-00000000000000000000"])
        );
        var learner = await scene.Transfers.Learner.Post("/v1/awards", scene.Request());
        var unknown = await scene.Approver.Post("/v1/awards/awd-00-00000000000000000000/review", new { reason = "x" });

        Assert.Equal("award.outcome", missing.Expect(HttpStatusCode.UnprocessableEntity).Code);
        Assert.Equal("access.role", learner.Expect(HttpStatusCode.Forbidden).Code);
        unknown.Expect(HttpStatusCode.NotFound);
    }
}

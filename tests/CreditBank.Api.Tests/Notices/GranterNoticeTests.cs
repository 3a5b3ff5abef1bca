using System.Net;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Notices;
using CreditBank.Api.Tests.Awards;
using CreditBank.Api.Tests.Merges;
using CreditBank.Api.Tests.RuleSets;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Ledger.Events;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Notices;

/// <summary>Whoever granted credit for an outcome is told when it changes, as the learner is.</summary>
public sealed class GranterNoticeTests
{
    private const string Maths = TransferScene.Maths;

    /// <summary>Five credits become three here and two there.</summary>
    private const string InTwoParts = """
          - id: here
            from: { institution: fudan, course: MATH120021 }
            to: { institution: shou, courses: SHOU-PROG }
            cites: ASSUMPTION
          - id: there
            from: { institution: fudan, course: MATH120021 }
            to: { institution: told-there, courses: THERE-2 }
            cites: ASSUMPTION
        """;

    private const string Kept = """
        clauses:
          - id: rest
            decides: remainder
            value: retain
            title: { zh: 结转, en: carried }
            cites: ASSUMPTION
        """;

    [Fact]
    public async Task an_outcome_that_two_institutions_converted_is_taken_back_once_at_both_and_both_are_told()
    {
        var (scene, here, there) = await ConvertedAtTwo();
        var outcome = scene.Outcomes[Maths];
        Assert.Equal("0/0/5/0", await scene.Position(Maths));

        (await Revoke(scene)).Expect(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Conflict, (await Revoke(scene)).Status);
        await CaughtUp(scene.Service);

        foreach (var (institution, transfer) in (List<(string, string)>)[("shou", here), ("told-there", there)])
        {
            Assert.Equal(["outcome.revoked"], await StakeholderNoticeTests.Told(scene.Service, institution, outcome));
            var told = await StakeholderNoticeTests.Told(scene.Service, institution, transfer);
            Assert.Single(told, type => type == "transfer.linesVoided");
            var shown = (await scene.Learner.Get($"/v1/transfers/{transfer}")).Expect(HttpStatusCode.OK).Json;
            Assert.Equal("revoked", (string?)Assert.Single(shown["voidedLines"]!.AsArray())!["cause"]);
        }

        var reversed = (await EventsOf(scene)).OfType<ConversionReversed>().ToList();
        Assert.Equal(["shou", "told-there"], reversed.Select(one => one.InstitutionId).Order());
        var learner = await OfLearner(scene);
        Assert.Single(learner, told => told == ("outcome.revoked", outcome));
        Assert.Single(learner, told => told == ("transfer.linesVoided", here));
        Assert.Single(learner, told => told == ("transfer.linesVoided", there));
    }

    [Fact]
    public async Task a_correction_is_told_to_who_granted_credit_for_the_outcome_and_to_nobody_else()
    {
        var scene = await TransferScene.Open("told-correct", Maths, TransferScene.Programming);
        await MergeScene.Approved(scene, Maths);
        await Correct(scene, Maths, 2, 5);
        await Correct(scene, TransferScene.Programming, 2, 3);
        await Correct(scene, Maths, 3, 1);
        await Correct(scene, Maths, 4, 2);

        await CaughtUp(scene.Service);

        // The grade alone, and then what took the conversion back; afterwards nothing rests on it.
        string[] twice = ["outcome.corrected", "outcome.corrected"];
        Assert.Equal(twice, await StakeholderNoticeTests.Told(scene.Service, "shou", scene.Outcomes[Maths]));
        var programming = scene.Outcomes[TransferScene.Programming];
        Assert.Empty(await StakeholderNoticeTests.Told(scene.Service, "shou", programming));
        Assert.Equal(4, (await OfLearner(scene)).Count(told => told.Type == "outcome.corrected"));
    }

    [Fact]
    public async Task a_revocation_after_a_merge_is_told_to_who_granted_credit_before_it()
    {
        var scene = await MergeScene.Open("told-merged", [], [Maths], inOneBook: false);
        await MergeScene.Approved(scene.Absorbed, Maths);
        await scene.Merge();

        (await Revoke(scene.Absorbed)).Expect(HttpStatusCode.OK);
        await CaughtUp(scene.Service);

        var told = await StakeholderNoticeTests.Told(scene.Service, "shou", scene.Absorbed.Outcomes[Maths]);
        Assert.Equal(["outcome.revoked"], told.Where(type => type.StartsWith("outcome.rev", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task a_review_of_an_award_is_told_to_the_learner_and_to_who_conferred_it()
    {
        var scene = await AwardScene.Open("told-review", "SHOU-ENG");
        var award = (string)(await scene.Confer())["awardId"]!;

        (await Revoke(scene.Transfers)).Expect(HttpStatusCode.OK);
        await CaughtUp(scene.Transfers.Service);

        var told = await StakeholderNoticeTests.Told(scene.Transfers.Service, "shou", award);
        Assert.Equal(["award.reviewOpened"], told);
        Assert.Single(await OfLearner(scene.Transfers), one => one == ("award.reviewOpened", award));
    }

    private static async Task<(TransferScene Scene, string Here, string There)> ConvertedAtTwo()
    {
        var service = await TestService.SharedAsync();
        (await service.As("operator").Post("/v1/institutions", Sample.Institution("told-there"))).Expect(
            HttpStatusCode.Created
        );
        var files = SmallDraft.Files("told-two", equivalences: InTwoParts);
        files["clauses.yaml"] = Kept;
        await SmallDraft.Publish(service, files);
        var scene = await TransferScene.Open("told-two", Maths);
        await scene.PublishProgramme(70, "told-two");
        var course = new
        {
            courseCode = "THERE-2",
            title = "彼处",
            credits = 2,
            category = "core",
            compulsory = true,
        };
        var programme = new
        {
            title = "彼处",
            level = 5,
            totalCredits = 70,
            ruleSetFamily = "told-two",
            courses = new[] { course },
        };
        var registry = service.As("registry", "told-there");
        (await registry.Put("/v1/institutions/told-there/programmes/there", programme)).Expect(HttpStatusCode.Created);
        var here = await MergeScene.Approved(scene, Maths);
        var request = new
        {
            accountId = scene.Account,
            institutionId = "told-there",
            programmeId = "there",
            outcomeIds = new[] { scene.Outcomes[Maths] },
        };
        var submitted = (await scene.Learner.Post("/v1/transfers", request)).Expect(HttpStatusCode.Created);
        var there = (string)submitted.Json["transferId"]!;
        var approver = service.As("approver", "told-there", subject: "there");
        (await approver.Post($"/v1/transfers/{there}/approval", new { })).Expect(HttpStatusCode.OK);
        return (scene, here.Split('/')[^1], there);
    }

    private static Task<Reply> Revoke(TransferScene scene) =>
        scene
            .Service.As("registry", "fudan")
            .Post($"/v1/outcomes/{scene.Outcomes[Maths]}/revocation", new { reason = "fraud" });

    private static async Task Correct(TransferScene scene, string course, int revision, int credits)
    {
        var body = new
        {
            revision,
            reason = "gradeChange",
            kind = "academicCourse",
            courseCode = course,
            title = course,
            credits,
            unit = "cn-credit",
            level = 5,
            result = "passed",
            grade = new { scale = "percent", value = $"{90 + revision}" },
            completedOn = "2024-01-10",
        };
        var path = $"/v1/outcomes/{scene.Outcomes[course]}/corrections";
        (await scene.Service.As("registry", "fudan").Post(path, body)).Expect(HttpStatusCode.OK);
    }

    private static async Task<List<(string Type, string Subject)>> OfLearner(TransferScene scene)
    {
        var notices = await scene.Learner.Get($"/v1/accounts/{scene.Account}/notices?limit=100");
        var items = notices.Expect(HttpStatusCode.OK).Json["items"]!.AsArray();
        return [.. items.Select(item => ((string)item!["type"]!, (string)item["subjectId"]!))];
    }

    private static async Task<IReadOnlyList<object>> EventsOf(TransferScene scene)
    {
        var books = scene.Service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(books.BookOf(scene.Account));
        return [.. (await session.Events.FetchStreamAsync(scene.Account)).Select(one => one.Data)];
    }

    private static Task CaughtUp(TestService service) =>
        service.Services.GetRequiredService<NoticeFeed>().CatchUpAsync(CancellationToken.None);
}

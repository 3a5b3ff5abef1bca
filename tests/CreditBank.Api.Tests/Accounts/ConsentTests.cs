using System.Net;
using CreditBank.Api.Accounts;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Accounts;

/// <summary>What a learner allowed is honoured on every read, and only that.</summary>
public sealed class ConsentTests
{
    private static readonly LocalDate Day = new(2026, 3, 1);

    [Fact]
    public async Task a_consent_for_the_outcomes_shows_nothing_else_and_one_for_the_account_everything()
    {
        var scene = await TransferScene.Open("consents", TransferScene.Maths);
        await scene.Submit(TransferScene.Maths);
        (await scene.Service.As("operator").Post("/v1/institutions", Sample.Institution("consent-reader"))).Expect(
            HttpStatusCode.Created
        );
        var reader = scene.Service.As("registry", "consent-reader");
        string[] views = ["/outcomes", "/balances", "/statement", "/history", "/transfers", ""];

        Assert.All(await Statuses(scene, reader, views), status => Assert.Equal(HttpStatusCode.NotFound, status));
        var outcomes = await Allow(scene, "outcomes");
        Assert.Equal(
            [HttpStatusCode.OK, .. Enumerable.Repeat(HttpStatusCode.NotFound, 5)],
            await Statuses(scene, reader, views)
        );
        Assert.Equal(HttpStatusCode.NotFound, await Evaluation(scene, reader));
        var account = await Allow(scene, "account");
        Assert.All(await Statuses(scene, reader, views), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(HttpStatusCode.OK, await Evaluation(scene, reader));
        foreach (var consentId in (string[])[outcomes, account])
        {
            var path = $"/v1/accounts/{scene.Account}/consents/{consentId}";
            (await scene.Learner.Delete(path)).Expect(HttpStatusCode.OK);
        }

        Assert.All(await Statuses(scene, reader, views), status => Assert.Equal(HttpStatusCode.NotFound, status));
    }

    [Fact]
    public void a_consent_holds_from_its_first_day_to_the_day_it_ends_or_is_taken_back()
    {
        var granted = new ConsentGranted("con-1", "uni", "account", Day, Day.PlusDays(3));

        bool[] whole = [.. Days(new ConsentState(granted, null))];
        bool[] withdrawn = [.. Days(new ConsentState(granted, Day.PlusDays(1)))];

        Assert.Equal([false, true, true, true, false], whole);
        Assert.Equal([false, true, false, false, false], withdrawn);
    }

    [Fact]
    public async Task an_executor_who_was_bound_acts_for_the_learner()
    {
        var scene = await TransferScene.Open("executor", TransferScene.Maths);
        var executor = scene.Service.As("learner", subject: "the-executor");
        (await executor.Get($"/v1/accounts/{scene.Account}/outcomes")).Expect(HttpStatusCode.NotFound);

        var bound = await scene
            .Service.As("branch")
            .Post($"/v1/accounts/{scene.Account}/subjects", new { subject = "the-executor" });

        var actor = (string)bound.Expect(HttpStatusCode.OK).Json["actorId"]!;
        (await executor.Get($"/v1/accounts/{scene.Account}/outcomes")).Expect(HttpStatusCode.OK);
        (await executor.Post("/v1/transfers", scene.Request(TransferScene.Maths))).Expect(HttpStatusCode.Created);
        var history = (await executor.Get($"/v1/accounts/{scene.Account}/history")).Expect(HttpStatusCode.OK);
        Assert.Contains(history.Json["items"]!.AsArray(), item => (string?)item!["actorId"] == actor);
    }

    private static IEnumerable<bool> Days(ConsentState consent) =>
        Enumerable.Range(-1, 5).Select(days => consent.HoldsOn(Day.PlusDays(days)));

    private static async Task<string> Allow(TransferScene scene, string scope)
    {
        var body = new { institutionId = "consent-reader", scope };
        var granted = await scene.Learner.Post($"/v1/accounts/{scene.Account}/consents", body);
        return (string)granted.Expect(HttpStatusCode.Created).Json["consentId"]!;
    }

    private static async Task<HttpStatusCode> Evaluation(TransferScene scene, TestCaller caller) =>
        (
            await caller.Post(
                "/v1/evaluations",
                new
                {
                    accountId = scene.Account,
                    institutionId = "shou",
                    programmeId = scene.ProgrammeId,
                }
            )
        ).Status;

    private static async Task<IReadOnlyList<HttpStatusCode>> Statuses(
        TransferScene scene,
        TestCaller caller,
        string[] views
    )
    {
        var statuses = new List<HttpStatusCode>();
        foreach (var view in views)
        {
            statuses.Add((await caller.Get($"/v1/accounts/{scene.Account}{view}")).Status);
        }

        return statuses;
    }
}

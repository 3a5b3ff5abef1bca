using System.Net;
using CreditBank.Api.Statistics;
using CreditBank.Api.Tests.Support;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Statistics;

public sealed class StatisticsTests
{
    private const string AccountId = "acc-00-00000000000000000000";

    [Fact]
    public void groups_under_ten_are_left_out_and_not_found_by_subtraction()
    {
        var first = new OutcomeStatistics();
        first.Add(new("academicCourse", "5", 2024), 6);
        first.Add(new("academicCourse", "5", 2023), 9);
        var second = new OutcomeStatistics();
        second.Add(new("academicCourse", "5", 2024), 4);

        var shown = StatisticsBody.Of([first, second]);

        Assert.Equal([new StatisticsGroupBody("academicCourse", "5", 2024, 10)], shown.Groups);
        Assert.Equal(10, shown.Outcomes);
    }

    [Fact]
    public void an_outcome_counts_once_recognised_and_until_it_no_longer_stands()
    {
        var standing = new StandingOutcomes();
        var on = new LocalDate(2024, 7, 1);
        var deposit = Life.Deposit(AccountId, "uni-a", "r-1", 3, on);
        var recorded = (OutcomeRecorded)deposit[0];
        var group = new OutcomeGroup("academicCourse", "5", 2024);

        Assert.Equal((null, null), standing.Apply(deposit[0]));
        Assert.Equal((null, group), standing.Apply(deposit[1]));
        var failed = recorded.Record with { Revision = 2, Result = "failed" };
        Assert.Equal(
            (null, null),
            standing.Apply(new OutcomeCorrected(recorded.OutcomeId, failed, "gradeChange", null, null))
        );
        var nothing = Worth.Nothing("cn-credit");
        Assert.Equal((group, null), standing.Apply(Life.Recognised(recorded.OutcomeId, failed, nothing, null)));
        Assert.Equal(
            (null, null),
            standing.Apply(new OutcomeRevoked(recorded.OutcomeId, "fraud", null, nothing, "uni-a", on))
        );
    }

    [Fact]
    public async Task anyone_sees_the_counts_of_all_books()
    {
        await using var service = await TestService.StartAsync();
        var accounts = new List<string>();
        for (var number = 0; number < 12; number++)
        {
            accounts.Add(await Life.Begin(service, id => Life.Deposit(id, "uni-a", $"r-{number}", 3)));
        }

        await Outcomes(service, 12);
        var outcome = LedgerId.Outcome(accounts[0], "uni-a", "r-0");
        await Life.Append(
            service,
            accounts[0],
            new OutcomeWithdrawn(
                outcome,
                "issuerError",
                null,
                new Worth(new Credits(3), "cn-credit", new Credits(3)),
                "uni-a",
                new LocalDate(2024, 7, 1)
            )
        );

        await Outcomes(service, 11);
    }

    private static Task<Reply> Outcomes(TestService service, long expected) =>
        Eventually.Get(async () =>
        {
            var reply = (await service.Anonymous().Get("/v1/statistics")).Expect(HttpStatusCode.OK);
            return reply.Json["outcomes"]!.GetValue<long>() == expected ? reply : null;
        });
}

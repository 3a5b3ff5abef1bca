using System.Net;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Audit;

/// <summary>The trial balance at past instants and days, against the balances of every account at the same.</summary>
public sealed class JourneyTrialBalanceTests(JourneyLedger ledger) : IClassFixture<JourneyLedger>
{
    private static readonly string?[] Days = [null, "2019-12-31", "2024-02-01", "2999-12-31"];

    /// <summary>The accounts of the chart that are a learner's, as balances name them.</summary>
    private static readonly string[] OfLearners = ["available", "held", "forfeited", "expired", "revoked"];

    private TestCaller Auditor => ledger.Service.As("auditor");

    [Fact]
    public async Task at_every_instant_and_day_it_is_zero_and_the_sum_of_all_accounts()
    {
        var events = await ledger.EventsAsync();
        var instants = events
            .Select(one => (string)one["recordedAt"]!)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var accounts = events
            .Where(one => (string?)one["type"] == "account_opened")
            .Select(one => (string)one["stream"]!)
            .ToList();
        string?[] asked = [null, .. Enumerable.Range(1, 5).Select(part => instants[(instants.Count - 1) * part / 5])];
        var different = new HashSet<string>();
        var compared = 0;

        foreach (var knownAt in asked)
        {
            foreach (var day in Days)
            {
                var query = Query(knownAt, day);
                var trial = await Trial(query);
                var shown = await Shown(accounts, query);
                Assert.Equal((query, InOrder(shown)), (query, InOrder(trial)));
                different.Add(InOrder(trial));
                compared += trial.Count;
            }
        }

        Assert.True(different.Count > 8, $"Only {different.Count} different trial balances.");
        Assert.True(compared > 100, $"Only {compared} figures.");
    }

    private static string Query(string? knownAt, string? day)
    {
        string?[] parts = [knownAt is null ? null : $"knownAt={knownAt}", day is null ? null : $"effectiveOn={day}"];
        return "?" + string.Join('&', parts.OfType<string>());
    }

    /// <summary>The sums of all books, each of which is zero in every unit.</summary>
    private async Task<Dictionary<string, decimal>> Trial(string query)
    {
        var trial = (await Auditor.Get($"/v1/audit/trial-balance{query}")).Expect(HttpStatusCode.OK).Json;
        Assert.True((bool)trial["balanced"]!);
        var sums = new Dictionary<string, decimal>();
        foreach (var line in trial["books"]!.AsArray().SelectMany(book => book!["lines"]!.AsArray()))
        {
            Assert.Equal(0m, (decimal)line!["total"]!);
            Assert.Equal(0m, line["accounts"]!.AsArray().Sum(account => (decimal)account!["sum"]!));
            foreach (var account in line["accounts"]!.AsArray())
            {
                var name = (string)account!["account"]!;
                if (OfLearners.Contains(name) || (name == "granted" && (string?)line["measure"] == "source"))
                {
                    Add(sums, $"{line["measure"]} {line["unit"]} {name}", (decimal)account["sum"]!);
                }
            }
        }

        return sums;
    }

    private async Task<Dictionary<string, decimal>> Shown(IReadOnlyList<string> accounts, string query)
    {
        var sums = new Dictionary<string, decimal>();
        foreach (var accountId in accounts)
        {
            var reply = await Auditor.Get($"/v1/accounts/{accountId}/balances{query}");
            if (reply.Status == HttpStatusCode.NotFound)
            {
                continue;
            }

            var balances = reply.Expect(HttpStatusCode.OK).Json;
            foreach (var name in OfLearners)
            {
                var totals = balances["totals"]!;
                Add(sums, $"standard {totals["unit"]} {name}", (decimal)totals[name]!);
                foreach (var line in balances["lines"]!.AsArray())
                {
                    Add(sums, $"source {line!["unit"]} {name}", (decimal)line[name]!);
                }
            }

            foreach (var granted in balances["granted"]!.AsArray())
            {
                Add(sums, $"source {granted!["unit"]} granted", (decimal)granted["amount"]!);
            }
        }

        return sums;
    }

    private static void Add(Dictionary<string, decimal> sums, string key, decimal amount) =>
        sums[key] = sums.GetValueOrDefault(key) + amount;

    private static string InOrder(Dictionary<string, decimal> sums) =>
        string.Join(
            '\n',
            sums.Where(sum => sum.Value != 0)
                .Select(sum => $"{sum.Key} {sum.Value:0.####}")
                .Order(StringComparer.Ordinal)
        );
}

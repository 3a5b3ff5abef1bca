using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CreditBank.Ledger;
using CreditBank.Ledger.Journal;
using Sums = System.Collections.Generic.Dictionary<(string Account, string Unit), decimal>;

namespace CreditBank.Api.Tests.Audit;

/// <summary>The journal of a ledger in which every kind of event happened, against what the service shows.</summary>
public sealed class JourneyJournalTests(JourneyLedger ledger) : IClassFixture<JourneyLedger>
{
    private static readonly string[] Shown =
    [
        "recorded",
        "available",
        "held",
        "converted",
        "forfeited",
        "expired",
        "revoked",
        "withdrawn",
    ];

    [HledgerFact]
    public async Task hledger_gives_every_account_the_balances_that_we_show()
    {
        var events = await ledger.EventsAsync();
        var journal = await Whole();
        await Hledger.RunAsync(journal, "check");
        Assert.All(
            EventCatalogue.TypesByName.Where(pair => DoubleEntry.MovingTypes.Contains(pair.Value)),
            pair => Assert.Contains($") {pair.Key}  ;", journal, StringComparison.Ordinal)
        );

        var accounts = events.Where(one => Kind(one) == "account_opened").Select(one => (string)one["stream"]!);
        var moved = 0;
        foreach (var accountId in accounts)
        {
            var theirs = await Theirs(journal, accountId);
            var shown = await ledger.Service.As("auditor").Get($"/v1/accounts/{accountId}/balances");
            Assert.Equal(InOrder(theirs), InOrder(Ours(shown.Expect(HttpStatusCode.OK).Json)));
            moved += theirs.Count > 0 ? 1 : 0;
        }

        Assert.True(moved > 5, $"Credit moved in {moved} accounts only.");
    }

    /// <summary>The journals of all books behind one another, as one file.</summary>
    private async Task<string> Whole()
    {
        var auditor = ledger.Service.As("auditor");
        var text = new StringBuilder();
        foreach (var book in ledger.Books.All)
        {
            text.Append((await auditor.Get($"/v1/audit/journal?book={book}")).Expect(HttpStatusCode.OK).Text);
        }

        return text.ToString();
    }

    /// <summary>An account's balances by hledger's sums over the transactions of its stream.</summary>
    private static async Task<Sums> Theirs(string journal, string accountId)
    {
        var stream = $"tag:^stream$=^{accountId}$";
        var all = await Hledger.SumsAsync(journal, stream);
        var withdrawals = await Hledger.SumsAsync(journal, stream, "desc:^outcome_withdrawn$", "acct:^institution:");
        var sums = new Sums();
        foreach (var ((account, unit), amount) in all)
        {
            var isIssue = account is "issued" or "merged";
            Add(sums, isIssue ? "recorded" : account, unit, isIssue ? -amount : amount);
            if (account is "exchange" or "granted")
            {
                Add(sums, "converted", unit, amount);
            }
        }

        foreach (var ((_, unit), amount) in withdrawals)
        {
            Add(sums, "recorded", unit, amount);
            Add(sums, "withdrawn", unit, amount);
        }

        return sums;
    }

    /// <summary>The same as the service shows them.</summary>
    private static Sums Ours(JsonNode balances)
    {
        var sums = new Sums();
        foreach (var line in balances["lines"]!.AsArray().Append(balances["totals"]))
        {
            foreach (var name in Shown)
            {
                Add(sums, name, (string)line!["unit"]!, (decimal)line[name]!);
            }
        }

        foreach (var granted in balances["granted"]!.AsArray())
        {
            Add(sums, "granted", (string)granted!["unit"]!, (decimal)granted["amount"]!);
        }

        return sums;
    }

    private static void Add(Sums sums, string account, string unit, decimal amount) =>
        sums[(account, unit)] = sums.GetValueOrDefault((account, unit)) + amount;

    /// <summary>What is not zero, a line each; the exchange is no balance of its own.</summary>
    private static string InOrder(Sums sums) =>
        string.Join(
            '\n',
            sums.Where(sum => sum.Value != 0 && sum.Key.Account != "exchange")
                .Select(sum => $"{sum.Key.Account} {sum.Key.Unit} {sum.Value:0.####}")
                .Order(StringComparer.Ordinal)
        );

    private static string Kind(JsonNode line) => (string)line["type"]!;
}

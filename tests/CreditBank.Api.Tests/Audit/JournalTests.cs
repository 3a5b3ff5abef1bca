using System.Net;
using CreditBank.Ledger.Journal;

namespace CreditBank.Api.Tests.Audit;

/// <summary>The journal as plain text, read by a program that knows nothing of us.</summary>
public sealed class JournalTests(AuditLedger ledger) : IClassFixture<AuditLedger>
{
    [Fact]
    public async Task only_an_auditor_reads_it_and_an_unknown_book_is_not_there()
    {
        (await ledger.Service.As("operator").Get("/v1/audit/journal?book=registry")).Expect(HttpStatusCode.Forbidden);
        (await ledger.Service.As("auditor").Get("/v1/audit/journal?book=nowhere")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public void a_unit_cannot_end_its_quotation() =>
        Assert.Equal("\"a_b_c d\"", PlainTextJournal.CommodityOf("a\"b;c d"));

    [HledgerFact]
    public async Task an_independent_program_finds_it_in_balance_and_the_sums_equal_ours()
    {
        var trial = (await ledger.Service.As("auditor").Get("/v1/audit/trial-balance")).Expect(HttpStatusCode.OK);
        foreach (var book in trial.Json["books"]!.AsArray())
        {
            var name = (string)book!["book"]!;
            var journal = await ledger.Service.As("auditor").Get($"/v1/audit/journal?book={name}");
            Assert.Equal("text/plain", journal.Expect(HttpStatusCode.OK).MediaType);
            await Hledger.RunAsync(journal.Text, "check");
            var theirs = await Hledger.SumsAsync(journal.Text);
            var ours = book["lines"]!
                .AsArray()
                .SelectMany(line =>
                    line!["accounts"]!
                        .AsArray()
                        .Select(sum =>
                            (
                                Account: (string)sum!["account"]!,
                                Unit: (string)line["unit"]!,
                                Amount: (decimal)sum["sum"]!
                            )
                        )
                )
                .Where(sum => sum.Amount != 0)
                .ToDictionary(sum => (sum.Account, sum.Unit), sum => sum.Amount);
            Assert.Equal(ours.OrderBy(sum => sum.Key), theirs.OrderBy(sum => sum.Key));
        }
    }
}

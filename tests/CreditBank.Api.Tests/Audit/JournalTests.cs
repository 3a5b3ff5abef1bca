using System.Diagnostics;
using System.Globalization;
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
            await Hledger(journal.Text, "check");
            var theirs = await Sums(journal.Text);
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

    /// <summary>The sums by account of the chart and unit, as hledger adds them up.</summary>
    private static async Task<Dictionary<(string Account, string Unit), decimal>> Sums(string journal)
    {
        var sums = new Dictionary<(string, string), decimal>();
        var csv = await Hledger(journal, "balance", "--flat", "--depth", "2", "-O", "csv", "--layout", "bare", "-N");
        foreach (var line in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            // "account","commodity","balance"; a quoted commodity brings quotation marks of its own.
            var cells = line.Trim('"').Split("\",\"");
            var amount = decimal.Parse(cells[^1], CultureInfo.InvariantCulture);
            var account = cells[0].Split(':')[1];
            sums[(account == "open" ? "exchange" : account, cells[1].Trim('"'))] = amount;
        }

        return sums.Where(sum => sum.Value != 0).ToDictionary(sum => sum.Key, sum => sum.Value);
    }

    private static async Task<string> Hledger(string journal, params string[] arguments)
    {
        var start = new ProcessStartInfo("hledger", ["-f", "-", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["LANG"] = "C.UTF-8", ["LC_ALL"] = "C.UTF-8" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(journal);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return await output;
    }
}

/// <summary>Runs where hledger is installed, and says so where it is not.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HledgerFactAttribute : FactAttribute
{
    public HledgerFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "hledger"))))
        {
            Skip = "hledger is not installed (Debian package hledger).";
        }
    }
}

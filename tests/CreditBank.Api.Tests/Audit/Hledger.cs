using System.Diagnostics;
using System.Globalization;

namespace CreditBank.Api.Tests.Audit;

/// <summary>hledger: plain-text accounting by a program that knows nothing of us.</summary>
internal static class Hledger
{
    private static readonly string[] Balance =
    [
        "balance",
        "--flat",
        "--depth",
        "2",
        "-O",
        "csv",
        "--layout",
        "bare",
        "-N",
    ];

    /// <summary>The sums by account of the chart and unit, as hledger adds them up; none that is zero.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="query">What of it, in hledger's words; all of it without.</param>
    public static async Task<Dictionary<(string Account, string Unit), decimal>> SumsAsync(
        string journal,
        params string[] query
    )
    {
        var sums = new Dictionary<(string, string), decimal>();
        var csv = await RunAsync(journal, [.. Balance, .. query]);
        foreach (var line in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            // "account","commodity","balance"; a quoted commodity brings quotation marks of its own.
            var cells = line.Trim('"').Split("\",\"");
            var amount = decimal.Parse(cells[^1], CultureInfo.InvariantCulture);
            if (amount != 0)
            {
                sums[(ChartNameOf(cells[0].Split(':')), cells[1].Trim('"'))] = amount;
            }
        }

        return sums;
    }

    /// <summary>The account of the chart, as the trial balance names it.</summary>
    private static string ChartNameOf(string[] path) =>
        path[0] switch
        {
            "exchange" => "exchange",
            "merge" => "merged",
            _ => path[1],
        };

    /// <summary>What it writes; the test fails with what it complains of.</summary>
    public static async Task<string> RunAsync(string journal, params string[] arguments)
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

using System.Diagnostics;
using CreditBank.Kernel;
using CreditBank.Rules;

namespace CreditBank.Benchmarks.Rules;

/// <summary>One row of a benchmark's table.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Measured">What came out, with its unit.</param>
/// <param name="Target">What is asked for, with its unit.</param>
/// <param name="Met">Whether it is met.</param>
public sealed record BenchmarkRow(string Name, string Measured, string Target, bool Met);

/// <summary>The speed and memory of rule sets; every figure is measured in one run on the machine it runs on.</summary>
public static class RulesBenchmarks
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(3);

    /// <summary>Runs all and writes the table.</summary>
    /// <returns>Whether every target is met.</returns>
    public static bool Run(TextWriter output)
    {
        var met = true;
        output.WriteLine("| what | measured | target | result |");
        output.WriteLine("|---|---|---|---|");
        Add(GoldenScenario());
        foreach (var row in LargeTables())
            Add(row);
        foreach (var row in EngineComparison.Run())
            Add(row);
        Add(ImpactOfHundredThousand());
        return met;

        void Add(BenchmarkRow row)
        {
            met &= row.Met;
            output.WriteLine($"| {row.Name} | {row.Measured} | {row.Target} | {(row.Met ? "pass" : "FAIL")} |");
        }
    }

    /// <summary>
    /// How often something runs in a second of processor time, after it is warm. Processor time, because a second of
    /// the clock says nothing on a machine that is shared; what the collector needs is counted.
    /// </summary>
    public static double PerSecond(Action action)
    {
        Repeat(action, Warm);
        return Enumerable.Range(0, 3).Max(_ => Repeat(action, Long / 3));
    }

    private static double Repeat(Action action, TimeSpan time)
    {
        var begin = ProcessorTime();
        var count = 0;
        TimeSpan spent;
        do
        {
            for (var i = 0; i < 16; i++)
                action();
            count += 16;
            spent = ProcessorTime() - begin;
        } while (spent < time);
        return count / spent.TotalSeconds;
    }

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static BenchmarkRow GoldenScenario()
    {
        var (request, catalog) = BenchmarkRuleSets.Golden();
        var granted = Evaluator.Evaluate(request, catalog).Proposal!.Totals.Granted;
        if (granted != new Credits(14.5m))
            throw new InvalidOperationException($"The golden scenario grants {granted}, not 14.5.");
        var rate = PerSecond(() => Evaluator.Evaluate(request, catalog));
        return new(
            "evaluating the golden scenario",
            $"{rate:N0} a second",
            "10,000 a second on one core",
            rate >= 10_000
        );
    }

    private static IEnumerable<BenchmarkRow> LargeTables()
    {
        using var folder = new BenchmarkFolder();
        folder.WriteTables(50_000);
        var clock = Stopwatch.StartNew();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var large = RuleSetFolder.Load(folder.Path).RuleSet!;
        var seconds = clock.Elapsed.TotalSeconds;
        yield return new("loading 50,000 equivalence rows", $"{seconds:N2} s", "under 2 s", seconds < 2);
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0;
        yield return new(
            "the whole process after it, at its peak",
            $"{peak:N0} MiB",
            "under 200 MB for the load",
            peak < 200
        );
        var kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0;
        yield return new(
            "one version of 50,000 rows kept in memory",
            $"{kept:N1} MiB",
            "20 versions under 1 GB: 51",
            kept < 51
        );

        folder.WriteTables(500);
        var small = RuleSetFolder.Load(folder.Path).RuleSet!;
        var request = BenchmarkRuleSets.LargeRequest();
        var (catalogSmall, catalogLarge) = (new RuleSetCatalog([small]), new RuleSetCatalog([large]));
        var few = 1000 / PerSecond(() => Evaluator.Evaluate(request, catalogSmall));
        var many = 1000 / PerSecond(() => Evaluator.Evaluate(request, catalogLarge));
        yield return new("200 outcomes, 60 courses, 50,000 rows", $"{many:N2} ms", "under 20 ms", many < 20);
        yield return new("the same against 500 rows", $"{many / few:N2} times", "at most 1.3 times", many / few <= 1.3);
        GC.KeepAlive(large);
    }

    private static BenchmarkRow ImpactOfHundredThousand()
    {
        var (request, catalog) = BenchmarkRuleSets.Golden();
        var draft = catalog.All[0];
        var clock = Stopwatch.StartNew();
        var parts = new[] { new Impact(draft), new Impact(draft) };
        Parallel.For(
            0,
            2,
            part =>
            {
                for (var i = part; i < 100_000; i += 2)
                    parts[part].Add(new PastDecision($"t{i}", $"a{i}", request, new Credits(i % 3 + 13)));
            }
        );
        parts[0].Merge(parts[1]);
        var report = parts[0].Report();
        var seconds = clock.Elapsed.TotalSeconds;
        var name = $"impact report over {report.Decisions:N0} past decisions";
        return new(name, $"{seconds:N1} s", "under 60 s on two cores", seconds < 60);
    }
}

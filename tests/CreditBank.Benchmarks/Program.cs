using CreditBank.Benchmarks;
using CreditBank.Benchmarks.Rules;
using CreditBank.Postgres;

const string Rules = "rules";

// Each is the name of all that begin with it.
string[] groups = ["audit", "promises"];

// dotnet run -c Release --project tests/CreditBank.Benchmarks -- [name ...] [--scale 0.1] [--keep folder]
Dictionary<string, Func<BenchmarkContext, Task<Measurement>>> all = new()
{
    ["transcripts"] = TranscriptsBenchmark.Run,
    ["single-record"] = SingleRecordBenchmark.Run,
    ["hot-account"] = HotAccountBenchmark.Run,
    ["balances"] = BalancesBenchmark.Run,
    ["impact"] = ImpactBenchmark.Run,
    ["promises-account"] = HottestBenchmark.Account,
    ["promises-institution"] = HottestBenchmark.Institution,
    ["promises-past"] = PastBalanceBenchmark.Run,
    ["promises-expiry"] = ExpiryBenchmark.Run,
    ["promises-unwinding"] = UnwindingBenchmark.Run,
    ["audit-verification"] = AuditBenchmarks.Verification,
    ["audit-integration"] = AuditBenchmarks.Integration,
    ["audit-append-cost"] = AuditBenchmarks.AppendCost,
    ["audit-inclusion"] = AuditReceiptBenchmark.Run,
    ["audit-export"] = AuditExportBenchmark.Run,
};

var scale = decimal.Parse(OptionOf("--scale") ?? "1", System.Globalization.CultureInfo.InvariantCulture);
var kept = OptionOf("--keep");
string[] wanted =
[
    .. args.Where((arg, index) => !IsOption(arg) && (index == 0 || !IsOption(args[index - 1])))
        .SelectMany(name =>
            groups.Contains(name) ? all.Keys.Where(key => key.StartsWith(name, StringComparison.Ordinal)) : [name]
        ),
];
if (wanted.FirstOrDefault(name => name != Rules && !all.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine(
        $"There is no benchmark {unknown}; there are: {string.Join(", ", [Rules, .. groups, .. all.Keys])}."
    );
    return 1;
}

// First, because it measures the memory of the whole process.
var passed = wanted is [] || wanted.Contains(Rules) ? RulesBenchmarks.Run(Console.Out) : true;
if (wanted is [Rules])
{
    return passed ? 0 : 2;
}

Dictionary<string, string> durable = new()
{
    ["fsync"] = "on",
    ["full_page_writes"] = "on",
    ["synchronous_commit"] = "on",
};
await using var postgres = await ThrowawayPostgres.StartAsync(durable);
var measurements = new List<Measurement>();
foreach (var (name, run) in all.Where(pair => wanted.Length == 0 || wanted.Contains(pair.Key)))
{
    Console.Error.WriteLine($"# {name}");
    measurements.Add(await run(new BenchmarkContext(postgres, scale, kept)));
}

Console.WriteLine(Measurement.Table(measurements));
return passed && measurements.All(measurement => measurement.Passed) ? 0 : 2;

string? OptionOf(string name) =>
    Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

static bool IsOption(string word) => word.StartsWith("--", StringComparison.Ordinal);

using System.Text.Json.Serialization;
using CreditBank.Ledger.Journal;

namespace CreditBank.Verifier;

/// <summary>What a replay counted and summed.</summary>
internal sealed record ReplayTotals
{
    /// <summary>How many streams there are.</summary>
    public long Streams { get; set; }

    /// <summary>How many accounts have outcomes.</summary>
    public long Accounts { get; set; }

    /// <summary>How many outcomes there are.</summary>
    public long Outcomes { get; set; }

    /// <summary>How many journal entries there are.</summary>
    public long Entries { get; set; }

    /// <summary>How many recognitions were evaluated anew.</summary>
    public long Recognitions { get; set; }

    /// <summary>How many evaluations were made anew.</summary>
    public long Evaluations { get; set; }

    /// <summary>How many lines of conversions were evaluated anew.</summary>
    public long ConvertedLines { get; set; }

    /// <summary>The trial balance.</summary>
    [JsonIgnore]
    public EntrySums Sums { get; init; } = new();

    /// <summary>The same with a trial balance that was kept beside it.</summary>
    public ReplayTotals WithSums(IReadOnlyList<EntrySum> kept)
    {
        var sums = new EntrySums();
        foreach (var sum in kept)
        {
            sums.Add(sum.Measure, sum.Unit, sum.Account, sum.Sum);
        }

        return this with
        {
            Sums = sums,
        };
    }

    /// <summary>Adds what another replay counted.</summary>
    public void Add(ReplayTotals other)
    {
        Streams += other.Streams;
        Accounts += other.Accounts;
        Outcomes += other.Outcomes;
        Entries += other.Entries;
        Recognitions += other.Recognitions;
        Evaluations += other.Evaluations;
        ConvertedLines += other.ConvertedLines;
        Sums.Add(other.Sums);
    }
}

/// <summary>The sums of entries for each measure, unit and account of the chart.</summary>
internal sealed class EntrySums
{
    // A handful of units: going along them is faster than hashing three things for each entry.
    private readonly List<Sum> sums = [];

    /// <summary>Adds an entry.</summary>
    public void Add(in JournalEntry entry) => Add(entry.Measure, entry.Unit, entry.Account, entry.Amount.Value);

    /// <summary>Adds other sums.</summary>
    public void Add(EntrySums other)
    {
        foreach (var sum in other.sums)
        {
            Add(sum.Measure, sum.Unit, sum.Account, sum.Amount);
        }
    }

    /// <summary>Adds one sum.</summary>
    public void Add(Measure measure, string unit, ChartAccount account, decimal amount)
    {
        foreach (var sum in sums)
        {
            if (sum.Account == account && sum.Measure == measure && sum.Unit == unit)
            {
                sum.Amount += amount;
                return;
            }
        }

        sums.Add(new Sum(measure, unit, account) { Amount = amount });
    }

    /// <summary>The sums, in a fixed order.</summary>
    public IReadOnlyList<EntrySum> All() =>
        [
            .. sums.Select(sum => new EntrySum(sum.Measure, sum.Unit, sum.Account, sum.Amount))
                .OrderBy(sum => sum.Measure)
                .ThenBy(sum => sum.Unit, StringComparer.Ordinal)
                .ThenBy(sum => sum.Account),
        ];

    /// <summary>The units whose sums are not zero together.</summary>
    public IReadOnlyList<string> Unbalanced() =>
        [
            .. All()
                .GroupBy(sum => (sum.Measure, sum.Unit))
                .Where(unit => unit.Sum(sum => sum.Sum) != 0)
                .Select(unit => unit.Key.Unit),
        ];

    private sealed class Sum(Measure measure, string unit, ChartAccount account)
    {
        public Measure Measure => measure;

        public string Unit => unit;

        public ChartAccount Account => account;

        public decimal Amount { get; set; }
    }
}

/// <summary>The sum of one account of the chart in one measure and unit; debits positive.</summary>
public sealed record EntrySum(Measure Measure, string Unit, ChartAccount Account, decimal Sum);

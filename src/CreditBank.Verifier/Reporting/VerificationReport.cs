using System.Globalization;
using System.Text;
using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>What was checked and what does not hold.</summary>
internal sealed class VerificationReport
{
    private readonly Findings findings;
    private readonly ReplayTotals totals = new();

    public VerificationReport(
        ExportManifest manifest,
        Findings findings,
        IReadOnlyList<BookResult> books,
        long signatures,
        long topEntries,
        int ruleSets,
        bool withRules,
        TimeSpan elapsed
    )
    {
        (Manifest, this.findings, Books, Elapsed) = (manifest, findings, books, elapsed);
        foreach (var book in books)
        {
            totals.Add(book.Totals);
        }

        foreach (var unit in totals.Sums.Unbalanced())
        {
            findings.Add(FindingCodes.Unbalanced, null, null, null, $"The trial balance in {unit} is not zero.");
        }

        Leaves = books.Sum(book => book.Leaves);
        Checks = ChecksOf(signatures, topEntries, ruleSets, withRules);
    }

    /// <summary>The export.</summary>
    public ExportManifest Manifest { get; }

    /// <summary>The books.</summary>
    public IReadOnlyList<BookResult> Books { get; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>How many leaves were checked.</summary>
    public long Leaves { get; }

    /// <summary>The checks, in the order of the page.</summary>
    public IReadOnlyList<CheckLine> Checks { get; }

    /// <summary>Whether everything holds.</summary>
    public bool Holds => findings.Count == 0;

    /// <summary>The first thing that does not hold; none when all holds.</summary>
    public Finding? First => findings.Kept.Count > 0 ? findings.Kept[0] : null;

    /// <summary>The findings that are kept.</summary>
    public IReadOnlyList<Finding> Findings => findings.Kept;

    /// <summary>How many findings there are.</summary>
    public long FindingsTotal => findings.Count;

    /// <summary>The trial balance.</summary>
    public IReadOnlyList<EntrySum> Sums => totals.Sums.All();

    /// <summary>What was counted.</summary>
    public ReplayTotals Totals => totals;

    /// <summary>The page for people.</summary>
    public override string ToString()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"The ledger of {Manifest.Bank}, exported {Manifest.ExportedAt}\n\n");
        foreach (var check in Checks)
        {
            page.Append(CultureInfo.InvariantCulture, $"{check.Word, -8} {check.Name, -16} {check.Words}\n");
        }

        page.Append("\nTrial balance\n");
        foreach (var unit in Sums.GroupBy(sum => (sum.Measure, sum.Unit)))
        {
            var sums = string.Join(", ", unit.Select(sum => $"{sum.Account} {sum.Sum}"));
            page.Append(
                CultureInfo.InvariantCulture,
                $"  {unit.Key.Unit}: {sums}; together {unit.Sum(sum => sum.Sum)}\n"
            );
        }

        var seconds = Math.Max(1, (long)Elapsed.TotalMilliseconds);
        page.Append(
            CultureInfo.InvariantCulture,
            $"\n{Leaves:n0} events in {Elapsed:mm\\:ss\\.f}, {Leaves * 1000 / seconds:n0} a second\n"
        );
        page.Append(Holds ? "\nEverything holds.\n" : FirstWords());
        return page.ToString();
    }

    private string FirstWords()
    {
        var first = First!;
        var place = string.Concat(
            first.Log is null ? "" : $" in {first.Log}",
            first.Index is null ? "" : string.Create(CultureInfo.InvariantCulture, $" at {first.Index}"),
            first.EventId is null ? "" : $" (event {first.EventId})"
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"\nDOES NOT HOLD: {FindingsTotal:n0} findings. The first: {first.Code}{place}: {first.Text}\n"
        );
    }

    private List<CheckLine> ChecksOf(long signatures, long topEntries, int ruleSets, bool withRules)
    {
        var roots = Books.Sum(book => book.RootsCompared);
        var late = Books.Sum(book => book.LateEvents);
        var rules = withRules ? "" : " (not asked for)";
        return
        [
            Line("signatures", $"{signatures:n0} checkpoints", FindingCodes.Signature),
            Line(
                "leaves",
                $"{Leaves:n0} events in canonical form, each the leaf that was signed",
                FindingCodes.LeafChanged,
                FindingCodes.LeafMalformed,
                FindingCodes.LeafMissing,
                FindingCodes.LeafExtra
            ),
            Line(
                "tiles",
                $"{Books.Sum(book => book.TilesCompared):n0} tiles",
                FindingCodes.TileChanged,
                FindingCodes.TileMissing
            ),
            Line(
                "consistency",
                $"{roots:n0} signed roots, each a beginning of the next; {topEntries:n0} in the log over all books",
                FindingCodes.Root,
                FindingCodes.Forked,
                FindingCodes.RolledBack
            ),
            Line(
                "completeness",
                $"{totals.Streams:n0} streams without gaps; {late:n0} events came late",
                FindingCodes.ExportIncomplete,
                FindingCodes.Unlogged,
                FindingCodes.StreamOrder,
                FindingCodes.SequenceOrder,
                FindingCodes.EventUnknown,
                FindingCodes.Document
            ),
            Line("double entry", $"{totals.Entries:n0} entries add up to zero", FindingCodes.Unbalanced),
            Line(
                "balances",
                $"{totals.Outcomes:n0} outcomes of {totals.Accounts:n0} accounts recomputed, none below nothing",
                FindingCodes.Negative
            ),
            Line("rule sets", $"{ruleSets:n0} texts as published", FindingCodes.RuleSet),
            Line("recognitions", $"{totals.Recognitions:n0} evaluated anew{rules}", FindingCodes.Recognition),
            Line(
                "conversions",
                $"{totals.Evaluations:n0} evaluations and {totals.ConvertedLines:n0} converted lines anew{rules}",
                FindingCodes.Evaluation,
                FindingCodes.Conversion
            ),
        ];
    }

    private CheckLine Line(string name, FormattableString words, params string[] codes)
    {
        var failed = codes.Sum(code => findings.CountByCode.GetValueOrDefault(code));
        return new CheckLine(name, failed == 0, failed, words.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>One line of the page.</summary>
/// <param name="Name">The check.</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="Findings">How often it does not.</param>
/// <param name="Words">What was looked at.</param>
internal sealed record CheckLine(string Name, bool Holds, long Findings, string Words)
{
    /// <summary>The first column.</summary>
    public string Word => Holds ? "holds" : "FAILS";
}

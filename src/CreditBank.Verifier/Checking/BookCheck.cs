using System.Runtime.InteropServices;
using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>Checks one book: every line against the tree, and every event against the ledger's rules.</summary>
internal sealed class BookCheck(
    ExportFolder folder,
    string log,
    long size,
    RegistryFacts registry,
    ReplayOptions options,
    Progress progress,
    Findings findings
)
{
    private long highestSequence;

    /// <summary>How many events stand behind events of higher sequence.</summary>
    public long LateEvents { get; private set; }

    /// <summary>Runs the check.</summary>
    /// <param name="expected">Every root that was signed, of sizes up to the newest checkpoint's.</param>
    /// <param name="spillFolder">Where a large book is parted into pieces that fit into memory.</param>
    public BookResult Run(IEnumerable<ExpectedRoot> expected, string spillFolder)
    {
        var tree = new TreeCheck(folder, log, size, expected, findings);
        using var parts = new ReplayParts(folder, registry, options, log, size, spillFolder, findings);
        Events()
            .Read(
                (events, lines) =>
                {
                    foreach (ref readonly var read in CollectionsMarshal.AsSpan(events))
                    {
                        var end = lines.Span.IndexOf((byte)'\n');
                        var line = end < 0 ? lines : lines[..end];
                        lines = end < 0 ? default : lines[(end + 1)..];
                        Take(read, line, tree, parts);
                    }

                    progress.Add(events.Count);
                }
            );
        tree.Finish();
        var totals = parts.Finish();
        return new BookResult(log, tree.Count, tree.RootsCompared, tree.TilesCompared, LateEvents, totals);
    }

    private EventFile Events() => new(folder, folder.PathOf(log, ExportLayout.EventsFile), options.WithRules);

    private void Take(in ReadEvent read, ReadOnlyMemory<byte> line, TreeCheck tree, ReplayParts parts)
    {
        var index = tree.Count;
        var envelope = read.Leaf.Envelope;
        tree.Add(read.Hash, read.ProblemCode == FindingCodes.LeafMalformed ? null : envelope.EventId);
        if (read.ProblemCode is { } code)
        {
            findings.Add(code, log, index, envelope.EventId == default ? null : envelope.EventId, WordsOf(code));
        }

        if (envelope.Book is not null && envelope.Book != log)
        {
            findings.Add(FindingCodes.LeafMalformed, log, index, envelope.EventId, $"It is of {envelope.Book}.");
        }

        if (read.ProblemCode is not null)
        {
            return;
        }

        var isLate = envelope.Sequence < highestSequence;
        LateEvents += isLate ? 1 : 0;
        if (envelope.Sequence == highestSequence)
        {
            findings.Add(FindingCodes.SequenceOrder, log, index, envelope.EventId, "Its sequence stands twice.");
        }

        highestSequence = Math.Max(highestSequence, envelope.Sequence);
        registry.Add(read, log, index);
        parts.Add(read, line, index, isLate);
    }

    private static string WordsOf(string code) =>
        code switch
        {
            FindingCodes.LeafMissing => "The database has no event for this leaf any more.",
            FindingCodes.LeafMalformed => "It is no leaf in canonical form.",
            FindingCodes.Document => "Its payload is not in the export, or not what its hash says.",
            _ => "Its kind or shape is not known to this program.",
        };
}

/// <summary>What the check of a book counted.</summary>
/// <param name="Log">The book.</param>
/// <param name="Leaves">How many leaves.</param>
/// <param name="RootsCompared">How many signed roots they led to, or not.</param>
/// <param name="TilesCompared">How many tiles were compared.</param>
/// <param name="LateEvents">How many events came late.</param>
/// <param name="Totals">What the replay counted.</param>
internal sealed record BookResult(
    string Log,
    long Leaves,
    long RootsCompared,
    long TilesCompared,
    long LateEvents,
    ReplayTotals Totals
);

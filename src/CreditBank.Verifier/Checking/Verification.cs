using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>Checks an export from end to end.</summary>
internal sealed class Verification
{
    private readonly ExportFolder folder;
    private readonly VerificationOptions options;
    private readonly TrustedKeys keys;
    private readonly KnownCheckpoints known;
    private readonly Findings findings = new();
    private readonly Dictionary<string, SignedCheckpoint> newest = [];
    private readonly Dictionary<string, List<ExpectedRoot>> expected = [];
    private readonly List<BookResult> books = [];
    private long topEntries;

    /// <summary>A verification of an export.</summary>
    /// <exception cref="UnusableExportException">Policy or keys cannot be read.</exception>
    public Verification(ExportFolder folder, VerificationOptions options)
    {
        (this.folder, this.options) = (folder, options);
        keys = new TrustedKeys(options.Policy, options.Retired);
        known = new KnownCheckpoints(options.KnownFolder);
    }

    /// <summary>Runs all checks.</summary>
    public VerificationReport Run()
    {
        var logs = folder.Manifest.Logs;
        foreach (var log in logs)
        {
            ReadCheckpoints(log);
        }

        if (logs.All(log => log.Log != ExportLayout.TopLog))
        {
            findings.Add(FindingCodes.ExportIncomplete, null, null, null, "The export has no log over all books.");
        }

        CheckTop();
        var progress = new Progress(options.ProgressOutput, logs.Sum(log => log.Size));
        var registry = new RegistryFacts(folder, findings);
        foreach (var book in folder.Books)
        {
            CheckBook(book, registry, progress);
        }

        if (findings.Count == 0)
        {
            foreach (var (log, checkpoint) in newest)
            {
                known.Remember(log, checkpoint);
            }
        }

        return new VerificationReport(
            folder.Manifest,
            findings,
            books,
            keys.SignaturesChecked,
            topEntries,
            registry.RuleSetsTotal,
            options.Replay.WithRules,
            progress.Elapsed
        );
    }

    private void ReadCheckpoints(ExportedLog log)
    {
        expected[log.Log] = [];
        var note = folder.Read(log.Log, ExportLayout.CheckpointFile);
        if (note is null || !SignedCheckpoint.TryParse(note, out var checkpoint, out _))
        {
            findings.Add(FindingCodes.Signature, log.Log, null, null, "There is no signed checkpoint.");
            return;
        }

        var size = checkpoint.Checkpoint.Size;
        if (keys.ProblemOfNewest(checkpoint, log.Origin) is { } problem)
        {
            findings.Add(
                FindingCodes.Signature,
                log.Log,
                size,
                null,
                $"The newest checkpoint is not signed by a key of the policy ({problem})."
            );
        }

        newest[log.Log] = checkpoint;
        Expect(log.Log, checkpoint.Checkpoint, ExportLayout.CheckpointFile, FindingCodes.Root);
        foreach (var text in folder.Strings(log.Log, ExportLayout.CheckpointsFile))
        {
            ReadOlder(log, text);
        }

        if (known.Of(log.Log) is { } last)
        {
            Expect(log.Log, last.Checkpoint, "your own folder", FindingCodes.Forked);
        }
    }

    private void ReadOlder(ExportedLog log, string text)
    {
        if (!SignedCheckpoint.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var older, out var malformed))
        {
            findings.Add(FindingCodes.Signature, log.Log, null, null, $"A checkpoint cannot be read ({malformed}).");
            return;
        }

        if (keys.ProblemOfOlder(older, log.Origin) is { } problem)
        {
            findings.Add(
                FindingCodes.Signature,
                log.Log,
                older.Checkpoint.Size,
                null,
                $"A checkpoint is not signed by a key that was trusted at that size ({problem})."
            );
        }

        Expect(log.Log, older.Checkpoint, ExportLayout.CheckpointsFile, FindingCodes.Root);
    }

    private void Expect(string log, Checkpoint checkpoint, string source, string code)
    {
        var size = newest.GetValueOrDefault(log)?.Checkpoint.Size ?? 0;
        if (checkpoint.Size > size)
        {
            findings.Add(
                FindingCodes.RolledBack,
                log,
                checkpoint.Size,
                null,
                $"The log has {size} leaves, but {checkpoint.Size} were signed before, says {source}."
            );
        }
        else
        {
            expected[log].Add(new ExpectedRoot(checkpoint, source, code));
        }
    }

    private void CheckTop()
    {
        if (!newest.TryGetValue(ExportLayout.TopLog, out var checkpoint))
        {
            return;
        }

        var tree = new TreeCheck(
            folder,
            ExportLayout.TopLog,
            checkpoint.Checkpoint.Size,
            expected[ExportLayout.TopLog],
            findings
        );
        var books = folder.Books.ToDictionary(book => book.Origin, book => book.Log);
        foreach (var text in folder.Strings(ExportLayout.TopLog, ExportLayout.EntriesFile))
        {
            tree.Add(MerkleHash.OfLeaf(System.Text.Encoding.UTF8.GetBytes(text)), null);
            if (Checkpoint.TryParse(text, out var entry, out _) && books.TryGetValue(entry.Origin, out var book))
            {
                Expect(book, entry, "the log over all books", FindingCodes.Root);
            }
            else
            {
                findings.Add(
                    FindingCodes.ExportIncomplete,
                    ExportLayout.TopLog,
                    tree.Count - 1,
                    null,
                    "The log over all books names a book that is not in the export."
                );
            }
        }

        tree.Finish();
        topEntries = tree.Count;
    }

    private void CheckBook(ExportedLog book, RegistryFacts registry, Progress progress)
    {
        var size = newest.GetValueOrDefault(book.Log)?.Checkpoint.Size ?? 0;
        var resume = new ResumeFile(options.ResumeFile, folder, book.Log);
        if (book.Log != "registry" && resume.Read() is { } done)
        {
            books.Add(done);
            progress.Add(done.Leaves);
            return;
        }

        var before = findings.Count;
        foreach (var line in Unlogged(book.Log))
        {
            findings.Add(
                FindingCodes.Unlogged,
                book.Log,
                null,
                line,
                "The database has an event that is no leaf of the log."
            );
        }

        var check = new BookCheck(folder, book.Log, size, registry, options.Replay, progress, findings);
        var result = check.Run(expected[book.Log], options.SpillFolder);
        books.Add(result);
        if (findings.Count == before)
        {
            resume.Write(result);
        }
    }

    private IEnumerable<Guid?> Unlogged(string log)
    {
        var path = folder.PathOf(log, ExportLayout.UnloggedFile);
        return File.Exists(path)
            ? File.ReadLines(path)
                .Select(line =>
                    Leaf.TryParse(System.Text.Encoding.UTF8.GetBytes(line), out var leaf, out _)
                        ? leaf.Envelope.EventId
                        : (Guid?)null
                )
            : [];
    }
}

/// <summary>How an export is checked.</summary>
/// <param name="Policy">The keys that are trusted.</param>
/// <param name="Retired">Keys that are trusted for older checkpoints only.</param>
/// <param name="KnownFolder">Where this auditor keeps checkpoints from one verification to the next.</param>
/// <param name="ResumeFile">Where books are noted that are done; none for no resuming.</param>
/// <param name="SpillFolder">Where large books are parted.</param>
/// <param name="Replay">What the replay does.</param>
/// <param name="ProgressOutput">Where progress is told; none for nowhere.</param>
internal sealed record VerificationOptions(
    TrustPolicy Policy,
    IReadOnlyList<RetiredKey> Retired,
    string? KnownFolder,
    string? ResumeFile,
    string SpillFolder,
    ReplayOptions Replay,
    TextWriter? ProgressOutput
);

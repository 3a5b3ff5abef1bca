using NodaTime;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// Where things lie in an export that an auditor checks without the service: <c>specs/audit.md</c> describes it. Below
/// the folder of a log, tiles and the newest checkpoint lie as C2SP tlog-tiles names them.
/// </summary>
public static class ExportLayout
{
    /// <summary>The format of <see cref="ExportManifest.Format"/>.</summary>
    public const int Format = 1;

    /// <summary>What the export holds: an <see cref="ExportManifest"/>.</summary>
    public const string ManifestFile = "export.json";

    /// <summary>The keys of the logs (C2SP tlog-policy). An auditor compares them with those held already.</summary>
    public const string PolicyFile = "policy.txt";

    /// <summary>Texts named by their SHA-256: rule sets, proposals, payloads that were too large for a leaf.</summary>
    public const string DocumentsFolder = "documents";

    /// <summary>In a log's folder: the newest signed checkpoint.</summary>
    public const string CheckpointFile = "checkpoint";

    /// <summary>In a log's folder: every signed checkpoint, a JSON string a line, the oldest first.</summary>
    public const string CheckpointsFile = "checkpoints.ndjson";

    /// <summary>In a book's folder: every leaf as it was hashed, one a line, in the order of the log.</summary>
    public const string EventsFile = "events.ndjson";

    /// <summary>In the top log's folder: every entry, a JSON string a line.</summary>
    public const string EntriesFile = "entries.ndjson";

    /// <summary>In a book's folder, where there are any: events that are no leaves, in the form of leaves.</summary>
    public const string UnloggedFile = "unlogged.ndjson";

    /// <summary>The log over all books.</summary>
    public const string TopLog = "top";

    /// <summary>The line that stands for a leaf whose event storage does not have any more.</summary>
    public static string MissingLine(long index, Guid eventId) =>
        FormattableString.Invariant($"{{\"missing\":{{\"eventId\":\"{eventId}\",\"index\":{index}}}}}");
}

/// <summary>What an export holds.</summary>
/// <param name="Format"><see cref="ExportLayout.Format"/>.</param>
/// <param name="Bank">The bank's name, which every origin begins with.</param>
/// <param name="ExportedAt">When it was made.</param>
/// <param name="Logs">The logs, the books first.</param>
public sealed record ExportManifest(int Format, string Bank, Instant ExportedAt, IReadOnlyList<ExportedLog> Logs);

/// <summary>A log of an export.</summary>
/// <param name="Log">The book, or <see cref="ExportLayout.TopLog"/>; also the name of its folder.</param>
/// <param name="Origin">What names it in checkpoints.</param>
/// <param name="Size">How many leaves the newest checkpoint has.</param>
public sealed record ExportedLog(string Log, string Origin, long Size);

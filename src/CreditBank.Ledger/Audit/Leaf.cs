using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// A leaf of a book's log, read back: envelope and payload. The bytes are the RFC 8785 form of one JSON object whose
/// members <c>specs/audit.md</c> fixes; <see cref="LeafWriter"/> makes them.
/// </summary>
/// <param name="Envelope">The envelope.</param>
/// <param name="Data">The payload as canonical JSON; empty when the leaf only has its hash.</param>
/// <param name="DataSha256">The hash of the canonical payload that was too large for a leaf; none otherwise.</param>
public readonly record struct Leaf(EventEnvelope Envelope, ReadOnlyMemory<byte> Data, string? DataSha256)
{
    /// <summary>The format that <see cref="LeafWriter"/> writes; it stands in every leaf.</summary>
    public const int Format = 1;

    internal const string ActorName = "actor";
    internal const string BookName = "book";
    internal const string CausationName = "causationId";
    internal const string CorrelationName = "correlationId";
    internal const string DataName = "data";
    internal const string DataHashName = "dataSha256";
    internal const string EventIdName = "eventId";
    internal const string FormatName = "format";
    internal const string RecordedName = "recordedAtMicroseconds";
    internal const string SchemaName = "schemaVersion";
    internal const string SequenceName = "sequence";
    internal const string StreamName = "stream";
    internal const string TypeName = "type";
    internal const string VersionName = "version";

    /// <summary>
    /// Reads a leaf. That the bytes are the canonical ones is not checked here: write the parts again and compare.
    /// </summary>
    /// <param name="bytes">The whole leaf; the payload is not copied.</param>
    /// <param name="leaf">The leaf, when true.</param>
    /// <param name="problemCode"><see cref="AuditProblem.LeafMalformed"/>, when false.</param>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out Leaf leaf, [NotNullWhen(false)] out string? problemCode)
    {
        try
        {
            leaf = new LeafReader(bytes).Read();
            problemCode = null;
            return true;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            (leaf, problemCode) = (default, AuditProblem.LeafMalformed);
            return false;
        }
    }

    /// <summary>
    /// The version of a payload's shape: the number behind <c>_v</c> at the end of the stored name, and 1 without one.
    /// </summary>
    public static int SchemaVersionOf(ReadOnlySpan<char> type)
    {
        var at = type.LastIndexOf("_v");
        return at > 0 && int.TryParse(type[(at + 2)..], System.Globalization.NumberStyles.None, null, out var version)
            ? version
            : 1;
    }
}

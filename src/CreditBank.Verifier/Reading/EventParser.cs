using System.Text.Json;
using CreditBank.Ledger;
using CreditBank.Ledger.Audit;
using CreditBank.Ledger.Events;
using CreditBank.Ledger.Journal;

namespace CreditBank.Verifier;

/// <summary>Reads lines as events: hash, leaf, canonical form, payload. Not for several threads at once.</summary>
/// <param name="folder">The export, for payloads that lie beside their leaves.</param>
/// <param name="readsAll">
/// Whether every payload is read; otherwise only those that move credit or publish rule sets.
/// </param>
internal sealed class EventParser(ExportFolder folder, bool readsAll)
{
    private static readonly HashSet<Type> AlwaysRead = [.. DoubleEntry.MovingTypes, typeof(RuleSetPublished)];

    private readonly LeafScanner scanner = new();
    private readonly LeafWriter writer = new();

    /// <summary>Reads whole lines.</summary>
    /// <param name="lines">Each ends in a newline, the last one perhaps not.</param>
    /// <param name="events">Takes what was read; it points into the lines.</param>
    public void Read(ReadOnlyMemory<byte> lines, List<ReadEvent> events)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.Span.IndexOf((byte)'\n');
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            events.Add(ReadLine(line));
        }
    }

    /// <summary>Reads a line once more that was read and hashed before; the hash is left out.</summary>
    public ReadEvent ReadAgain(ReadOnlyMemory<byte> line) =>
        scanner.TryScan(line, out var scanned) ? WithData(default, scanned, scanned.Data.Span) : ReadLine(line);

    private ReadEvent ReadLine(ReadOnlyMemory<byte> line)
    {
        var hash = MerkleHash.OfLeaf(line.Span);
        if (line.Span.StartsWith("{\"missing\":"u8))
        {
            return new ReadEvent(hash, default, null, FindingCodes.LeafMissing);
        }

        if (scanner.TryScan(line, out var scanned))
        {
            return WithData(hash, scanned, scanned.Data.Span);
        }

        if (!Leaf.TryParse(line, out var leaf, out _))
        {
            return new ReadEvent(hash, default, null, FindingCodes.LeafMalformed);
        }

        if (leaf.DataSha256 is { } sha256)
        {
            return ReadLarge(line, leaf, hash, sha256);
        }

        var isCanonical =
            writer.TryWrite(leaf.Envelope, leaf.Data.Span, out var canonical, out _)
            && canonical.SequenceEqual(line.Span);
        return isCanonical
            ? WithData(hash, leaf, leaf.Data.Span)
            : new ReadEvent(hash, leaf, null, FindingCodes.LeafMalformed);
    }

    private ReadEvent ReadLarge(ReadOnlyMemory<byte> line, Leaf leaf, MerkleHash hash, string sha256)
    {
        if (!writer.Write(leaf.Envelope, sha256).SequenceEqual(line.Span))
        {
            return new ReadEvent(hash, leaf, null, FindingCodes.LeafMalformed);
        }

        var document = folder.Document(sha256, out var isRight);
        return isRight ? WithData(hash, leaf, document) : new ReadEvent(hash, leaf, null, FindingCodes.Document);
    }

    private ReadEvent WithData(MerkleHash hash, Leaf leaf, ReadOnlySpan<byte> data)
    {
        if (!EventCatalogue.TypesByName.TryGetValue(leaf.Envelope.Type, out var type))
        {
            return new ReadEvent(hash, leaf, null, FindingCodes.EventUnknown);
        }

        if (!readsAll && !AlwaysRead.Contains(type))
        {
            return new ReadEvent(hash, leaf, null, null);
        }

        try
        {
            var read = JsonSerializer.Deserialize(data, type, EventJson.Options);
            return new ReadEvent(hash, leaf, read, read is null ? FindingCodes.EventUnknown : null);
        }
        catch (JsonException)
        {
            return new ReadEvent(hash, leaf, null, FindingCodes.EventUnknown);
        }
    }
}

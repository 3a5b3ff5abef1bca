using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CreditBank.Ledger.Events;

namespace CreditBank.Verifier;

/// <summary>
/// Replays a book within bounded memory: a small one as it is read, a large one in parts. Everything of one account
/// falls into one part, its transfers too; parts lie on disk until their turn comes.
/// </summary>
internal sealed class ReplayParts : IDisposable
{
    private const int PartsMax = 256;
    private const int HeadBytes = sizeof(long) + sizeof(int);

    private readonly ExportFolder folder;
    private readonly RegistryFacts registry;
    private readonly ReplayOptions options;
    private readonly string log;
    private readonly Findings findings;
    private readonly LedgerReplay? whole;
    private readonly List<FileStream> parts = [];

    // By hash: a book has millions of transfers, and their ids would be most of the memory.
    private readonly Dictionary<ulong, byte> partOfTransfer = [];

    /// <summary>Parts for a book of so many events.</summary>
    public ReplayParts(
        ExportFolder folder,
        RegistryFacts registry,
        ReplayOptions options,
        string log,
        long events,
        string spillFolder,
        Findings findings
    )
    {
        (this.folder, this.registry, this.options, this.log, this.findings) = (
            folder,
            registry,
            options,
            log,
            findings
        );
        if (events <= options.EventsInMemoryMax)
        {
            whole = new LedgerReplay(registry, options, log, findings);
            return;
        }

        Directory.CreateDirectory(spillFolder);
        var count = Math.Min((events - 1) / options.EventsInMemoryMax + 2, PartsMax);
        for (var i = 0; i < count; i++)
        {
            parts.Add(
                new FileStream(
                    Path.Combine(spillFolder, $"{log}.{i}.part"),
                    new FileStreamOptions
                    {
                        Mode = FileMode.Create,
                        Access = FileAccess.ReadWrite,
                        Options = FileOptions.DeleteOnClose,
                        BufferSize = 1 << 16,
                    }
                )
            );
        }
    }

    /// <summary>Takes the next event.</summary>
    public void Add(in ReadEvent read, ReadOnlyMemory<byte> line, long index, bool isLate)
    {
        if (whole is not null)
        {
            whole.Add(read, index, isLate);
            return;
        }

        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteInt64LittleEndian(head, isLate ? ~index : index);
        BinaryPrimitives.WriteInt32LittleEndian(head[sizeof(long)..], line.Length);
        var part = parts[PartOf(read)];
        part.Write(head);
        part.Write(line.Span);
    }

    /// <summary>Replays what waits on disk, and sums up.</summary>
    public ReplayTotals Finish()
    {
        if (whole is not null)
        {
            whole.Finish();
            return whole.Totals;
        }

        var totals = new ReplayTotals();
        foreach (var part in parts)
        {
            totals.Add(Replay(part));
        }

        return totals;
    }

    /// <inheritdoc/>
    public void Dispose() => parts.ForEach(part => part.Dispose());

    private ReplayTotals Replay(FileStream part)
    {
        var replay = new LedgerReplay(registry, options, log, findings);
        var parser = new EventParser(folder, options.WithRules);
        part.Position = 0;
        Span<byte> head = stackalloc byte[HeadBytes];
        byte[] line = [];
        while (part.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) == HeadBytes)
        {
            var index = BinaryPrimitives.ReadInt64LittleEndian(head);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[sizeof(long)..]);
            line = line.Length < length ? new byte[Math.Max(length, 2 * line.Length)] : line;
            part.ReadExactly(line, 0, length);
            replay.Add(parser.ReadAgain(line.AsMemory(0, length)), index < 0 ? ~index : index, index < 0);
        }

        replay.Finish();
        return replay.Totals;
    }

    private int PartOf(in ReadEvent read)
    {
        var stream = HashOf(read.Leaf.Envelope.Stream);
        if (read.Data is TransferSubmitted submitted)
        {
            var part = (byte)(HashOf(submitted.AccountId) % (ulong)parts.Count);
            partOfTransfer[stream] = part;
            return part;
        }

        return partOfTransfer.TryGetValue(stream, out var known) ? known : (int)(stream % (ulong)parts.Count);
    }

    private static ulong HashOf(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}

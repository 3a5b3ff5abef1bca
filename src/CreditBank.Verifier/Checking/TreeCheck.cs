using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>A size and root that somebody signed, and who says so.</summary>
/// <param name="Checkpoint">The checkpoint.</param>
/// <param name="Source">Where it comes from, for a person.</param>
/// <param name="Code">The code when the leaves do not lead to it.</param>
internal sealed record ExpectedRoot(Checkpoint Checkpoint, string Source, string Code);

/// <summary>
/// Builds a log's tree from its leaves and compares it with the tiles of the export and with every root that was ever
/// signed: that all of them are roots of beginnings of the same leaves is what consistency means.
/// </summary>
internal sealed class TreeCheck
{
    private readonly ExportFolder folder;
    private readonly Findings findings;
    private readonly string log;
    private readonly long size;
    private readonly Queue<ExpectedRoot> expected;
    private readonly TileBuilder tree = new();
    private readonly List<(long Index, Guid? EventId)> mismatches = [];
    private ReadOnlyMemory<byte> tile;
    private CompactRange? tiles;
    private bool isTreeSigned;
    private bool areTilesSigned;

    /// <summary>A check of one log.</summary>
    /// <param name="folder">The export.</param>
    /// <param name="log">The log.</param>
    /// <param name="size">How many leaves its newest checkpoint has.</param>
    /// <param name="expected">What was signed, of sizes up to that.</param>
    /// <param name="findings">Where findings go.</param>
    public TreeCheck(ExportFolder folder, string log, long size, IEnumerable<ExpectedRoot> expected, Findings findings)
    {
        (this.folder, this.log, this.size, this.findings) = (folder, log, size, findings);
        this.expected = new Queue<ExpectedRoot>(expected.OrderBy(root => root.Checkpoint.Size));
        CompareRoots();
    }

    /// <summary>How many leaves came.</summary>
    public long Count { get; private set; }

    /// <summary>How many signed roots were compared.</summary>
    public long RootsCompared { get; private set; }

    /// <summary>How many tiles were compared.</summary>
    public long TilesCompared { get; private set; }

    /// <summary>Takes the next leaf.</summary>
    public void Add(in MerkleHash leafHash, Guid? eventId)
    {
        var index = Count++;
        if (index >= size)
        {
            findings.Add(
                FindingCodes.LeafExtra,
                log,
                index,
                eventId,
                $"There is a line behind the {size} leaves that were signed."
            );
            return;
        }

        var place = (int)(index % TileId.FullWidth);
        if (place == 0)
        {
            OpenTile(index);
        }

        Compare(leafHash, index, place, eventId);
        tree.Append(leafHash);
        if (place == TileId.FullWidth - 1)
        {
            CompareUpperTiles(tree.TakeFull());
        }

        CompareRoots();
    }

    /// <summary>Ends the check when no leaf is left.</summary>
    public void Finish()
    {
        CompareUpperTiles(tree.Partial());
        foreach (var (index, eventId) in mismatches)
        {
            Blame(index, eventId);
        }

        if (Count < size)
        {
            findings.Add(
                FindingCodes.LeafMissing,
                log,
                Count,
                null,
                $"The events end at leaf {Count}; {size} were signed."
            );
        }
    }

    private void OpenTile(long index)
    {
        var id = TileId.In(0, index / TileId.FullWidth, size)!.Value;
        tile = folder.Read(log, id.Path);
        if (tile.Length != id.Width * MerkleHash.Length)
        {
            findings.Add(FindingCodes.TileMissing, log, index, null, $"{id.Path} is not there or of another length.");
            tile = default;
        }

        TilesCompared++;
    }

    private void Compare(in MerkleHash leafHash, long index, int place, Guid? eventId)
    {
        var logged = tile.IsEmpty
            ? leafHash
            : MerkleHash.From(tile.Span.Slice(place * MerkleHash.Length, MerkleHash.Length));
        if (logged != leafHash)
        {
            tiles ??= tree.RightEdge();
            if (mismatches.Count < Findings.KeptMax)
            {
                mismatches.Add((index, eventId));
            }
        }

        tiles?.Append(logged);
    }

    /// <summary>Says which of the two is wrong: the root that was signed follows from one of them at most.</summary>
    private void Blame(long index, Guid? eventId)
    {
        if (isTreeSigned)
        {
            findings.Add(FindingCodes.TileChanged, log, index, null, "The tile is not what the signed leaves say.");
        }
        else
        {
            var words = areTilesSigned
                ? "The event is not what was signed."
                : "The event is not what the tile says, and neither leads to the signed root.";
            findings.Add(FindingCodes.LeafChanged, log, index, eventId, words);
        }
    }

    private void CompareRoots()
    {
        while (expected.TryPeek(out var next) && next.Checkpoint.Size == tree.Size)
        {
            expected.Dequeue();
            RootsCompared++;
            isTreeSigned = tree.Root() == next.Checkpoint.Root;
            areTilesSigned = tiles is not null && tiles.Root() == next.Checkpoint.Root;
            if (!isTreeSigned && (!areTilesSigned || next.Code != FindingCodes.Root))
            {
                findings.Add(
                    next.Code,
                    log,
                    next.Checkpoint.Size,
                    null,
                    $"The first {next.Checkpoint.Size} leaves do not have the root of the checkpoint in {next.Source}."
                );
            }
        }
    }

    private void CompareUpperTiles(IReadOnlyList<Tile> computed)
    {
        // Where leaves and tiles differ, the tiles above differ too and say nothing new.
        foreach (var one in computed.Where(one => one.Id.Level > 0 && mismatches.Count == 0))
        {
            TilesCompared++;
            var first = one.Id.Index << (8 * (one.Id.Level + 1));
            var stored = folder.Read(log, one.Id.Path);
            if (stored is null)
            {
                findings.Add(FindingCodes.TileMissing, log, first, null, $"{one.Id.Path} is not there.");
            }
            else if (!stored.AsSpan().SequenceEqual(one.Bytes.Span))
            {
                findings.Add(
                    FindingCodes.TileChanged,
                    log,
                    first,
                    null,
                    $"{one.Id.Path} is not what the tiles below it say."
                );
            }
        }
    }
}

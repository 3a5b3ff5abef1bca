namespace CreditBank.Ledger.Audit;

/// <summary>
/// Grows a tree leaf by leaf and gives the tiles to store. It keeps one partial tile for each level, so that memory
/// does not grow with the tree, and those tiles are also its whole state: with them another builder goes on.
/// Not for several threads at once.
/// </summary>
/// <remarks>
/// A sealer appends a batch, stores what <see cref="TakeFull"/> and <see cref="Partial"/> give in one transaction with
/// the size, and signs <see cref="Root"/>. A verifier only drains <see cref="TakeFull"/> and compares.
/// </remarks>
public sealed class TileBuilder
{
    private readonly List<Level> levels = [];
    private readonly List<Tile> full = [];

    /// <summary>How many leaves have been appended.</summary>
    public long Size { get; private set; }

    /// <summary>Takes up where another builder stood.</summary>
    /// <param name="size">Its number of leaves.</param>
    /// <param name="partialTile">
    /// Gives each of the tiles that <see cref="TileId.RightEdge"/> names; a longer tile of the same place will do.
    /// </param>
    /// <exception cref="ArgumentException">A tile is shorter than its name says.</exception>
    public static TileBuilder Resume(long size, Func<TileId, ReadOnlyMemory<byte>> partialTile)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(partialTile);
        var builder = new TileBuilder { Size = size };
        for (var level = 0; size >> (TileId.Height * level) > 0; level++)
        {
            builder.levels.Add(new Level { FullTiles = size >> (TileId.Height * level) >> TileId.Height });
        }

        foreach (var id in TileId.RightEdge(size))
        {
            var bytes = partialTile(id).Span;
            var length = id.Width * MerkleHash.Length;
            if (bytes.Length < length)
            {
                throw new ArgumentException($"{id.Path} has {bytes.Length} bytes.", nameof(partialTile));
            }

            bytes[..length].CopyTo(builder.levels[id.Level].Hashes);
            builder.levels[id.Level].Width = id.Width;
        }

        return builder;
    }

    /// <summary>Appends the hash of one leaf.</summary>
    public void Append(in MerkleHash leafHash)
    {
        var hash = leafHash;
        for (var level = 0; ; level++)
        {
            if (level == levels.Count)
            {
                levels.Add(new Level());
            }

            var at = levels[level];
            hash.CopyTo(at.Hashes.AsSpan(at.Width * MerkleHash.Length));
            at.Width++;
            if (at.Width < TileId.FullWidth)
            {
                break;
            }

            full.Add(new Tile(new TileId(level, at.FullTiles, TileId.FullWidth), at.Hashes.ToArray()));
            hash = Tile.RootOf(at.Hashes);
            (at.Width, at.FullTiles) = (0, at.FullTiles + 1);
        }

        Size++;
    }

    /// <summary>
    /// The tiles that became full since the last call, in the order in which they did; they never change.
    /// </summary>
    public IReadOnlyList<Tile> TakeFull()
    {
        Tile[] taken = [.. full];
        full.Clear();
        return taken;
    }

    /// <summary>
    /// The partial tiles as they are now, the lowest level first: those of <see cref="TileId.RightEdge"/>.
    /// </summary>
    public IReadOnlyList<Tile> Partial() =>
        [
            .. TileId
                .RightEdge(Size)
                .Select(id => new Tile(id, levels[id.Level].Hashes.AsSpan(0, id.Width * MerkleHash.Length).ToArray())),
        ];

    /// <summary>The root of all leaves so far; <see cref="MerkleHash.EmptyRoot"/> without any.</summary>
    public MerkleHash Root() => RightEdge().Root();

    /// <summary>The same tree without its tiles, for who needs only roots from here on.</summary>
    public CompactRange RightEdge()
    {
        var edge = new List<MerkleHash>();
        for (var level = levels.Count - 1; level >= 0; level--)
        {
            var range = new CompactRange();
            for (var i = 0; i < levels[level].Width; i++)
            {
                range.Append(Tile.At(levels[level].Hashes, i));
            }

            edge.AddRange(range.RightEdge);
        }

        return new CompactRange(Size, edge.ToArray());
    }

    private sealed class Level
    {
        public byte[] Hashes { get; } = new byte[TileId.FullWidth * MerkleHash.Length];
        public int Width { get; set; }
        public long FullTiles { get; set; }
    }
}

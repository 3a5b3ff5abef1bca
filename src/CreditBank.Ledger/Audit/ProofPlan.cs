using System.Numerics;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// Which tiles a proof needs, and the proof from them: two steps, so that reading tiles from a database, a folder or
/// the network stays with the caller. Proofs are those of RFC 6962, sections 2.1.1 and 2.1.2.
/// </summary>
public sealed class ProofPlan
{
    private readonly long size;
    private readonly List<Range> ranges;

    private ProofPlan(long size, List<Range> ranges)
    {
        this.size = size;
        this.ranges = ranges;
        Tiles = [.. ranges.SelectMany(range => range.Nodes()).Select(node => node.TileIn(size)).Distinct()];
    }

    /// <summary>The tiles that are needed, each once, as wide as the tree makes them.</summary>
    public IReadOnlyList<TileId> Tiles { get; }

    /// <summary>Plans the proof that a leaf stands at an index.</summary>
    /// <param name="index">From zero; below <paramref name="size"/>.</param>
    /// <param name="size">How many leaves the tree has.</param>
    public static ProofPlan Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var siblings = new List<Range>();
        var tree = new Range(0, size);
        while (tree.Length > 1)
        {
            var (left, right) = tree.Split();
            var isLeft = index < left.To;
            siblings.Add(isLeft ? right : left);
            tree = isLeft ? left : right;
        }

        siblings.Reverse();
        return new ProofPlan(size, siblings);
    }

    /// <summary>Plans the proof that a tree continues an older one.</summary>
    /// <param name="olderSize">
    /// From one to <paramref name="newerSize"/>, inclusive; for equal sizes the proof is empty.
    /// </param>
    /// <param name="newerSize">How many leaves the tree has.</param>
    public static ProofPlan Consistency(long olderSize, long newerSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(olderSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(olderSize, newerSize);
        var path = new List<Range>();
        var tree = new Range(0, newerSize);
        while (tree.To != olderSize)
        {
            var (left, right) = tree.Split();
            var isLeft = olderSize <= left.To;
            path.Add(isLeft ? right : left);
            tree = isLeft ? left : right;
        }

        // An older tree that is a complete subtree from zero is known to the verifier: it is the older root.
        if (tree.From > 0)
        {
            path.Add(tree);
        }

        path.Reverse();
        return new ProofPlan(newerSize, path);
    }

    /// <summary>Plans the root itself, as a proof of one hash.</summary>
    /// <param name="size">How many leaves the tree has, at least one.</param>
    public static ProofPlan Root(long size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return new ProofPlan(size, [new Range(0, size)]);
    }

    /// <summary>The hashes of the proof, in the order in which verifiers take them.</summary>
    /// <param name="tile">Gives each of <see cref="Tiles"/>; a longer tile of the same place will do.</param>
    /// <exception cref="ArgumentException">A tile is shorter than its name says.</exception>
    public MerkleHash[] Resolve(Func<TileId, ReadOnlyMemory<byte>> tile)
    {
        ArgumentNullException.ThrowIfNull(tile);
        var hashes = new MerkleHash[ranges.Count];
        for (var i = 0; i < hashes.Length; i++)
        {
            var nodes = ranges[i].Nodes().ToList();
            hashes[i] = HashOf(nodes[^1], tile);
            foreach (var node in nodes.AsEnumerable().Reverse().Skip(1))
            {
                hashes[i] = MerkleHash.OfNode(HashOf(node, tile), hashes[i]);
            }
        }

        return hashes;
    }

    private MerkleHash HashOf(Node node, Func<TileId, ReadOnlyMemory<byte>> tile)
    {
        var id = node.TileIn(size);
        var bytes = tile(id).Span;
        if (bytes.Length < id.Width * MerkleHash.Length)
        {
            throw new ArgumentException($"{id.Path} has {bytes.Length} bytes.", nameof(tile));
        }

        return Tile.RootOf(bytes.Slice(node.FirstInTile * MerkleHash.Length, node.WidthInTile * MerkleHash.Length));
    }

    /// <summary>
    /// Leaves from (inclusive) to (exclusive) that make one subtree: from is aligned to the subtree's size.
    /// </summary>
    private readonly record struct Range(long From, long To)
    {
        public long Length => To - From;

        /// <summary>The two subtrees below: the left is the largest complete one that is not the whole.</summary>
        public (Range Left, Range Right) Split()
        {
            var middle = From + (1L << BitOperations.Log2((ulong)(Length - 1)));
            return (new Range(From, middle), new Range(middle, To));
        }

        /// <summary>The complete subtrees it falls into, the largest first.</summary>
        public IEnumerable<Node> Nodes()
        {
            for (var from = From; from < To; )
            {
                var level = BitOperations.Log2((ulong)(To - from));
                yield return new Node(level, from >> level);
                from += 1L << level;
            }
        }
    }

    /// <summary>A complete subtree: its height above the leaves, and its place among those of that height.</summary>
    private readonly record struct Node(int Level, long Index)
    {
        public int WidthInTile => 1 << (Level % TileId.Height);

        public int FirstInTile => (int)(FirstOfLevel % TileId.FullWidth);

        private long FirstOfLevel => Index << (Level % TileId.Height);

        public TileId TileIn(long size) =>
            TileId.In(Level / TileId.Height, FirstOfLevel / TileId.FullWidth, size)
            ?? throw new InvalidOperationException("A node outside the tree.");
    }
}

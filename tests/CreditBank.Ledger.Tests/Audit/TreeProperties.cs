using CreditBank.Ledger.Audit;
using FsCheck;
using FsCheck.Xunit;

namespace CreditBank.Ledger.Tests.Audit;

/// <summary>What holds for any two sizes of one tree, with proofs made from tiles and checked without them.</summary>
[Properties(MaxTest = 300)]
public sealed class TreeProperties
{
    private const int SizeMax = 3000;
    private static readonly MerkleHash[] Leaves =
    [
        .. Enumerable.Range(0, SizeMax).Select(index => MerkleHash.OfLeaf(BitConverter.GetBytes(index))),
    ];
    private static readonly TileBuilder[] Trees = [.. Grow()];

    [Property]
    public bool an_included_leaf_verifies_and_one_flipped_bit_does_not(PositiveInt size, NonNegativeInt index, byte bit)
    {
        var (tree, at) = (Trees[size.Get % SizeMax + 1], index.Get % (size.Get % SizeMax + 1));
        var proof = ProofPlan.Inclusion(at, tree.Size).Resolve(id => Tiles(tree, id));
        var isRight = MerkleProof.VerifyInclusion(at, tree.Size, Leaves[at], proof, tree.Root());
        var flipped = Flip(proof, bit);
        return isRight
            && !MerkleProof.VerifyInclusion(at, tree.Size, Flip([Leaves[at]], bit)[0], proof, tree.Root())
            && (proof.Length == 0 || !MerkleProof.VerifyInclusion(at, tree.Size, Leaves[at], flipped, tree.Root()));
    }

    [Property]
    public bool an_older_tree_is_a_prefix_and_another_is_not(PositiveInt size, PositiveInt olderSize, byte bit)
    {
        var newer = Trees[size.Get % SizeMax + 1];
        var older = Trees[olderSize.Get % (int)newer.Size + 1];
        var proof = ProofPlan.Consistency(older.Size, newer.Size).Resolve(id => Tiles(newer, id));
        bool Verifies(MerkleHash from, MerkleHash to, MerkleHash[] hashes) =>
            MerkleProof.VerifyConsistency(older.Size, newer.Size, from, to, hashes);

        return Verifies(older.Root(), newer.Root(), proof)
            && !Verifies(Flip([older.Root()], bit)[0], newer.Root(), proof)
            && !Verifies(older.Root(), Flip([newer.Root()], bit)[0], proof)
            && (proof.Length == 0 || !Verifies(older.Root(), newer.Root(), Flip(proof, bit)));
    }

    [Property]
    public bool the_right_edge_and_the_tiles_have_one_root(PositiveInt size)
    {
        var tree = Trees[size.Get % SizeMax + 1];
        var range = new CompactRange();
        foreach (var leaf in Leaves.AsSpan(0, (int)tree.Size))
        {
            range.Append(leaf);
        }

        return range.Root() == tree.Root()
            && ProofPlan.Root(tree.Size).Resolve(id => Tiles(tree, id)) is [var root]
            && root == tree.Root();
    }

    [Property]
    public bool paths_of_tiles_round_trip(NonNegativeInt level, NonNegativeInt high, NonNegativeInt low, byte width)
    {
        var id = new TileId(level.Get % 9 - 1, high.Get * 1_000_000_007L + low.Get, width + 1);
        return TileId.TryParse(id.Path, out var read) && read == id;
    }

    private static IEnumerable<TileBuilder> Grow()
    {
        var tree = new TileBuilder();
        yield return tree;
        foreach (var leaf in Leaves)
        {
            var last = tree;
            tree = TileBuilder.Resume(last.Size, id => last.Partial().Single(tile => tile.Id == id).Bytes);
            tree.Append(leaf);
            yield return tree;
        }
    }

    /// <summary>
    /// A tile at the right edge from the tree itself; a full one from the tree that had just filled it.
    /// </summary>
    private static ReadOnlyMemory<byte> Tiles(TileBuilder tree, TileId id)
    {
        if (id.IsPartial)
        {
            return tree.Partial().Single(tile => tile.Id == id).Bytes;
        }

        var bytes = new byte[TileId.FullWidth * MerkleHash.Length];
        var span = 1L << (8 * id.Level);
        for (var i = 0; i < TileId.FullWidth; i++)
        {
            var range = new CompactRange();
            for (var leaf = (id.Index * TileId.FullWidth + i) * span; range.Size < span; leaf++)
            {
                range.Append(Leaves[leaf]);
            }

            range.Root().CopyTo(bytes.AsSpan(i * MerkleHash.Length));
        }

        return bytes;
    }

    private static MerkleHash[] Flip(MerkleHash[] hashes, byte bit)
    {
        var flipped = (MerkleHash[])hashes.Clone();
        if (flipped.Length > 0)
        {
            var bytes = flipped[bit % flipped.Length].ToBytes();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            flipped[bit % flipped.Length] = MerkleHash.From(bytes);
        }

        return flipped;
    }
}

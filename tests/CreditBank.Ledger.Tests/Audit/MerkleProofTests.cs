using System.Text;
using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class MerkleProofTests
{
    private const int SizeMax = 260;
    private static readonly NaiveTree Tree = new(SizeMax);
    private static readonly MerkleHash[] Leaves = Tree.Leaves;

    [Fact]
    public void the_constants_of_rfc_6962_are_ours()
    {
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Hex(MerkleHash.EmptyRoot));
        Assert.Equal("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", Hex(MerkleHash.OfLeaf([])));
        Assert.Equal(
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56",
            Hex(MerkleHash.OfLeaf("L123456"u8))
        );
        Assert.Equal(
            "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb",
            Hex(NodeOfUnhashed("N123", "N456"))
        );
    }

    [Fact]
    public void a_long_leaf_hashes_like_a_short_one()
    {
        foreach (var length in new[] { 0, 1, 4094, 4095, 4096, 65535 })
        {
            var leaf = new byte[length];
            new Random(length).NextBytes(leaf);
            var expected = System.Security.Cryptography.SHA256.HashData([0, .. leaf]);
            Assert.Equal(expected, MerkleHash.OfLeaf(leaf).ToBytes());
        }
    }

    [Fact]
    public void the_right_edge_gives_the_root_of_the_naive_tree_at_every_size()
    {
        var range = new CompactRange();
        for (var size = 0; size <= SizeMax; size++)
        {
            Assert.Equal(size, range.Size);
            Assert.Equal(Tree.Root(size), range.Root());
            range = CompactRange.FromBytes(range.ToBytes());
            range = new CompactRange(range.Size, range.RightEdge);
            if (size < SizeMax)
            {
                range.Append(Leaves[size]);
            }
        }
    }

    [Fact]
    public void a_right_edge_that_does_not_fit_its_size_is_a_bug()
    {
        Assert.Throws<ArgumentException>(() => new CompactRange(2, Leaves.AsSpan(0, 2)));
        Assert.ThrowsAny<ArgumentException>(() => new CompactRange(-1, []));
        Assert.Throws<ArgumentException>(() => CompactRange.FromBytes(new byte[7]));
        Assert.Throws<ArgumentException>(() => CompactRange.FromBytes(new byte[41]));
        Assert.Throws<ArgumentException>(() => CompactRange.FromBytes(new byte[40]));
        Assert.Equal(0, CompactRange.FromBytes(new byte[8]).Size);
    }

    [Fact]
    public void every_inclusion_proof_of_every_size_verifies_and_for_no_other_leaf_index_or_size()
    {
        for (var size = 1; size <= SizeMax; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var (leaf, root, proof) = (Leaves[index], Tree.Root(size), Tree.Path(index, size));
                Assert.True(MerkleProof.VerifyInclusion(index, size, leaf, proof, root));
                if (IsProbed(index, size))
                {
                    Assert.False(MerkleProof.VerifyInclusion(index, size, Leaves[^(index + 1)], proof, root));
                    Assert.False(MerkleProof.VerifyInclusion(index + 1, size, leaf, proof, root));
                    Assert.False(MerkleProof.VerifyInclusion(index - 1, size, leaf, proof, root));
                    Assert.False(MerkleProof.VerifyInclusion(index, size, leaf, [.. proof, root], root));
                    Assert.False(MerkleProof.VerifyInclusion(index, 2 * size, leaf, proof, root));
                }
            }
        }
    }

    [Fact]
    public void every_consistency_proof_of_every_two_sizes_verifies_and_for_no_other_sizes()
    {
        for (var newer = 1; newer <= SizeMax; newer++)
        {
            for (var older = 1; older <= newer; older++)
            {
                var (from, to, proof) = (Tree.Root(older), Tree.Root(newer), Tree.Consistency(older, newer));
                Assert.True(MerkleProof.VerifyConsistency(older, newer, from, to, proof));
                if (IsProbed(older, newer))
                {
                    Assert.False(MerkleProof.VerifyConsistency(older, newer, from, MerkleHash.EmptyRoot, proof));
                    Assert.False(MerkleProof.VerifyConsistency(older - 1, newer, from, to, proof));
                    Assert.False(MerkleProof.VerifyConsistency(older, newer, from, to, [.. proof, to]));
                    AssertNoPartVerifies(older, newer, proof);
                }
            }
        }
    }

    [Fact]
    public void any_flipped_bit_of_a_proof_a_root_or_a_leaf_is_found()
    {
        for (var size = 2; size <= 40; size++)
        {
            var (root, index) = (Tree.Root(size), size * 5 / 7);
            var proof = Tree.Path(index, size);
            foreach (var (flippedProof, flippedRoot) in Flips(proof, root))
            {
                Assert.False(MerkleProof.VerifyInclusion(index, size, Leaves[index], flippedProof, flippedRoot));
            }

            var older = 1 + size / 3;
            var olderRoot = Tree.Root(older);
            proof = Tree.Consistency(older, size);
            foreach (var (flippedProof, flippedRoot) in Flips(proof, root))
            {
                Assert.False(MerkleProof.VerifyConsistency(older, size, olderRoot, flippedRoot, flippedProof));
            }
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 5)]
    [InlineData(5, 5)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, long.MinValue)]
    public void sizes_and_indexes_that_cannot_be_are_just_wrong(long index, long size)
    {
        Assert.False(MerkleProof.VerifyInclusion(index, size, Leaves[0], [], Leaves[0]));
        Assert.False(MerkleProof.VerifyInclusion(index, size, Leaves[0], Leaves, Leaves[0]));
        Assert.False(MerkleProof.VerifyConsistency(index, size, Leaves[0], Leaves[1], Leaves));
    }

    [Fact]
    public void a_hash_is_read_in_one_spelling_only()
    {
        var text = Leaves[0].ToString();
        Assert.True(MerkleHash.TryParse(text, out var hash));
        Assert.Equal(Leaves[0], hash);
        foreach (var wrong in new[] { null, "", text[..^1], text + "\n", " " + text, text[..^2] + "/=", text + "AAAA" })
        {
            Assert.False(MerkleHash.TryParse(wrong, out _), wrong);
        }
    }

    /// <summary>
    /// All small sizes, and a sample of the others, because what must fail is many times what must not.
    /// </summary>
    private static bool IsProbed(int inner, int outer) => outer <= 40 || (inner * 31 + outer) % 11 == 0;

    private static void AssertNoPartVerifies(int older, int newer, MerkleHash[] proof)
    {
        var (from, to) = (Tree.Root(older), Tree.Root(newer));
        if (proof.Length > 0)
        {
            Assert.False(MerkleProof.VerifyConsistency(older, newer, from, to, proof.AsSpan(1)));
            Assert.False(MerkleProof.VerifyConsistency(older, newer, from, to, proof.AsSpan(0, proof.Length - 1)));
            Assert.False(MerkleProof.VerifyConsistency(newer, older, to, from, proof));
        }
    }

    private static IEnumerable<(MerkleHash[] Proof, MerkleHash Root)> Flips(MerkleHash[] proof, MerkleHash root)
    {
        for (var bit = 0; bit < 8 * MerkleHash.Length; bit += 5)
        {
            yield return (proof, Flip(root, bit));
            for (var i = 0; i < proof.Length; i++)
            {
                var flipped = (MerkleHash[])proof.Clone();
                flipped[i] = Flip(flipped[i], bit);
                yield return (flipped, root);
            }
        }
    }

    private static MerkleHash Flip(MerkleHash hash, int bit)
    {
        var bytes = hash.ToBytes();
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return MerkleHash.From(bytes);
    }

    private static MerkleHash NodeOfUnhashed(string left, string right) =>
        MerkleHash.From(
            System.Security.Cryptography.SHA256.HashData([
                1,
                .. Encoding.ASCII.GetBytes(left),
                .. Encoding.ASCII.GetBytes(right),
            ])
        );

    private static string Hex(MerkleHash hash) => Convert.ToHexStringLower(hash.ToBytes());
}

using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class TileTests
{
    [Theory]
    [InlineData(0, 0, 256, "tile/0/000")]
    [InlineData(0, 0, 1, "tile/0/000.p/1")]
    [InlineData(1, 999, 255, "tile/1/999.p/255")]
    [InlineData(0, 1000, 256, "tile/0/x001/000")]
    [InlineData(2, 1234067, 256, "tile/2/x001/x234/067")]
    [InlineData(TileId.Entries, 1234067, 17, "tile/entries/x001/x234/067.p/17")]
    [InlineData(0, 36028797018963967, 256, "tile/0/x036/x028/x797/x018/x963/967")]
    [InlineData(7, 0, 127, "tile/7/000.p/127")]
    public void a_tile_has_one_path(int level, long index, int width, string path)
    {
        var id = new TileId(level, index, width);
        Assert.Equal(path, id.Path);
        Assert.True(TileId.TryParse(path, out var read));
        Assert.Equal(id, read);
        Assert.Equal(width < 256, id.IsPartial);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("checkpoint")]
    [InlineData("/tile/0/000")]
    [InlineData("tile/0")]
    [InlineData("tile/0/")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/0000")]
    [InlineData("tile/00/000")]
    [InlineData("tile/8/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/Entries/000")]
    [InlineData("tile/0/x000/000")]
    [InlineData("tile/0/001/000")]
    [InlineData("tile/0/x001")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/0/000.p/1/")]
    [InlineData("tile/0/000.p/")]
    [InlineData("tile/0/000.p/1.p/1")]
    [InlineData("tile/0/../000")]
    [InlineData("tile/0/+01")]
    [InlineData("tile/0/ 01")]
    [InlineData("tile/0/٠٠١")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/x999/999")]
    [InlineData("tile/0/x001/x000/x000/x000/x000/x000/000")]
    public void any_other_path_is_none(string? path) => Assert.False(TileId.TryParse(path, out _));

    // The example of the specification.
    [Fact]
    public void a_tree_of_70000_has_the_tiles_of_the_specification()
    {
        const long Size = 70_000;
        Assert.Equal(new TileId(0, 272, 256), TileId.In(0, 272, Size));
        Assert.Equal(new TileId(0, 273, 112), TileId.In(0, 273, Size));
        Assert.Null(TileId.In(0, 274, Size));
        Assert.Equal(new TileId(1, 0, 256), TileId.In(1, 0, Size));
        Assert.Equal(new TileId(1, 1, 17), TileId.In(1, 1, Size));
        Assert.Equal(new TileId(2, 0, 1), TileId.In(2, 0, Size));
        Assert.Null(TileId.In(2, 1, Size));
        Assert.Null(TileId.In(3, 0, Size));
        Assert.Null(TileId.In(0, -1, Size));
        Assert.Null(TileId.In(0, long.MaxValue, Size));
        Assert.Equal([new(0, 273, 112), new(1, 1, 17), new(2, 0, 1)], TileId.RightEdge(Size));
        Assert.Equal([new TileId(1, 0, 1)], TileId.RightEdge(256));
        Assert.Equal(new TileId(TileId.Entries, 273, 112), TileId.In(TileId.Entries, 273, Size));
        Assert.Empty(TileId.RightEdge(0));
        Assert.Equal(8, TileId.RightEdge(long.MaxValue).Count());
    }

    [Fact]
    public void tiles_grow_alike_in_one_go_and_in_batches_with_restarts()
    {
        const int Size = 70_000;
        var (whole, stored) = (new TileBuilder(), new TileStore());
        var batches = new TileBuilder();
        var (range, random) = (new CompactRange(), new Random(1));
        var next = 0;
        for (var i = 0; i < Size; i++)
        {
            var leaf = MerkleHash.OfLeaf(BitConverter.GetBytes(i));
            whole.Append(leaf);
            batches.Append(leaf);
            range.Append(leaf);
            if (i == next || i == Size - 1)
            {
                next += random.Next(1, 2000);
                stored.Save(batches);
                batches = TileBuilder.Resume(i + 1, stored.Load);
                Assert.Equal(range.Root(), batches.Root());
                Assert.Equal(range.RightEdge.ToArray(), batches.RightEdge().RightEdge.ToArray());
            }
        }

        Assert.Equal(Size, batches.Size);
        var full = whole.TakeFull();
        Assert.Equal(273 + 1, full.Count);
        Assert.All(full, tile => Assert.True(tile.Bytes.Span.SequenceEqual(stored.Load(tile.Id).Span)));
        Assert.Equal(["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"], whole.Partial().Select(t => t.Id.Path));
        Assert.All(
            whole.Partial(),
            tile => Assert.True(tile.Bytes.Span.SequenceEqual(stored.Load(tile.Id).Span[..tile.Bytes.Length]))
        );
        Assert.Empty(whole.TakeFull());
    }

    [Fact]
    public void an_empty_builder_has_the_empty_root_and_no_tiles()
    {
        Assert.Equal(MerkleHash.EmptyRoot, new TileBuilder().Root());
        Assert.Equal(MerkleHash.EmptyRoot, TileBuilder.Resume(0, _ => default).Root());
        Assert.Empty(new TileBuilder().Partial());
    }

    [Fact]
    public void a_builder_does_not_resume_on_tiles_that_are_too_short() =>
        Assert.Throws<ArgumentException>(() => TileBuilder.Resume(3, _ => new byte[64]));

    [Fact]
    public void planned_proofs_are_those_of_the_naive_tree_at_every_size()
    {
        const int SizeMax = 300;
        var naive = new NaiveTree(SizeMax);
        var (builder, stored) = (new TileBuilder(), new TileStore());
        for (var size = 1; size <= SizeMax; size++)
        {
            builder.Append(naive.Leaves[size - 1]);
            stored.Save(builder);
            Assert.Equal([naive.Root(size)], Resolve(ProofPlan.Root(size), stored));
            for (var index = size % 23; index < size; index += 23)
            {
                var proof = Resolve(ProofPlan.Inclusion(index, size), stored);
                Assert.Equal(naive.Path(index, size), proof);
                var older = index + 1;
                Assert.Equal(naive.Consistency(older, size), Resolve(ProofPlan.Consistency(older, size), stored));
            }
        }
    }

    [Fact]
    public void proofs_of_a_tree_of_three_levels_verify()
    {
        const int Size = 70_000;
        var (builder, stored, roots) = (new TileBuilder(), new TileStore(), new Dictionary<long, MerkleHash>());
        for (var i = 0; i < Size; i++)
        {
            builder.Append(MerkleHash.OfLeaf(BitConverter.GetBytes(i)));
            if (i % 997 == 0)
            {
                roots[i + 1] = builder.Root();
            }
        }

        stored.Save(builder);
        var root = builder.Root();
        foreach (var (older, olderRoot) in roots)
        {
            var proof = Resolve(ProofPlan.Consistency(older, Size), stored);
            Assert.True(MerkleProof.VerifyConsistency(older, Size, olderRoot, root, proof));
            var plan = ProofPlan.Inclusion(older, Size);
            Assert.InRange(plan.Tiles.Count, 1, 6);
            var leaf = MerkleHash.OfLeaf(BitConverter.GetBytes((int)older));
            Assert.True(MerkleProof.VerifyInclusion(older, Size, leaf, Resolve(plan, stored), root));
        }
    }

    [Fact]
    public void a_proof_outside_the_tree_is_a_bug()
    {
        Assert.ThrowsAny<ArgumentException>(() => ProofPlan.Inclusion(5, 5));
        Assert.ThrowsAny<ArgumentException>(() => ProofPlan.Inclusion(-1, 5));
        Assert.ThrowsAny<ArgumentException>(() => ProofPlan.Consistency(0, 5));
        Assert.ThrowsAny<ArgumentException>(() => ProofPlan.Consistency(6, 5));
        Assert.ThrowsAny<ArgumentException>(() => ProofPlan.Root(0));
        Assert.Throws<ArgumentException>(() => ProofPlan.Root(3).Resolve(_ => new byte[95]));
    }

    [Fact]
    public void an_immense_tree_is_planned_at_once()
    {
        const long Size = long.MaxValue;
        Assert.InRange(ProofPlan.Inclusion(Size - 1, Size).Tiles.Count, 1, 8);
        Assert.InRange(ProofPlan.Consistency(Size / 3, Size).Tiles.Count, 1, 16);
    }

    private static MerkleHash[] Resolve(ProofPlan plan, TileStore stored)
    {
        var loaded = plan.Tiles.ToDictionary(id => id, stored.Load);
        return plan.Resolve(id => loaded[id]);
    }

    /// <summary>Keeps tiles as a database would: one row for each place, overwritten as it grows.</summary>
    private sealed class TileStore
    {
        private readonly Dictionary<(int Level, long Index), ReadOnlyMemory<byte>> rows = [];

        public void Save(TileBuilder builder)
        {
            foreach (var tile in builder.TakeFull().Concat(builder.Partial()))
            {
                rows[(tile.Id.Level, tile.Id.Index)] = tile.Bytes;
            }
        }

        public ReadOnlyMemory<byte> Load(TileId id) => rows[(id.Level, id.Index)];
    }
}

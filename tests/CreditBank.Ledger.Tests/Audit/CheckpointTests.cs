using System.Text;
using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class CheckpointTests
{
    private const string Root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

    [Theory]
    [InlineData("example.com/behind-the-sofa\n20852163\n" + Root + "\n", 20852163L, "")]
    [InlineData("go.sum database tree\n0\n" + Root + "\n", 0L, "")]
    [InlineData("a\n9223372036854775807\n" + Root + "\n", long.MaxValue, "")]
    [InlineData("a\n1\n" + Root + "\nmore\nand more\n", 1L, "more\nand more\n")]
    public void a_checkpoint_is_read_and_written_as_it_stands(string text, long size, string extensionLines)
    {
        Assert.True(Checkpoint.TryParse(text, out var checkpoint, out _));
        Assert.Equal(size, checkpoint.Size);
        Assert.Equal(Root, checkpoint.Root.ToString());
        Assert.Equal(extensionLines, checkpoint.ExtensionLines);
        Assert.Equal(text, checkpoint.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a\n1\n")]
    [InlineData("\n1\n" + Root + "\n")]
    [InlineData("a\n1\n" + Root)]
    [InlineData("a\n01\n" + Root + "\n")]
    [InlineData("a\n\n" + Root + "\n")]
    [InlineData("a\n-1\n" + Root + "\n")]
    [InlineData("a\n+1\n" + Root + "\n")]
    [InlineData("a\n1.0\n" + Root + "\n")]
    [InlineData("a\n 1\n" + Root + "\n")]
    [InlineData("a\n9223372036854775808\n" + Root + "\n")]
    [InlineData("a\n１\n" + Root + "\n")]
    [InlineData("a\n1\n" + Root + "\n\n")]
    [InlineData("a\n1\n" + Root + " \n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n")]
    [InlineData("a\n1\nAAAA\n")]
    public void anything_else_is_no_checkpoint(string? text)
    {
        Assert.False(Checkpoint.TryParse(text, out _, out var problem));
        Assert.Equal("audit.checkpoint.malformed", problem);
    }

    [Fact]
    public void a_checkpoint_verifies_only_for_its_log_and_its_keys()
    {
        using var log = TestKeys.Log();
        using var other = TestKeys.Log("other.example");
        var signed = new Checkpoint(log.Vkey.Name, 1, MerkleHash.OfLeaf([])).Sign(log);
        Assert.True(SignedCheckpoint.TryParse(signed.Note.ToBytes(), out var read, out _));
        Assert.True(read.TryVerify(log.Vkey.Name, [log.Vkey], out _));
        Assert.False(read.TryVerify("other.example", [log.Vkey], out var problem));
        Assert.Equal("audit.checkpoint.origin", problem);
        Assert.False(read.TryVerify(log.Vkey.Name, [other.Vkey], out problem));
        Assert.Equal("audit.note.unknown-keys", problem);
    }

    [Fact]
    public void a_note_that_is_no_checkpoint_is_named()
    {
        using var log = TestKeys.Log();
        var note = SignedNote.Create("hello\n", log.Sign("hello\n"));
        Assert.False(SignedCheckpoint.TryParse(note.ToBytes(), out _, out var problem));
        Assert.Equal("audit.checkpoint.malformed", problem);
        Assert.False(SignedCheckpoint.TryParse("hello"u8, out _, out problem));
        Assert.Equal("audit.note.malformed", problem);
    }

    [Fact]
    public void only_a_tree_that_has_the_older_one_as_prefix_continues_it()
    {
        var tree = new NaiveTree(20);
        var older = new Checkpoint("a", 7, tree.Root(7));
        var newer = new Checkpoint("a", 20, tree.Root(20));
        var proof = tree.Consistency(7, 20);
        Assert.True(older.IsContinuedBy(newer, proof));
        Assert.True(older.IsContinuedBy(older, []));
        Assert.False(newer.IsContinuedBy(older, proof));
        Assert.False(older.IsContinuedBy(newer with { Origin = "b" }, proof));
        Assert.False(older.IsContinuedBy(newer with { Root = tree.Root(19) }, proof));
        Assert.False(older.IsContinuedBy(older with { Root = tree.Root(8) }, []));
        var empty = new Checkpoint("a", 0, MerkleHash.EmptyRoot);
        Assert.True(empty.IsContinuedBy(newer, []));
        Assert.True(empty.IsContinuedBy(empty, []));
        Assert.False(empty.IsContinuedBy(newer, proof));
        Assert.False(empty.IsContinuedBy(empty with { Root = tree.Root(1) }, []));
        Assert.False((empty with { Root = tree.Root(1) }).IsContinuedBy(newer, []));
    }

    [ExternalDataFact]
    public void a_log_that_other_software_wrote_verifies_and_ours_writes_the_same_bytes()
    {
        const string Origin = "example.com/log/testdata";
        var folder = ExternalData.PathOf("merkle", "tessera-testdata", "testdata", "log");
        var leaves = "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten".Split(' ');
        var secret = "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg";
        Assert.True(NoteSigner.TryParse(secret, out var read, out _));
        using var signer = read;
        Assert.Equal(
            "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
            signer.Vkey.ToString()
        );
        var (builder, bundle) = (new TileBuilder(), new MemoryStream());
        for (var size = 0; size <= leaves.Length; size++)
        {
            var published = File.ReadAllBytes(Path.Combine(folder, $"checkpoint.{size}"));
            Assert.True(SignedCheckpoint.TryParse(published, out var signed, out _));
            Assert.True(signed.TryVerify(Origin, [signer.Vkey], out var problem), problem);
            Assert.Equal(published, new Checkpoint(Origin, size, builder.Root()).Sign(signer).Note.ToBytes());
            if (size > 0)
            {
                var tile = Assert.Single(builder.Partial());
                Assert.Equal(File.ReadAllBytes(Path.Combine(folder, tile.Id.Path)), tile.Bytes.ToArray());
                var entries = File.ReadAllBytes(Path.Combine(folder, new TileId(TileId.Entries, 0, size).Path));
                Assert.Equal(entries, bundle.ToArray());
                Assert.True(EntryBundle.TryParse(entries, size, out var bundled, out problem), problem);
                Assert.Equal(leaves[size - 1], Encoding.UTF8.GetString(bundled[size - 1].Span));
            }

            if (size < leaves.Length)
            {
                builder.Append(MerkleHash.OfLeaf(Encoding.UTF8.GetBytes(leaves[size])));
                EntryBundle.Append(bundle, Encoding.UTF8.GetBytes(leaves[size]));
            }
        }
    }
}

using System.Text;
using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class TlogProofTests
{
    private static readonly NaiveTree Tree = new(20);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 20)]
    [InlineData(13, 20)]
    [InlineData(19, 20)]
    public void a_receipt_is_written_read_and_verified_offline(int index, int size)
    {
        using var log = TestKeys.Log();
        var receipt = Receipt(log, index, size);
        Assert.True(TlogProof.TryParse(receipt.ToBytes(), out var read, out var problem), problem);
        Assert.Equal(receipt.ToString(), read.ToString());
        Assert.Null(read.Extra);
        Assert.True(read.TryVerify(Tree.Leaves[index], TrustPolicy.Of(log.Vkey), out problem), problem);
        Assert.False(read.TryVerify(Tree.Root(3), TrustPolicy.Of(log.Vkey), out problem));
        Assert.Equal("audit.proof.inclusion", problem);
    }

    [Fact]
    public void a_receipt_of_a_log_that_is_not_trusted_proves_nothing()
    {
        using var log = TestKeys.Log();
        using var impostor = NoteSigner.FromSeed(log.Vkey.Name, NoteKeyType.Ed25519, new byte[32]);
        using var other = TestKeys.Log("other.example");
        var receipt = Receipt(impostor, 2, 9);
        Assert.False(receipt.TryVerify(Tree.Leaves[2], TrustPolicy.Of(log.Vkey), out var problem));
        Assert.Equal("audit.note.unknown-keys", problem);
        Assert.False(receipt.TryVerify(Tree.Leaves[2], TrustPolicy.Of(other.Vkey), out problem));
        Assert.Equal("audit.checkpoint.origin", problem);
    }

    [Fact]
    public void extra_bytes_are_kept()
    {
        using var log = TestKeys.Log();
        var receipt = Receipt(log, 2, 9) with { Extra = "about the bytes"u8.ToArray() };
        Assert.True(TlogProof.TryParse(receipt.ToBytes(), out var read, out _));
        Assert.Equal("about the bytes", Encoding.UTF8.GetString(read.Extra!.Value.Span));
        Assert.Equal(receipt.ToString(), read.ToString());
    }

    [Fact]
    public void what_is_no_receipt_is_refused()
    {
        using var log = TestKeys.Log();
        var right = Receipt(log, 2, 9).ToString();
        string[] wrong =
        [
            "",
            "\n\n",
            right.Replace("@v1", "@v2", StringComparison.Ordinal),
            right.Replace("index 2", "index 02", StringComparison.Ordinal),
            right.Replace("index 2", "index -2", StringComparison.Ordinal),
            right.Replace("index 2\n", "", StringComparison.Ordinal),
            right.Replace("index 2", "extra !\nindex 2", StringComparison.Ordinal),
            right.Replace("index 2", "index 2\nextra AAAA", StringComparison.Ordinal),
            right.Replace("index 2", "index 2\nAAAA", StringComparison.Ordinal),
            right.Replace(
                "index 2",
                $"index 2{string.Concat(Enumerable.Repeat($"\n{Tree.Root(1)}", 64))}",
                StringComparison.Ordinal
            ),
            right.Replace("\n", "\r\n", StringComparison.Ordinal),
            right[..^1],
            "c2sp.org/tlog-proof@v1\n\n" + right,
        ];
        Assert.All(wrong, text => Assert.False(TlogProof.TryParse(Encoding.UTF8.GetBytes(text), out _, out _), text));
    }

    [Fact]
    public void any_flipped_bit_is_found()
    {
        using var log = TestKeys.Log();
        var policy = TrustPolicy.Of(log.Vkey);
        var bytes = Receipt(log, 2, 9).ToBytes();
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(
                TlogProof.TryParse(flipped, out var receipt, out _) && receipt.TryVerify(Tree.Leaves[2], policy, out _)
            );
        }
    }

    private static TlogProof Receipt(NoteSigner log, int index, int size) =>
        new(index, Tree.Path(index, size), new Checkpoint(log.Vkey.Name, size, Tree.Root(size)).Sign(log));
}

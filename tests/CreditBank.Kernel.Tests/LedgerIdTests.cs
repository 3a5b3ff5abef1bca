using System.Security.Cryptography;
using FsCheck.Xunit;

namespace CreditBank.Kernel.Tests;

public sealed class LedgerIdTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 13).Select(i => (byte)(i * 20))];

    [Fact]
    public void an_id_shows_its_kind_and_its_bucket()
    {
        var id = LedgerId.Create(LedgerIdKind.Account, 0x7f, Bytes);
        Assert.StartsWith("acc-7f-", id, StringComparison.Ordinal);
        Assert.Equal(27, id.Length);
        Assert.Equal(0x7f, LedgerId.BucketOf(id));
        Assert.True(LedgerId.Is(id, LedgerIdKind.Account));
        Assert.False(LedgerId.Is(id, LedgerIdKind.Outcome));
    }

    [Property]
    public bool every_kind_and_bucket_is_read_back(byte bucket, byte seed)
    {
        var random = SHA256.HashData([seed]);
        return Enum.GetValues<LedgerIdKind>()
            .All(kind =>
                LedgerId.Create(kind, bucket, random) is var id
                && LedgerId.BucketOf(id) == bucket
                && Enum.GetValues<LedgerIdKind>().All(other => LedgerId.Is(id, other) == (other == kind))
            );
    }

    [Fact]
    public void each_of_the_first_hundred_bits_counts_and_no_other()
    {
        var id = LedgerId.Create(LedgerIdKind.Claim, 0, Bytes);
        for (var bit = 0; bit < 8 * Bytes.Length; bit++)
        {
            var flipped = (byte[])Bytes.Clone();
            flipped[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            Assert.Equal(bit < 100, LedgerId.Create(LedgerIdKind.Claim, 0, flipped) != id);
        }
    }

    [Theory]
    [InlineData(-1, 13)]
    [InlineData(256, 13)]
    [InlineData(0, 12)]
    public void a_bucket_out_of_range_or_too_few_random_bytes_is_a_bug(int bucket, int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            LedgerId.Create(LedgerIdKind.Account, bucket, new byte[length])
        );

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("acc-7f-0123456789abcdefghj")] // one short
    [InlineData("acc-7f-0123456789abcdefghjkm")] // one long
    [InlineData("ACC-7f-0123456789abcdefghjk")]
    [InlineData("acc-7F-0123456789abcdefghjk")]
    [InlineData("acc-7g-0123456789abcdefghjk")]
    [InlineData("acc-7f-0123456789abcdefghil")] // letters that look like digits
    [InlineData("acc_7f_0123456789abcdefghjk")]
    [InlineData("xyz-7f-0123456789abcdefghjk")]
    [InlineData("acc-+f-0123456789abcdefghjk")]
    [InlineData("acc-７f-0123456789abcdefghjk")]
    public void anything_else_is_no_id(string? text)
    {
        Assert.False(LedgerId.Is(text, LedgerIdKind.Account));
        Assert.Throws<FormatException>(() => LedgerId.BucketOf(text!));
    }

    [Fact]
    public void an_outcome_has_the_bucket_of_its_account_and_the_same_id_every_time()
    {
        var account = LedgerId.Create(LedgerIdKind.Account, 0xa5, Bytes);
        var outcome = LedgerId.Outcome(account, "edu-1", "R-1");
        Assert.Equal(outcome, LedgerId.Outcome(account, "edu-1", "R-1"));
        Assert.Equal(0xa5, LedgerId.BucketOf(outcome));
        Assert.True(LedgerId.Is(outcome, LedgerIdKind.Outcome));
        Assert.NotEqual(outcome, LedgerId.Outcome(account, "edu-1R", "-1"));
        Assert.NotEqual(outcome, LedgerId.Outcome(account, "edu-1", "R-1 "));
    }

    // Ids of outcomes are in receipts that people keep: another derivation would break them all.
    [Fact]
    public void the_derivation_of_ids_and_buckets_is_fixed_for_ever()
    {
        Assert.Equal("out-00-9cxc63rx0zx0kex1cfxk", LedgerId.Outcome("acc-00-00000000000000000000", "edu-1", "R-1"));
        Assert.Equal(64, LedgerId.BucketOfKey("certificate", "ABC-123"));
        Assert.Equal("trf-0a-00a2gf2gchw8s85ms3ef", LedgerId.Create(LedgerIdKind.Transfer, 10, Bytes));
    }

    [Fact]
    public void half_a_character_is_a_bug_and_not_another_key() =>
        Assert.ThrowsAny<ArgumentException>(() => LedgerId.BucketOfKey("certificate", "A" + '\uD800'));

    [Fact]
    public void keys_are_spread_over_all_buckets()
    {
        var counts = new int[LedgerId.Buckets];
        for (var i = 0; i < 100 * LedgerId.Buckets; i++)
        {
            counts[LedgerId.BucketOfKey("certificate", $"C-{i}")]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 50, 160));
    }
}

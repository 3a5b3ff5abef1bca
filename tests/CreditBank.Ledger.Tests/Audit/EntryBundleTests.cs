using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class EntryBundleTests
{
    [Fact]
    public void entries_are_read_back_whatever_their_length()
    {
        byte[][] entries =
        [
            [],
            [1],
            [.. Enumerable.Repeat((byte)7, EntryBundle.EntryBytesMax)],
            [2, 3],
        ];
        var bytes = Written(entries);
        Assert.True(EntryBundle.TryParse(bytes, entries.Length, out var bundle, out _));
        Assert.Equal(entries.Length, bundle.Width);
        for (var i = 0; i < entries.Length; i++)
        {
            Assert.Equal(entries[i], bundle[i].ToArray());
        }
    }

    [Fact]
    public void an_entry_that_is_too_long_is_a_bug() =>
        Assert.Throws<ArgumentException>(() => EntryBundle.Append(new MemoryStream(), new byte[65_536]));

    [Fact]
    public void a_bundle_has_exactly_its_width_and_not_a_byte_more_or_less()
    {
        var bytes = Written([
            [1, 2, 3],
            [4],
            [5, 6],
        ]);
        Assert.True(EntryBundle.TryParse(bytes, 3, out _, out _));
        AssertMalformed(bytes, 2);
        AssertMalformed(bytes, 4);
        for (var length = 0; length < bytes.Length; length++)
        {
            AssertMalformed(bytes[..length], 3);
        }

        AssertMalformed([.. bytes, 0], 3);
        Assert.ThrowsAny<ArgumentException>(() => EntryBundle.TryParse(bytes, 0, out _, out _));
        Assert.ThrowsAny<ArgumentException>(() => EntryBundle.TryParse(bytes, 257, out _, out _));
    }

    private static void AssertMalformed(byte[] bytes, int width)
    {
        Assert.False(EntryBundle.TryParse(bytes, width, out _, out var problem));
        Assert.Equal("audit.bundle.malformed", problem);
    }

    private static byte[] Written(byte[][] entries)
    {
        using var stream = new MemoryStream();
        foreach (var entry in entries)
        {
            EntryBundle.Append(stream, entry);
        }

        return stream.ToArray();
    }
}

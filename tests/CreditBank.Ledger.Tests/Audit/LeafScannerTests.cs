using System.Text;
using CreditBank.Ledger.Audit;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class LeafScannerTests
{
    private static readonly EventEnvelope Envelope = new(
        "book07",
        42,
        Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
        "acc-07-0123456789abcdefghjk",
        3,
        "outcome_recorded",
        1_788_000_000_123_456,
        "act-1",
        null,
        null
    );

    [Fact]
    public void a_canonical_leaf_is_read_as_the_slower_way_reads_it()
    {
        var bytes = LeafOf("""{"b":[1,-20,"x",null,true,false,[],{}],"a":{"z":0,"y":"学"}}""");

        Assert.True(new LeafScanner().TryScan(bytes, out var scanned));

        Assert.True(Leaf.TryParse(bytes, out var parsed, out _));
        Assert.Equal(parsed.Envelope, scanned.Envelope);
        Assert.Equal(parsed.Data.ToArray(), scanned.Data.ToArray());
    }

    [Theory]
    [InlineData("\"a\":1,\"b\":2", "\"b\":2,\"a\":1")]
    [InlineData("\"a\":1,\"b\":2", "\"a\":1,\"a\":2")]
    [InlineData("\"a\":1,\"b\":2", "\"a\": 1,\"b\":2")]
    [InlineData("\"a\":1,\"b\":2", "\"a\":01,\"b\":2")]
    [InlineData("\"a\":1,\"b\":2", "\"a\":-0,\"b\":2")]
    [InlineData("\"a\":1,\"b\":2", "\"a\":1.5,\"b\":2")]
    [InlineData("\"a\":1,\"b\":2", "\"a\":1,\"b\":2,")]
    [InlineData("\"a\":1,\"b\":2", "\"a\":[1,],\"b\":2")]
    [InlineData("0f8fad5b", "0F8FAD5B")]
    [InlineData("\"schemaVersion\":1", "\"schemaVersion\":2")]
    [InlineData("\"version\":3}", "\"version\":3} ")]
    [InlineData("\"sequence\":42", "\"sequence\":042")]
    [InlineData("\"actor\":\"act-1\"", "\"actor\":\"a\nb\"")]
    public void what_is_not_canonical_is_never_read(string what, string change)
    {
        var leaf = Encoding.UTF8.GetString(LeafOf("""{"a":1,"b":2}"""));
        Assert.Contains(what, leaf, StringComparison.Ordinal);
        var changed = leaf.Replace(what, change, StringComparison.Ordinal);

        Assert.False(new LeafScanner().TryScan(Encoding.UTF8.GetBytes(changed), out _));
    }

    /// <summary>Whatever is cut out of or put into a leaf: what the scanner reads is what the writer writes.</summary>
    [Property(MaxTest = 2000)]
    public Property what_is_read_is_what_would_be_written()
    {
        var leaf = LeafOf("""{"a":{"b":[1,20,"x"],"c":null},"d":true,"e":"学","f":-7}""");
        var changes =
            from place in Gen.Choose(0, leaf.Length - 1)
            from value in Gen.Choose(32, 126)
            select (place, (byte)value);
        return Prop.ForAll(
            changes.ToArbitrary(),
            change =>
            {
                var changed = leaf.ToArray();
                changed[change.place] = change.Item2;
                return !new LeafScanner().TryScan(changed, out var read)
                    || (
                        new LeafWriter().TryWrite(read.Envelope, read.Data.Span, out var written, out _)
                        && written.SequenceEqual(changed)
                    );
            }
        );
    }

    private static byte[] LeafOf(string data) =>
        new LeafWriter().TryWrite(Envelope, Encoding.UTF8.GetBytes(data), out var leaf, out _)
            ? leaf.ToArray()
            : throw new InvalidOperationException(data);
}

using System.Security.Cryptography;
using System.Text;
using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class LeafTests
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
        "a\"b\\c\n\u0001é"
    );

    [Fact]
    public void a_leaf_is_the_canonical_form_of_envelope_and_payload()
    {
        var data = """{ "b": [1, "x", null], "a": {"z": true, "y": "学"} }"""u8;

        Assert.True(new LeafWriter().TryWrite(Envelope, data, out var leaf, out _));

        const string Expected = """
            {"actor":"act-1","book":"book07","causationId":"a\"b\\c\n\u0001é","correlationId":null,
            "data":{"a":{"y":"学","z":true},"b":[1,"x",null]},"eventId":"0f8fad5b-d9cb-469f-a165-70867728950e",
            "format":1,"recordedAtMicroseconds":1788000000123456,"schemaVersion":1,"sequence":42,
            "stream":"acc-07-0123456789abcdefghjk","type":"outcome_recorded","version":3}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), Encoding.UTF8.GetString(leaf));
        Assert.Equal(CanonicalJson.Of(leaf), leaf.ToArray());
    }

    [Fact]
    public void a_leaf_reads_back_as_it_was_written()
    {
        Assert.True(new LeafWriter().TryWrite(Envelope, """{"a":{"b":2}}"""u8, out var leaf, out _));

        Assert.True(Leaf.TryParse(leaf.ToArray(), out var read, out _));

        Assert.Equal(Envelope, read.Envelope);
        Assert.Equal("""{"a":{"b":2}}""", Encoding.UTF8.GetString(read.Data.Span));
        Assert.Null(read.DataSha256);
    }

    [Fact]
    public void a_payload_that_is_too_large_stands_there_by_its_hash()
    {
        var data = Encoding.UTF8.GetBytes($$"""{ "x": "{{new string('a', EntryBundle.EntryBytesMax)}}" }""");
        var writer = new LeafWriter();

        Assert.True(writer.TryWrite(Envelope, data, out var leaf, out _));

        var hash = Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(data)));
        var bytes = leaf.ToArray();
        Assert.True(Leaf.TryParse(bytes, out var read, out _));
        Assert.Equal(hash, read.DataSha256);
        Assert.True(read.Data.IsEmpty);
        Assert.Equal(bytes, writer.Write(Envelope, hash).ToArray());
    }

    [Theory]
    [InlineData("""{"a":1.5}""", AuditProblem.JsonNumber)]
    [InlineData("""{"a":9007199254740992}""", AuditProblem.JsonNumber)]
    [InlineData("""{"a":""", AuditProblem.JsonMalformed)]
    public void a_payload_without_canonical_form_has_no_leaf(string data, string code)
    {
        Assert.False(new LeafWriter().TryWrite(Envelope, Encoding.UTF8.GetBytes(data), out _, out var problem));

        Assert.Equal(code, problem.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"actor":1}""")]
    public void what_is_no_leaf_is_said_to_be_none(string text)
    {
        Assert.False(Leaf.TryParse(Encoding.UTF8.GetBytes(text), out _, out var code));

        Assert.Equal(AuditProblem.LeafMalformed, code);
    }

    [Theory]
    [InlineData("outcome_recorded", 1)]
    [InlineData("outcome_recorded_v2", 2)]
    [InlineData("outcome_v", 1)]
    [InlineData("a_version", 1)]
    public void the_stored_name_tells_the_version_of_the_shape(string type, int version) =>
        Assert.Equal(version, Leaf.SchemaVersionOf(type));
}

using System.Text;
using System.Text.Json;
using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("[]", "[]")]
    [InlineData(" [ 1 , true , false , null , \"a\" ] ", "[1,true,false,null,\"a\"]")]
    [InlineData("\t\"x\"\r\n", "\"x\"")]
    [InlineData("{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}")]
    [InlineData("{\"aa\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"aa\":1}")]
    [InlineData(
        "{\"b\":{\"d\":1,\"c\":[{\"z\":0,\"y\":0}]},\"a\":2}",
        "{\"a\":2,\"b\":{\"c\":[{\"y\":0,\"z\":0}],\"d\":1}}"
    )]
    [InlineData("{\"10\":0,\"9\":0,\"1\":0}", "{\"1\":0,\"10\":0,\"9\":0}")]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("-1", "-1")]
    [InlineData("9007199254740991", "9007199254740991")]
    [InlineData("-9007199254740991", "-9007199254740991")]
    [InlineData("\"\\u0041\\/\"", "\"A/\"")]
    [InlineData("\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"", "\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"")]
    [InlineData("\"\\b\\t\\n\\f\\r\\u000b\\u001F\\u007f\"", "\"\\b\\t\\n\\f\\r\\u000b\\u001f\x7f\"")]
    [InlineData("\"\\ud83d\\ude00\"", "\"😀\"")]
    [InlineData("\"\\u2028\\u2029\\uFEFF\\uFFFF\"", "\"\u2028\u2029\uFEFF\uFFFF\"")]
    [InlineData("\"e\\u0301\"", "\"e\u0301\"")] // no normalisation
    [InlineData("{\"\\u0062\":1,\"a\":2}", "{\"a\":2,\"b\":1}")] // an escaped name sorts as what it is
    public void a_text_has_one_canonical_form(string json, string canonical) =>
        Assert.Equal(canonical, Canonical(json));

    // RFC 8785, section 3.2.3: the order of the names there.
    [Fact]
    public void names_are_sorted_by_utf_16_code_units()
    {
        const string Json = """
            {"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
             "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}
            """;
        using var sorted = JsonDocument.Parse(Canonical(Json));
        Assert.Equal(
            ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"],
            sorted.RootElement.EnumerateObject().Select(member => member.Name)
        );
    }

    [Theory]
    [InlineData("1.0", "audit.json.number", 0)]
    [InlineData("[1,0.5]", "audit.json.number", 3)]
    [InlineData("1e2", "audit.json.number", 0)]
    [InlineData("1E-2", "audit.json.number", 0)]
    [InlineData("-1.5", "audit.json.number", 0)]
    [InlineData("9007199254740992", "audit.json.number", 0)]
    [InlineData("-9007199254740992", "audit.json.number", 0)]
    [InlineData("12345678901234567890123456789012345678901234567890", "audit.json.number", 0)]
    [InlineData("{\"a\":1,\"a\":1}", "audit.json.duplicate-name", 12)]
    [InlineData("{\"a\":1,\"b\":2,\"\\u0061\":3}", "audit.json.duplicate-name", 23)]
    [InlineData("[{\"\":1,\"\":1}]", "audit.json.duplicate-name", 11)]
    [InlineData("\"\\ud83d\"", "audit.json.text", 0)]
    [InlineData("[\"\\ude00\\ud83d\"]", "audit.json.text", 1)]
    [InlineData("{\"\\ud800\":1}", "audit.json.text", 1)]
    [InlineData("", "audit.json.malformed", 0)]
    [InlineData("{", "audit.json.malformed", 0)]
    [InlineData("{\"a\"}", "audit.json.malformed", 1)]
    [InlineData("[1,]", "audit.json.malformed", 3)]
    [InlineData("[1] 2", "audit.json.malformed", 4)]
    [InlineData("01", "audit.json.malformed", 0)]
    [InlineData("+1", "audit.json.malformed", 0)]
    [InlineData("NaN", "audit.json.malformed", 0)]
    [InlineData("'a'", "audit.json.malformed", 0)]
    [InlineData("/* */1", "audit.json.malformed", 0)]
    [InlineData("\uFEFF1", "audit.json.malformed", 0)]
    [InlineData("\"\n\"", "audit.json.malformed", 0)]
    [InlineData("\"\\x\"", "audit.json.malformed", 0)]
    public void what_events_may_not_hold_is_refused_with_its_place(string json, string code, long position)
    {
        var writer = new CanonicalJson();
        Assert.False(writer.TryWrite(Encoding.UTF8.GetBytes(json), out var canonical, out var problem));
        Assert.True(canonical.IsEmpty);
        Assert.Equal(code, problem.Code);
        Assert.InRange(problem.Position, position, position + 1);
        Assert.Throws<ArgumentException>(() => CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xC3, (byte)'"' })] // cut short
    [InlineData(new byte[] { (byte)'"', 0xC0, 0x80, (byte)'"' })] // overlong
    [InlineData(new byte[] { (byte)'"', 0xED, 0xA0, 0x80, (byte)'"' })] // half a surrogate pair
    [InlineData(new byte[] { (byte)'"', 0xF4, 0x90, 0x80, 0x80, (byte)'"' })] // beyond Unicode
    [InlineData(new byte[] { (byte)'"', (byte)'\\', (byte)'n', 0xFF, (byte)'"' })]
    public void bytes_that_are_no_utf_8_are_refused(byte[] json)
    {
        Assert.False(new CanonicalJson().TryWrite(json, out _, out var problem));
        Assert.Equal("audit.json.text", problem.Code);
    }

    [Fact]
    public void nesting_ends_at_sixty_four()
    {
        Assert.Equal(Nested(64), Canonical(Nested(64)));
        Assert.False(new CanonicalJson().TryWrite(Encoding.UTF8.GetBytes(Nested(65)), out _, out _));

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
    }

    [Fact]
    public void one_writer_serves_many_texts_and_a_refused_one_leaves_no_trace()
    {
        var writer = new CanonicalJson();
        Assert.False(writer.TryWrite("{\"z\":1,\"q\":{\"a\":0.5}}"u8, out _, out _));
        Assert.True(writer.TryWrite("{\"b\":1,\"a\":2}"u8, out var canonical, out _));
        Assert.Equal("{\"a\":2,\"b\":1}", Encoding.UTF8.GetString(canonical));
    }

    [Fact]
    public void a_parsed_element_gives_the_same_bytes()
    {
        using var document = JsonDocument.Parse("""{"outer": {"b": [1, "x"], "a": "\u00e9"}}""");
        var element = document.RootElement.GetProperty("outer");
        Assert.True(new CanonicalJson().TryWrite(element, out var canonical, out _));
        Assert.Equal("""{"a":"é","b":[1,"x"]}""", Encoding.UTF8.GetString(canonical));
    }

    [Fact]
    public void large_objects_are_sorted_and_large_strings_kept()
    {
        var names = Enumerable.Range(0, 5000).Select(i => $"n{i * 7919 % 5000}").ToList();
        var json = "{" + string.Join(',', names.Select(name => $"\"{name}\":\"{new string('x', 40)}\"")) + "}";
        using var sorted = JsonDocument.Parse(Canonical(json));
        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            sorted.RootElement.EnumerateObject().Select(member => member.Name)
        );
    }

    [Fact]
    public void random_values_agree_with_a_plain_reference_and_order_and_spelling_do_not_matter()
    {
        var writer = new CanonicalJson();
        for (var seed = 0; seed < 3000; seed++)
        {
            var value = JsonValues.Random(new Random(seed), depth: 4);
            var expected = JsonValues.Reference(value);
            for (var spelling = 0; spelling < 3; spelling++)
            {
                var json = JsonValues.Spell(value, new Random(seed * 31 + spelling));
                Assert.True(
                    writer.TryWrite(Encoding.UTF8.GetBytes(json), out var canonical, out var problem),
                    $"{problem}"
                );
                Assert.Equal(expected, Encoding.UTF8.GetString(canonical));
            }

            Assert.Equal(expected, Canonical(expected));
        }
    }

    [Fact]
    public void random_damage_never_throws()
    {
        var writer = new CanonicalJson();
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var json = Encoding.UTF8.GetBytes(JsonValues.Spell(JsonValues.Random(random, depth: 3), random));
            for (var i = 0; i < 3; i++)
            {
                json[random.Next(json.Length)] = (byte)random.Next(256);
            }

            if (writer.TryWrite(json, out var canonical, out _))
            {
                Assert.Equal(canonical.ToArray(), CanonicalJson.Of(canonical.ToArray()));
            }
        }
    }

    [Fact]
    public void a_writer_in_use_allocates_nothing()
    {
        var writer = new CanonicalJson();
        var json = Encoding.UTF8.GetBytes("""{"b":{"d":"\u00e9x","c":[1,2,{"z":null,"y":"q"}]},"a":"text","aa":17}""");
        writer.TryWrite(json, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            writer.TryWrite(json, out _, out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Canonical(string json) =>
        Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));
}

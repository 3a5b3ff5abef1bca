using System.Text.Json;
using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class VkeyTests
{
    private const string Published = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    [Fact]
    public void a_published_key_is_read_and_written()
    {
        Assert.True(Vkey.TryParse(Published, out var key, out _));
        Assert.Equal("example.com/foo", key.Name);
        Assert.Equal(0x530d903au, key.Id);
        Assert.Equal(NoteKeyType.Ed25519, key.Type);
        Assert.Equal(Published, key.ToString());
        Assert.Equal(key, Vkey.Create(key.Name, key.Type, key.PublicKey.Span));
        Assert.NotEqual(key, Vkey.Create("example.com/bar", key.Type, key.PublicKey.Span));
    }

    [Theory]
    [InlineData(null, "audit.key.malformed")]
    [InlineData("", "audit.key.malformed")]
    [InlineData("example.com/foo", "audit.key.malformed")]
    [InlineData("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "audit.key.malformed")]
    [InlineData("example.com/ foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "audit.key.malformed")]
    [InlineData("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "audit.key.malformed")]
    [InlineData("example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "audit.key.malformed")]
    [InlineData("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "audit.key.malformed")]
    [InlineData("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv", "audit.key.malformed")]
    [InlineData("example.com/foo+530d903a+", "audit.key.malformed")]
    [InlineData("example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "audit.key.type")]
    [InlineData(" " + Published, "audit.key.malformed")]
    [InlineData(Published + "\n", "audit.key.malformed")]
    public void anything_else_is_no_key(string? text, string problem)
    {
        Assert.False(Vkey.TryParse(text, out _, out var code));
        Assert.Equal(problem, code);
    }

    [Fact]
    public void a_secret_text_round_trips_and_is_shown_by_nothing_else()
    {
        using var signer = TestKeys.Witness();
        var secret = signer.ToSecretText();
        Assert.True(NoteSigner.TryParse(secret, out var read, out _));
        using (read)
        {
            Assert.Equal(signer.Vkey, read.Vkey);
            Assert.Equal(signer.Vkey.ToString(), $"{read}");
        }

        foreach (var wrong in new[] { null, "", secret[8..], secret[..^1], secret.Replace('w', 'v'), $"{signer}" })
        {
            Assert.False(NoteSigner.TryParse(wrong, out _, out _), wrong);
        }
    }

    [Fact]
    public void a_key_without_its_bytes_or_name_is_a_bug()
    {
        Assert.Throws<ArgumentException>(() => Vkey.Create("a", NoteKeyType.Ed25519, new byte[31]));
        Assert.Throws<ArgumentException>(() => Vkey.Create("a b", NoteKeyType.Ed25519, new byte[32]));
        Assert.Throws<ArgumentException>(() => NoteSigner.FromSeed("a", NoteKeyType.Ed25519, new byte[33]));
        Assert.Throws<ArgumentException>(() => NoteSigner.FromSeed("", NoteKeyType.Ed25519, new byte[32]));
    }

    // Edge cases on which implementations of Ed25519 disagree. Ours must be on the strict side: no key and no R of low
    // order, nothing that is not canonical, no residue of low order. What is left is what everyone accepts.
    [ExternalDataFact]
    public void edge_cases_of_ed25519_verify_only_where_everyone_agrees()
    {
        using var vectors = JsonDocument.Parse(
            File.ReadAllBytes(ExternalData.PathOf("merkle", "cctv-ed25519", "ed25519vectors.json"))
        );
        var (accepted, total) = (0, 0);
        foreach (var vector in vectors.RootElement.EnumerateArray())
        {
            var flags = Flags(vector);
            var isStrict = !flags.Overlaps([
                "low_order_A",
                "low_order_R",
                "low_order_residue",
                "non_canonical_A",
                "non_canonical_R",
                "reencoded_k",
            ]);
            var key = Vkey.Create("a", NoteKeyType.Ed25519, Convert.FromHexString(Text(vector, "key")));
            var verifies = key.Verify(
                System.Text.Encoding.UTF8.GetBytes(Text(vector, "msg")),
                Convert.FromHexString(Text(vector, "sig"))
            );
            Assert.True(verifies == isStrict, $"{vector.GetProperty("number")}: {string.Join(' ', flags)}");
            (accepted, total) = (accepted + (verifies ? 1 : 0), total + 1);
        }

        Assert.Equal((1 + 7 + 35, 914), (accepted, total));
    }

    private static HashSet<string> Flags(JsonElement vector) =>
        vector.GetProperty("flags") is { ValueKind: JsonValueKind.Array } flags
            ? [.. flags.EnumerateArray().Select(flag => flag.GetString()!)]
            : [];

    private static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;
}

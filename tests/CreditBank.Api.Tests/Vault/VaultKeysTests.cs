using System.Security.Cryptography;
using CreditBank.Api.Infrastructure.Vault;

namespace CreditBank.Api.Tests.Vault;

public sealed class VaultKeysTests
{
    private static readonly VaultKeys Keys = new([.. Enumerable.Range(0, 32).Select(number => (byte)number)]);

    [Fact]
    public void what_is_sealed_opens_under_the_same_key_and_purpose_only()
    {
        var key = Keys.NewWrappedKey();
        var sealedName = Keys.Seal(key, "张三", "name");

        Assert.Equal("张三", Keys.Open(key, sealedName, "name"));
        Assert.ThrowsAny<CryptographicException>(() => Keys.Open(key, sealedName, "note"));
        Assert.ThrowsAny<CryptographicException>(() => Keys.Open(Keys.NewWrappedKey(), sealedName, "name"));
        Assert.ThrowsAny<CryptographicException>(() => new VaultKeys(new byte[32]).Open(key, sealedName, "name"));
    }

    [Fact]
    public void a_flipped_bit_anywhere_is_noticed()
    {
        var key = Keys.NewWrappedKey();
        var sealedName = Keys.Seal(key, "name", "name");

        for (var at = 0; at < sealedName.Length; at++)
        {
            byte[] altered = [.. sealedName];
            altered[at] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => Keys.Open(key, altered, "name"));
        }

        Assert.ThrowsAny<CryptographicException>(() => Keys.Open(key, sealedName[..10], "name"));
    }

    [Fact]
    public void sealing_twice_gives_different_bytes_and_tagging_twice_the_same()
    {
        var key = Keys.NewWrappedKey();

        Assert.NotEqual(Keys.Seal(key, "x", "name"), Keys.Seal(key, "x", "name"));
        Assert.Equal(Keys.LookupTag("x"), Keys.LookupTag("x"));
        Assert.NotEqual(Keys.LookupTag("x"), Keys.ContentTag("x"));
        Assert.NotEqual(Keys.LookupTag("x"), new VaultKeys(new byte[32]).LookupTag("x"));
    }

    [Fact]
    public void a_pseudonym_tells_issuers_apart()
    {
        Assert.NotEqual(Keys.Pseudonym("a", "1"), Keys.Pseudonym("b", "1"));
        Assert.StartsWith("act-", Keys.Pseudonym("a", "1"), StringComparison.Ordinal);
    }
}

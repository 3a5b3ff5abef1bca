using System.Security.Cryptography;
using CreditBank.Api.Infrastructure.Vault;

namespace CreditBank.Api.Tests.Vault;

public sealed class VaultKeysTests
{
    private static readonly VaultKeys Keys = Opened([.. Enumerable.Range(0, 32).Select(number => (byte)number)]);

    [Fact]
    public void what_is_sealed_opens_under_the_same_key_and_purpose_only()
    {
        var key = Keys.NewWrappedKey();
        var sealedName = Keys.Seal(key, "张三", "name");

        Assert.Equal("张三", Keys.Open(key, sealedName, "name"));
        Assert.ThrowsAny<CryptographicException>(() => Keys.Open(key, sealedName, "note"));
        Assert.ThrowsAny<CryptographicException>(() => Keys.Open(Keys.NewWrappedKey(), sealedName, "name"));
        Assert.ThrowsAny<CryptographicException>(() => Opened(new byte[32]).Open(key, sealedName, "name"));
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
        Assert.NotEqual(Keys.LookupTag("x"), Opened(new byte[32]).LookupTag("x"));
    }

    [Fact]
    public void before_the_ring_is_open_nothing_is_sealed_with_another_key_by_mistake()
    {
        Assert.Throws<InvalidOperationException>(() => new VaultKeys(new byte[32]).NewWrappedKey());
    }

    [Fact]
    public void a_ring_opens_under_its_own_master_key_only_and_keys_of_a_generation_go_with_it()
    {
        var (master, other) = (new MasterKey(new byte[32]), Keys.Master);
        var first = master.FirstKeys();
        var sealedRing = master.Seal(first);
        var wrapped = WrappedKey.Wrap(first.Current, new byte[32]);
        var during = first.WithNextGeneration();

        Assert.Equal(first.Content, master.Open(sealedRing).Content);
        Assert.ThrowsAny<CryptographicException>(() => other.Open(sealedRing));
        Assert.NotEqual(master.Name, other.Name);
        Assert.Equal(new byte[32], WrappedKey.Unwrap(during, wrapped));
        Assert.Equal(new byte[32], WrappedKey.Unwrap(during, wrapped.AsSpan(3)));
        Assert.ThrowsAny<CryptographicException>(() => WrappedKey.Unwrap(during with { Before = null }, wrapped));
        Assert.ThrowsAny<CryptographicException>(() => WrappedKey.Unwrap(during, wrapped.AsSpan(0, 2)));
        Assert.StartsWith(WrappedKey.MarkOf(1), Convert.ToBase64String(wrapped), StringComparison.Ordinal);
        Assert.Equal(WrappedKey.Base64Length, Convert.ToBase64String(wrapped).Length);
    }

    private static VaultKeys Opened(byte[] masterKey)
    {
        var keys = new VaultKeys(masterKey);
        keys.Open(keys.Master.FirstKeys());
        return keys;
    }

    [Fact]
    public void a_pseudonym_tells_issuers_apart()
    {
        Assert.NotEqual(Keys.Pseudonym("a", "1"), Keys.Pseudonym("b", "1"));
        Assert.StartsWith("act-", Keys.Pseudonym("a", "1"), StringComparison.Ordinal);
    }
}

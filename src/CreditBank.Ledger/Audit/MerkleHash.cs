using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// A hash of the tree of RFC 6962, section 2.1, over SHA-256: 32 bytes by value, so that hundreds of millions of them
/// cost no garbage. A leaf and an inner node can never have the same input, because a prefix tells them apart.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public readonly record struct MerkleHash
{
    /// <summary>Bytes in a hash.</summary>
    public const int Length = SHA256.HashSizeInBytes;

    private const byte LeafPrefix = 0;
    private const byte NodePrefix = 1;
    private const int LeafOnStackMax = 4096;

    // What the library sets up for a hash costs more than hashing so little: each thread does it once.
    [ThreadStatic]
    private static IncrementalHash? hasher;

    private readonly ulong first;
    private readonly ulong second;
    private readonly ulong third;
    private readonly ulong fourth;

    /// <summary>The root of a tree without leaves: SHA-256 of nothing.</summary>
    public static readonly MerkleHash EmptyRoot = From(SHA256.HashData([]));

    /// <summary>A hash from its bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 32 bytes.</exception>
    public static MerkleHash From(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        return MemoryMarshal.Read<MerkleHash>(bytes);
    }

    /// <summary>The hash of a leaf: SHA-256 of 0x00 and its bytes.</summary>
    public static MerkleHash OfLeaf(ReadOnlySpan<byte> leaf)
    {
        var length = leaf.Length + 1;
        var input = length <= LeafOnStackMax ? stackalloc byte[length] : new byte[length];
        input[0] = LeafPrefix;
        leaf.CopyTo(input[1..]);
        return Sha256(input);
    }

    /// <summary>The hash of an inner node: SHA-256 of 0x01, left and right.</summary>
    public static MerkleHash OfNode(in MerkleHash left, in MerkleHash right)
    {
        Span<byte> input = stackalloc byte[1 + 2 * Length];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Length)..]);
        return Sha256(input);
    }

    /// <summary>
    /// Reads the base64 of 32 bytes (RFC 4648, section 4), in the one spelling that has no spare bits.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? base64, out MerkleHash hash)
    {
        var read = Base64Text.TryDecode(base64, out var bytes) && bytes.Length == Length;
        hash = read ? From(bytes!) : default;
        return read;
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination) => MemoryMarshal.Write(destination, this);

    /// <summary>The 32 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The base64 of the 32 bytes.</summary>
    public override string ToString() => Convert.ToBase64String(ToBytes());

    private static MerkleHash Sha256(ReadOnlySpan<byte> input)
    {
        Span<byte> output = stackalloc byte[Length];
        hasher ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hasher.AppendData(input);
        hasher.GetHashAndReset(output);
        return MemoryMarshal.Read<MerkleHash>(output);
    }
}

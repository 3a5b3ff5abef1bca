using System.Buffers.Binary;
using System.Numerics;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// The right edge of a growing tree: the roots of the complete subtrees that its leaves so far fall into, the largest
/// first, one for each bit of the size. It is all that appending and the root need, at most 63 hashes whatever the
/// size. Not for several threads at once.
/// </summary>
public sealed class CompactRange
{
    private const int HashesMax = 63;
    private readonly MerkleHash[] edge = new MerkleHash[HashesMax];
    private int count;

    /// <summary>The range of no leaves.</summary>
    public CompactRange() { }

    /// <summary>Takes up where another range stood.</summary>
    /// <param name="size">Its number of leaves.</param>
    /// <param name="rightEdge">Its <see cref="RightEdge"/>.</param>
    /// <exception cref="ArgumentException">There is not one hash for each bit of the size.</exception>
    public CompactRange(long size, ReadOnlySpan<MerkleHash> rightEdge)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        if (rightEdge.Length != BitOperations.PopCount((ulong)size))
        {
            throw new ArgumentException("The right edge has one hash for each bit of the size.", nameof(rightEdge));
        }

        Size = size;
        count = rightEdge.Length;
        rightEdge.CopyTo(edge);
    }

    /// <summary>How many leaves have been appended.</summary>
    public long Size { get; private set; }

    /// <summary>The roots of the complete subtrees, the largest first.</summary>
    public ReadOnlySpan<MerkleHash> RightEdge => edge.AsSpan(0, count);

    /// <summary>Appends the hash of one leaf.</summary>
    public void Append(in MerkleHash leafHash)
    {
        var hash = leafHash;
        for (var size = Size; (size & 1) == 1; size >>= 1)
        {
            hash = MerkleHash.OfNode(edge[--count], hash);
        }

        edge[count++] = hash;
        Size++;
    }

    /// <summary>The root of all leaves so far; <see cref="MerkleHash.EmptyRoot"/> without any.</summary>
    public MerkleHash Root()
    {
        if (count == 0)
        {
            return MerkleHash.EmptyRoot;
        }

        var root = edge[count - 1];
        for (var i = count - 2; i >= 0; i--)
        {
            root = MerkleHash.OfNode(edge[i], root);
        }

        return root;
    }

    /// <summary>
    /// The state as bytes: the size in eight bytes, big-endian, then the hashes of <see cref="RightEdge"/>.
    /// </summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[sizeof(long) + count * MerkleHash.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Size);
        for (var i = 0; i < count; i++)
        {
            edge[i].CopyTo(bytes.AsSpan(sizeof(long) + i * MerkleHash.Length));
        }

        return bytes;
    }

    /// <summary>Takes up the state that <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="ArgumentException">The bytes are no such state.</exception>
    public static CompactRange FromBytes(ReadOnlySpan<byte> bytes)
    {
        var hashes = (bytes.Length - sizeof(long)) / MerkleHash.Length;
        if (bytes.Length < sizeof(long) || bytes.Length != sizeof(long) + hashes * MerkleHash.Length)
        {
            throw new ArgumentException("Not the state of a compact range.", nameof(bytes));
        }

        var edge = new MerkleHash[hashes];
        for (var i = 0; i < hashes; i++)
        {
            edge[i] = MerkleHash.From(bytes.Slice(sizeof(long) + i * MerkleHash.Length, MerkleHash.Length));
        }

        return new CompactRange(BinaryPrimitives.ReadInt64BigEndian(bytes), edge);
    }
}

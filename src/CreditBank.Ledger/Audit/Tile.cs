namespace CreditBank.Ledger.Audit;

/// <summary>A tile of hashes as it is stored and served: its hashes one after the other, 32 bytes each.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Bytes">32 bytes for each of <see cref="TileId.Width"/>.</param>
public sealed record Tile(TileId Id, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// The root of the complete subtree whose leaves are the given hashes; their number is a power of two.
    /// </summary>
    internal static MerkleHash RootOf(ReadOnlySpan<byte> hashes)
    {
        var count = hashes.Length / MerkleHash.Length;
        Span<MerkleHash> level = stackalloc MerkleHash[TileId.FullWidth / 2];
        if (count == 1)
        {
            return MerkleHash.From(hashes);
        }

        for (var i = 0; i < count / 2; i++)
        {
            level[i] = MerkleHash.OfNode(At(hashes, 2 * i), At(hashes, 2 * i + 1));
        }

        for (count /= 2; count > 1; count /= 2)
        {
            for (var i = 0; i < count / 2; i++)
            {
                level[i] = MerkleHash.OfNode(level[2 * i], level[2 * i + 1]);
            }
        }

        return level[0];
    }

    /// <summary>One of the hashes of a tile.</summary>
    internal static MerkleHash At(ReadOnlySpan<byte> hashes, int index) =>
        MerkleHash.From(hashes.Slice(index * MerkleHash.Length, MerkleHash.Length));
}

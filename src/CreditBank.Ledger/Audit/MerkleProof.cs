using System.Numerics;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// Checks proofs of the tree of RFC 6962 with nothing but the proof: the algorithms of RFC 9162, sections 2.1.3.2 and
/// 2.1.4.2. Everything that comes in may be hostile; the answer is yes or no, never an exception.
/// </summary>
public static class MerkleProof
{
    /// <summary>Whether the leaf stands at the index in the tree of that size and root.</summary>
    /// <param name="index">From zero; below <paramref name="size"/>.</param>
    /// <param name="size">How many leaves the tree has.</param>
    /// <param name="leafHash">The hash of the leaf.</param>
    /// <param name="proof">From the leaf's sibling up to the root's child (RFC 6962, section 2.1.1).</param>
    /// <param name="root">The root of the tree.</param>
    public static bool VerifyInclusion(
        long index,
        long size,
        in MerkleHash leafHash,
        ReadOnlySpan<MerkleHash> proof,
        in MerkleHash root
    )
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (node, last, hash) = (index, size - 1, leafHash);
        foreach (ref readonly var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleHash.OfNode(sibling, hash);
                SkipLevelsWithoutSibling(ref node, ref last);
            }
            else
            {
                hash = MerkleHash.OfNode(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    /// <summary>
    /// Whether the older tree is a prefix of the newer one. Always false for an older tree without leaves: that
    /// everything continues nothing needs no proof and proves nothing.
    /// </summary>
    /// <param name="olderSize">From one to <paramref name="newerSize"/>, inclusive.</param>
    /// <param name="newerSize">How many leaves the newer tree has.</param>
    /// <param name="olderRoot">The root of the older tree.</param>
    /// <param name="newerRoot">The root of the newer tree.</param>
    /// <param name="proof">RFC 6962, section 2.1.2; empty when both sizes are equal.</param>
    public static bool VerifyConsistency(
        long olderSize,
        long newerSize,
        in MerkleHash olderRoot,
        in MerkleHash newerRoot,
        ReadOnlySpan<MerkleHash> proof
    )
    {
        if (olderSize <= 0 || olderSize > newerSize)
        {
            return false;
        }

        if (olderSize == newerSize)
        {
            return proof.IsEmpty && olderRoot == newerRoot;
        }

        return !proof.IsEmpty && FollowsBoth(olderSize, newerSize, olderRoot, newerRoot, proof);
    }

    private static bool FollowsBoth(
        long olderSize,
        long newerSize,
        in MerkleHash olderRoot,
        in MerkleHash newerRoot,
        ReadOnlySpan<MerkleHash> proof
    )
    {
        var (node, last) = (olderSize - 1, newerSize - 1);
        while ((node & 1) == 1)
        {
            (node, last) = (node >> 1, last >> 1);
        }

        // A complete older tree is itself the first node of the path, and the proof leaves it out.
        var isComplete = BitOperations.IsPow2(olderSize);
        var older = isComplete ? olderRoot : proof[0];
        var newer = older;
        foreach (ref readonly var sibling in isComplete ? proof : proof[1..])
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                older = MerkleHash.OfNode(sibling, older);
                newer = MerkleHash.OfNode(sibling, newer);
                SkipLevelsWithoutSibling(ref node, ref last);
            }
            else
            {
                newer = MerkleHash.OfNode(newer, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && older == olderRoot && newer == newerRoot;
    }

    /// <summary>
    /// A last node that is a left child has no sibling: it rises until it is a right child, or the root.
    /// </summary>
    private static void SkipLevelsWithoutSibling(ref long node, ref long last)
    {
        while ((node & 1) == 0 && node != 0)
        {
            (node, last) = (node >> 1, last >> 1);
        }
    }
}

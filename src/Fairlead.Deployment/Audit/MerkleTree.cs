using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Fairlead.Deployment;

/// <summary>
/// The Merkle tree of RFC 6962, section 2.1, over SHA-256: its root says what all leaves are and in which order, and short proofs say that a leaf is in it or that
/// it grew out of an earlier one. Hashes are 32 bytes. Verifications take anything and answer false for what is not right.
/// </summary>
public static class MerkleTree
{
    /// <summary>Length of each hash, in bytes.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>Hash of a leaf: SHA-256 of a zero byte and the leaf (section 2.1).</summary>
    public static byte[] LeafHash(ReadOnlySpan<byte> leaf) => SHA256.HashData([0, .. leaf]);

    /// <summary>Hash of a node: SHA-256 of a byte 1 and the hashes of its children (section 2.1).</summary>
    public static byte[] NodeHash(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => SHA256.HashData([1, .. left, .. right]);

    /// <summary>The root of a tree; without a leaf the hash of nothing.</summary>
    /// <param name="leaves">The hashes of the leaves.</param>
    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0)
            return SHA256.HashData([]);
        if (leaves.Length == 1)
            return leaves[0];
        var split = Split(leaves.Length);
        return NodeHash(Root(leaves[..split]), Root(leaves[split..]));
    }

    /// <summary>The audit path of a leaf (section 2.1.1): what it takes to get from it to the root, from below.</summary>
    /// <param name="leaves">The hashes of the leaves.</param>
    /// <param name="index">Which leaf, from 0.</param>
    public static ImmutableArray<byte[]> InclusionProof(ReadOnlySpan<byte[]> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        if (leaves.Length == 1)
            return [];
        var split = Split(leaves.Length);
        return index < split
            ? [.. InclusionProof(leaves[..split], index), Root(leaves[split..])]
            : [.. InclusionProof(leaves[split..], index - split), Root(leaves[..split])];
    }

    /// <summary>The proof that the tree grew out of one of its first leaves (section 2.1.2).</summary>
    /// <param name="leaves">The hashes of the leaves.</param>
    /// <param name="earlier">How many leaves the earlier tree has. Of 0 and of all leaves the proof is empty.</param>
    public static ImmutableArray<byte[]> ConsistencyProof(ReadOnlySpan<byte[]> leaves, int earlier)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(earlier);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlier, leaves.Length);
        return earlier == 0 ? [] : SubProof(leaves, earlier, isWhole: true);
    }

    /// <summary>Whether a leaf is in the tree of a root (the way up that section 2.1.1 describes).</summary>
    /// <param name="leaf">Hash of the leaf.</param>
    /// <param name="index">Which leaf, from 0.</param>
    /// <param name="size">How many leaves the tree has.</param>
    /// <param name="proof">The audit path.</param>
    /// <param name="root">The root.</param>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leaf, long index, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || leaf.Length != HashLength || !AreHashes(proof))
            return false;
        var hash = leaf.ToArray();
        var (at, last) = (index, size - 1);
        foreach (var sibling in proof)
        {
            // Above the root there is nothing.
            if (last == 0)
                return false;
            if ((at & 1) == 1 || at == last)
            {
                hash = NodeHash(sibling, hash);
                // A last node without a right neighbour goes up as it is.
                while ((at & 1) == 0 && at != 0)
                    (at, last) = (at >> 1, last >> 1);
            }
            else
            {
                hash = NodeHash(hash, sibling);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether the tree of one root grew out of that of another one: nothing was changed or taken away (section 2.1.2).</summary>
    /// <param name="earlier">How many leaves the earlier tree has; of 0 nothing can be proven, and the answer is false.</param>
    /// <param name="later">How many leaves the later tree has.</param>
    /// <param name="proof">The proof.</param>
    /// <param name="earlierRoot">Root of the earlier tree.</param>
    /// <param name="laterRoot">Root of the later tree.</param>
    public static bool VerifyConsistency(long earlier, long later, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> earlierRoot, ReadOnlySpan<byte> laterRoot)
    {
        // Every tree has grown out of the empty one, so a proof of that would prove nothing.
        if (earlier <= 0 || earlier > later || !AreHashes(proof))
            return false;
        if (earlier == later)
            return proof.Count == 0 && earlierRoot.SequenceEqual(laterRoot);
        if (earlierRoot.Length != HashLength || laterRoot.Length != HashLength)
            return false;
        var (at, last) = (earlier - 1, later - 1);
        while ((at & 1) == 1)
            (at, last) = (at >> 1, last >> 1);
        // An earlier tree that is a whole subtree of the later one is where the way up begins; otherwise the proof says where.
        var next = 0;
        byte[] start;
        if (at == 0)
            start = earlierRoot.ToArray();
        else if (proof.Count > 0)
            start = proof[next++];
        else
            return false;
        var (old, all) = (start, start);
        for (; next < proof.Count; next++)
        {
            if (last == 0)
                return false;
            if ((at & 1) == 1 || at == last)
            {
                old = NodeHash(proof[next], old);
                all = NodeHash(proof[next], all);
                while ((at & 1) == 0 && at != 0)
                    (at, last) = (at >> 1, last >> 1);
            }
            else
            {
                all = NodeHash(all, proof[next]);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && earlierRoot.SequenceEqual(old) && laterRoot.SequenceEqual(all);
    }

    static ImmutableArray<byte[]> SubProof(ReadOnlySpan<byte[]> leaves, int earlier, bool isWhole)
    {
        if (earlier == leaves.Length)
            return isWhole ? [] : [Root(leaves)];
        var split = Split(leaves.Length);
        return earlier <= split
            ? [.. SubProof(leaves[..split], earlier, isWhole), Root(leaves[split..])]
            : [.. SubProof(leaves[split..], earlier - split, isWhole: false), Root(leaves[..split])];
    }

    /// <summary>The largest power of two below a number of at least 2.</summary>
    static int Split(int count) => 1 << (31 - int.LeadingZeroCount(count - 1));

    static bool AreHashes(IReadOnlyList<byte[]> proof) => proof.All(x => x is { Length: HashLength });
}

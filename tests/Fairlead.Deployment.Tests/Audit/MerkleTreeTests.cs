using System.Text;
using System.Text.Json;

namespace Fairlead.Deployment.Tests;

public sealed class MerkleTreeTests
{
    [Fact]
    public void The_published_hashes_and_roots_come_out()
    {
        var known = DeliveryFixtures.Read("rfc6962/known-answers.json");
        Hex(MerkleTree.Root([])).ShouldBe(known.GetProperty("emptyRoot").GetString());
        foreach (var single in known.GetProperty("single").EnumerateArray())
            Hex(MerkleTree.LeafHash(Encoding.UTF8.GetBytes(single.GetProperty("leafUtf8").GetString()!))).ShouldBe(single.GetProperty("hash").GetString());
        var node = known.GetProperty("node");
        Hex(MerkleTree.NodeHash(Encoding.UTF8.GetBytes(node.GetProperty("leftUtf8").GetString()!), Encoding.UTF8.GetBytes(node.GetProperty("rightUtf8").GetString()!)))
            .ShouldBe(node.GetProperty("hash").GetString());
        var leaves = known.GetProperty("leavesHex").EnumerateArray().Select(x => MerkleTree.LeafHash(Convert.FromHexString(x.GetString()!))).ToArray();
        var roots = known.GetProperty("rootsBySize").EnumerateArray().Select(x => x.GetString()).ToList();
        roots.Count.ShouldBe(9);
        for (var size = 0; size < roots.Count; size++)
            Hex(MerkleTree.Root(leaves.AsSpan(0, size))).ShouldBe(roots[size], $"{size} leaves");
    }

    [Theory]
    [InlineData("inclusion", 98)]
    [InlineData("consistency", 98)]
    public void Each_published_proof_verifies_or_not_as_it_should(string kind, int count)
    {
        var cases = DeliveryFixtures.Files($"rfc6962/testdata/{kind}");
        cases.Count.ShouldBe(count);
        foreach (var (file, json) in cases)
        {
            var proof = json.GetProperty("proof") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(x => x.GetBytesFromBase64()).ToArray() : [];
            var isGood = kind == "inclusion"
                ? MerkleTree.VerifyInclusion(Bytes(json, "leafHash"), Number(json, "leafIdx"), Number(json, "treeSize"), proof, Bytes(json, "root"))
                : MerkleTree.VerifyConsistency(Number(json, "size1"), Number(json, "size2"), proof, Bytes(json, "root1"), Bytes(json, "root2"));
            isGood.ShouldBe(!json.GetProperty("wantErr").GetBoolean(), file);
        }

        static byte[] Bytes(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetBytesFromBase64() : [];

        static long Number(JsonElement json, string name) => json.GetProperty(name).TryGetInt64(out var number) ? number : unchecked((long)json.GetProperty(name).GetUInt64());
    }

    [Fact]
    public void Every_proof_of_every_tree_verifies_and_no_changed_one_does()
    {
        var leaves = Enumerable.Range(0, 70).Select(x => MerkleTree.LeafHash(BitConverter.GetBytes(x))).ToArray();
        for (var size = 1; size <= leaves.Length; size++)
        {
            var tree = leaves.AsSpan(0, size).ToArray();
            var root = MerkleTree.Root(tree);
            for (var index = 0; index < size; index++)
            {
                byte[][] proof = [.. MerkleTree.InclusionProof(tree, index)];
                MerkleTree.VerifyInclusion(leaves[index], index, size, proof, root).ShouldBeTrue($"leaf {index} of {size}");
                foreach (var (changed, how) in Changed(proof))
                    MerkleTree.VerifyInclusion(leaves[index], index, size, changed, root).ShouldBeFalse($"leaf {index} of {size}: {how}");
                foreach (var other in (int[])[index - 1, index + 1, index ^ 1, index + size])
                    MerkleTree.VerifyInclusion(leaves[index], other, size, proof, root).ShouldBe(other == index, $"leaf {index} of {size} as {other}");
                MerkleTree.VerifyInclusion(Flipped(leaves[index], 3), index, size, proof, root).ShouldBeFalse();
                MerkleTree.VerifyInclusion(leaves[index], index, size, proof, Flipped(root, 0)).ShouldBeFalse();
            }

            MerkleTree.ConsistencyProof(tree, 0).ShouldBeEmpty();
            MerkleTree.VerifyConsistency(0, size, [], MerkleTree.Root([]), root).ShouldBeFalse("it proves nothing");
            for (var earlier = 1; earlier <= size; earlier++)
            {
                byte[][] proof = [.. MerkleTree.ConsistencyProof(tree, earlier)];
                var old = MerkleTree.Root(leaves.AsSpan(0, earlier));
                MerkleTree.VerifyConsistency(earlier, size, proof, old, root).ShouldBeTrue($"{earlier} to {size}");
                foreach (var (changed, how) in Changed(proof))
                    MerkleTree.VerifyConsistency(earlier, size, changed, old, root).ShouldBeFalse($"{earlier} to {size}: {how}");
                MerkleTree.VerifyConsistency(earlier, size, proof, Flipped(old, 31), root).ShouldBeFalse();
                MerkleTree.VerifyConsistency(earlier, size, proof, old, Flipped(root, 0)).ShouldBeFalse();
            }
        }
    }

    static IEnumerable<(byte[][] Proof, string How)> Changed(byte[][] proof)
    {
        for (var i = 0; i < proof.Length; i++)
        {
            yield return ([.. proof[..i], Flipped(proof[i], i % 32), .. proof[(i + 1)..]], $"hash {i} changed");
            yield return ([.. proof[..i], .. proof[(i + 1)..]], $"hash {i} left out");
            yield return ([.. proof[..i], proof[i][..31], .. proof[(i + 1)..]], $"hash {i} too short");
        }

        yield return ([.. proof, new byte[32]], "one more");
        yield return ([new byte[32], .. proof], "one more before");
        if (proof.Length > 1)
            yield return ([proof[1], proof[0], .. proof[2..]], "two swapped");
    }

    static byte[] Flipped(byte[] hash, int at)
    {
        var changed = hash.ToArray();
        changed[at] ^= 1;
        return changed;
    }

    static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}

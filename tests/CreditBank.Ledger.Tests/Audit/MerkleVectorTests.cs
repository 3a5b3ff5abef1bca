using System.Text.Json;
using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

/// <summary>The probes of transparency-dev/merkle: most of them must fail.</summary>
public sealed class MerkleVectorTests
{
    [ExternalDataFact]
    public void every_published_inclusion_probe_gives_the_published_answer() =>
        Assert.Equal(
            98,
            Probe(
                "inclusion",
                probe =>
                    Reads(probe, "leafHash", out var leafHash)
                    && Reads(probe, "root", out var root)
                    && ReadsProof(probe, out var proof)
                    && MerkleProof.VerifyInclusion(
                        Number(probe, "leafIdx"),
                        Number(probe, "treeSize"),
                        leafHash,
                        proof,
                        root
                    )
            )
        );

    [ExternalDataFact]
    public void every_published_consistency_probe_gives_the_published_answer() =>
        Assert.Equal(
            98,
            Probe(
                "consistency",
                probe =>
                    ReadRoot(probe, "root1") is var older
                    && ReadRoot(probe, "root2") is var newer
                    && ReadsProof(probe, out var proof)
                    && MerkleProof.VerifyConsistency(
                        Number(probe, "size1"),
                        Number(probe, "size2"),
                        older,
                        newer,
                        proof
                    )
            )
        );

    // A subtree from start to end is a tree of its own: inclusion in it is inclusion at the index counted from its
    // start.
    [ExternalDataFact]
    public void every_published_probe_of_inclusion_in_a_subtree_gives_the_published_answer() =>
        Assert.Equal(
            204,
            Probe(
                "subtreeinclusion",
                probe =>
                    Number(probe, "start") is var start
                    && Number(probe, "end") is var end
                    && IsSubtree(start, end)
                    && Reads(probe, "leafHash", out var leafHash)
                    && Reads(probe, "root", out var root)
                    && ReadsProof(probe, out var proof)
                    && MerkleProof.VerifyInclusion(
                        unchecked(Number(probe, "leafIdx") - start),
                        unchecked(end - start),
                        leafHash,
                        proof,
                        root
                    )
            )
        );

    private static int Probe(string kind, Func<JsonElement, bool> verify)
    {
        var folder = ExternalData.PathOf("merkle", "transparency-dev-merkle", "testdata", kind);
        var files = Directory.GetFiles(folder, "*.json", SearchOption.AllDirectories);
        foreach (var file in files)
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var mustFail = document.RootElement.GetProperty("wantErr").GetBoolean();
            Assert.True(verify(document.RootElement) == !mustFail, file);
        }

        return files.Length;
    }

    private static bool IsSubtree(long start, long end) =>
        start >= 0
        && end > start
        && start % (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)(end - start)) == 0;

    // Sizes above 2^63 become negative, and no tree has such a size.
    private static long Number(JsonElement probe, string name) => unchecked((long)probe.GetProperty(name).GetUInt64());

    private static bool Reads(JsonElement probe, string name, out MerkleHash hash) =>
        MerkleHash.TryParse(probe.GetProperty(name).GetString(), out hash);

    // One probe calls roots that are no hashes right as long as they are equal; ours cannot even be other than 32
    // bytes.
    private static MerkleHash ReadRoot(JsonElement probe, string name) =>
        Reads(probe, name, out var hash) ? hash : MerkleHash.OfLeaf(probe.GetProperty(name).GetBytesFromBase64());

    private static bool ReadsProof(JsonElement probe, out MerkleHash[] proof)
    {
        var texts = probe.GetProperty("proof") is { ValueKind: JsonValueKind.Array } array
            ? array.EnumerateArray().Select(item => item.GetString()).ToList()
            : [];
        proof = new MerkleHash[texts.Count];
        for (var i = 0; i < proof.Length; i++)
        {
            if (!MerkleHash.TryParse(texts[i], out proof[i]))
            {
                return false;
            }
        }

        return true;
    }
}

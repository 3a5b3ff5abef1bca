using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CreditBank.Ledger.Audit;
using NodaTime;

namespace CreditBank.Ledger.Tests.Audit;

/// <summary>
/// Makes the files of <c>specs/vectors</c> and compares them with those that are committed. A difference is written
/// beside the file as <c>.received.txt</c>: other implementers rely on these bytes, so that a change must be meant.
/// </summary>
public sealed class SpecVectorTests
{
    private static readonly Instant CosignedAt = Instant.FromUtc(2026, 9, 1, 0, 0);

    /// <summary>Their canonical bytes are also the leaves of the tree.</summary>
    private static readonly (string Name, string Json)[] Canonical =
    [
        (
            "members are sorted, white space is dropped",
            """{ "type": "CreditEarned", "book": "s07", "credits": "3.5" }"""
        ),
        ("names are compared by UTF-16 code units", """{"\ufb33":1,"\ud83d\ude00":2,"\u20ac":3,"a":4,"A":5,"":6}"""),
        ("escapes are the shortest, others are unescaped", """["\u0041\/\u0022\\","\b\t\n\f\r\u001F\u007f\u2028"]"""),
        ("characters are not normalised", """["\u00e9","e\u0301","\ud842\udfb7"]"""),
        ("integers up to 2^53 - 1", "[0,-0,-1,9007199254740991,-9007199254740991]"),
        ("the other values", """{"b":[true,false,null,[],{}],"a":{"d":{"f":1,"e":2},"c":""}}"""),
        ("a value alone", "\"x\""),
    ];

    private static readonly (string Name, string Json)[] Refused =
    [
        ("a fraction", "[1.5]"),
        ("a fraction that is an integer", "[1.0]"),
        ("an exponent", "[1e2]"),
        ("an integer of 2^53", "[9007199254740992]"),
        ("half a surrogate pair", """["\ud83d"]"""),
        ("a name twice", """{"a":1,"\u0061":2}"""),
        ("two values", "1 2"),
        ("a comma too many", "[1,]"),
    ];

    [Fact]
    public void the_committed_vectors_are_what_the_code_makes()
    {
        var folder = Path.Combine(Repository(), "specs", "vectors");
        var made = Make();
        var differing = made.Where(file => !IsCommitted(Path.Combine(folder, file.Key), file.Value)).ToList();
        foreach (var (name, text) in differing)
        {
            File.WriteAllText(Path.Combine(folder, $"{name}.received.txt"), text);
        }

        Assert.Empty(differing.Select(file => file.Key));
        Assert.Equal(
            made.Keys.Append("README.md").Order(StringComparer.Ordinal),
            Directory
                .GetFiles(folder)
                .Select(file => Path.GetFileName(file))
                .Where(file => !file.Contains(".received.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
    }

    private static Dictionary<string, string> Make()
    {
        using var log = TestKeys.Log();
        using var witness = TestKeys.Witness();
        var leaves = Canonical.Select(item => CanonicalJson.Of(Encoding.UTF8.GetBytes(item.Json))).ToList();
        var (tree, bundle) = (new TileBuilder(), new MemoryStream());
        foreach (var leaf in leaves)
        {
            tree.Append(MerkleHash.OfLeaf(leaf));
            EntryBundle.Append(bundle, leaf);
        }

        var tile = Assert.Single(tree.Partial());
        var checkpoint = new Checkpoint(log.Vkey.Name, tree.Size, tree.Root());
        var signed = checkpoint.Sign(log);
        var cosigned = signed.With(witness.Cosign(checkpoint, CosignedAt));
        var proof = ProofPlan.Inclusion(4, tree.Size).Resolve(_ => tile.Bytes);
        return new Dictionary<string, string>
        {
            ["canonical-json.json"] = Json(WriteCanonical),
            ["tree.json"] = Json(writer => WriteTree(writer, leaves, tile, bundle.ToArray())),
            ["log.vkey"] = $"{log.Vkey}\n",
            ["witness.vkey"] = $"{witness.Vkey}\n",
            ["checkpoint"] = signed.Note.ToString(),
            ["checkpoint.cosigned"] = cosigned.Note.ToString(),
            ["leaf-4.tlog-proof"] = new TlogProof(4, proof, cosigned).ToString(),
            ["add-checkpoint.txt"] = new AddCheckpointRequest(
                3,
                ProofPlan.Consistency(3, tree.Size).Resolve(_ => tile.Bytes),
                signed
            ).ToString(),
            ["policy.txt"] = $"log {log.Vkey}\nwitness w1 {witness.Vkey}\nquorum w1\n",
        };
    }

    private static void WriteCanonical(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("canonical");
        foreach (var (name, json) in Canonical)
        {
            var bytes = CanonicalJson.Of(Encoding.UTF8.GetBytes(json));
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("json", json);
            writer.WriteString("canonicalHex", Convert.ToHexStringLower(bytes));
            writer.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(bytes)));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("refused");
        foreach (var (name, json) in Refused)
        {
            Assert.False(new CanonicalJson().TryWrite(Encoding.UTF8.GetBytes(json), out _, out var problem));
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("json", json);
            writer.WriteString("code", problem.Code);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTree(Utf8JsonWriter writer, List<byte[]> leaves, Tile tile, byte[] bundle)
    {
        var size = leaves.Count;
        WriteStrings(writer, "leavesHex", leaves.Select(leaf => Convert.ToHexStringLower(leaf)));
        WriteStrings(writer, "leafHashes", leaves.Select(leaf => MerkleHash.OfLeaf(leaf).ToString()));
        WriteStrings(writer, "rootsOfSizesFromZero", Enumerable.Range(0, size + 1).Select(to => RootOf(leaves[..to])));
        writer.WriteStartArray("inclusion");
        for (var index = 0; index < size; index++)
        {
            var proof = ProofPlan.Inclusion(index, size).Resolve(_ => tile.Bytes);
            WriteProof(writer, "index", index, size, proof);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("consistency");
        for (var older = 1; older <= size; older++)
        {
            var proof = ProofPlan.Consistency(older, size).Resolve(_ => tile.Bytes);
            WriteProof(writer, "olderSize", older, size, proof);
        }

        writer.WriteEndArray();
        writer.WriteString("tilePath", tile.Id.Path);
        writer.WriteString("tileHex", Convert.ToHexStringLower(tile.Bytes.Span));
        writer.WriteString("entryBundlePath", (tile.Id with { Level = TileId.Entries }).Path);
        writer.WriteString("entryBundleHex", Convert.ToHexStringLower(bundle));
    }

    private static void WriteProof(Utf8JsonWriter writer, string of, int value, int size, MerkleHash[] proof)
    {
        writer.WriteStartObject();
        writer.WriteNumber(of, value);
        writer.WriteNumber("size", size);
        WriteStrings(writer, "proof", proof.Select(hash => hash.ToString()));
        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static string RootOf(IEnumerable<byte[]> leaves)
    {
        var range = new CompactRange();
        foreach (var leaf in leaves)
        {
            range.Append(MerkleHash.OfLeaf(leaf));
        }

        return range.Root().ToString();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static bool IsCommitted(string path, string text) => File.Exists(path) && File.ReadAllText(path) == text;

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CreditBank.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Not inside the repository.");
        }

        return folder.FullName;
    }
}

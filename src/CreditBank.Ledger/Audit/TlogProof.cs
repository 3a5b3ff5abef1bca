using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// A receipt that can be checked offline for ever: C2SP tlog-proof, a file that ends in <c>.tlog-proof</c>. It says
/// that a leaf stands in the log of a signed checkpoint. Which leaf it is about, the holder brings.
/// </summary>
/// <param name="Index">Where the leaf stands, from zero.</param>
/// <param name="Hashes">The inclusion proof, from the leaf's sibling upwards (RFC 6962, section 2.1.1).</param>
/// <param name="Checkpoint">The checkpoint that it leads to.</param>
public sealed record TlogProof(long Index, IReadOnlyList<MerkleHash> Hashes, SignedCheckpoint Checkpoint)
{
    /// <summary>The most hashes that a proof can have in a tree of a 63-bit size.</summary>
    public const int HashesMax = 63;

    private const string FirstLine = "c2sp.org/tlog-proof@v1";
    private const string ExtraWord = "extra ";
    private const string IndexWord = "index ";

    /// <summary>Bytes for the application that nothing authenticates; none when the file has no such line.</summary>
    public ReadOnlyMemory<byte>? Extra { get; init; }

    /// <summary>Reads a proof file without checking anything.</summary>
    /// <param name="bytes">The file from the first byte to its last newline.</param>
    /// <param name="proof">The proof, when true.</param>
    /// <param name="problemCode">
    /// <see cref="AuditProblem.ProofMalformed"/>, or what is wrong with its checkpoint, when false.
    /// </param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out TlogProof? proof,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        proof = null;
        problemCode = AuditProblem.ProofMalformed;
        var blank = bytes.IndexOf("\n\n"u8);
        if (blank < 0 || !NoteText.TryRead(bytes[..blank], out var head))
        {
            return false;
        }

        var lines = new Queue<string>(head.Split('\n'));
        if (lines.Dequeue() != FirstLine || !TryReadExtra(lines, out var extra) || !TryReadIndex(lines, out var index))
        {
            return false;
        }

        var hashes = new List<MerkleHash>(lines.Count);
        foreach (var line in lines)
        {
            if (!MerkleHash.TryParse(line, out var hash) || hashes.Count == HashesMax)
            {
                return false;
            }

            hashes.Add(hash);
        }

        if (!SignedCheckpoint.TryParse(bytes[(blank + 2)..], out var checkpoint, out problemCode))
        {
            return false;
        }

        proof = new TlogProof(index, hashes, checkpoint) { Extra = extra };
        return true;
    }

    /// <summary>Checks that the leaf is in a log that the policy trusts.</summary>
    /// <param name="leafHash">The hash of the leaf that the holder has.</param>
    /// <param name="policy">Which logs and witnesses are trusted.</param>
    /// <param name="problemCode">
    /// <see cref="AuditProblem.ProofInclusion"/> or what <see cref="TrustPolicy.TryVerify"/> finds, when false.
    /// </param>
    public bool TryVerify(in MerkleHash leafHash, TrustPolicy policy, [NotNullWhen(false)] out string? problemCode)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (!policy.TryVerify(Checkpoint, out _, out problemCode))
        {
            return false;
        }

        var body = Checkpoint.Checkpoint;
        var isIncluded = MerkleProof.VerifyInclusion(Index, body.Size, leafHash, [.. Hashes], body.Root);
        problemCode = isIncluded ? null : AuditProblem.ProofInclusion;
        return isIncluded;
    }

    /// <summary>The whole file.</summary>
    public override string ToString()
    {
        var extra = Extra is { } bytes ? $"{ExtraWord}{Convert.ToBase64String(bytes.Span)}\n" : "";
        var index = Index.ToString(CultureInfo.InvariantCulture);
        var hashes = string.Concat(Hashes.Select(hash => $"{hash}\n"));
        return $"{FirstLine}\n{extra}{IndexWord}{index}\n{hashes}\n{Checkpoint.Note}";
    }

    /// <summary>The whole file in UTF-8.</summary>
    public byte[] ToBytes() => NoteText.ToBytes(ToString());

    private static bool TryReadExtra(Queue<string> lines, out ReadOnlyMemory<byte>? extra)
    {
        extra = null;
        if (!lines.TryPeek(out var line) || !line.StartsWith(ExtraWord, StringComparison.Ordinal))
        {
            return true;
        }

        lines.Dequeue();
        var read = Base64Text.TryDecode(line[ExtraWord.Length..], out var bytes);
        extra = read ? bytes : null;
        return read;
    }

    private static bool TryReadIndex(Queue<string> lines, out long index)
    {
        index = 0;
        return lines.TryDequeue(out var line)
            && line.StartsWith(IndexWord, StringComparison.Ordinal)
            && NoteText.TryReadNumber(line[IndexWord.Length..], out index);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CreditBank.Ledger.Audit;

/// <summary>The body of <c>POST add-checkpoint</c>, C2SP tlog-witness: what a log asks a witness to cosign.</summary>
/// <param name="OldSize">The size that the log believes the witness to have seen last; zero for never.</param>
/// <param name="Proof">The consistency proof from that size; empty for zero.</param>
/// <param name="Checkpoint">The checkpoint to cosign.</param>
public sealed record AddCheckpointRequest(long OldSize, IReadOnlyList<MerkleHash> Proof, SignedCheckpoint Checkpoint)
{
    /// <summary>The most lines of a proof, inclusive.</summary>
    public const int ProofLinesMax = 63;

    private const string OldWord = "old ";

    /// <summary>Reads a body.</summary>
    /// <param name="bytes">The whole body.</param>
    /// <param name="request">The request, when true.</param>
    /// <param name="problemCode">
    /// <see cref="AuditProblem.RequestMalformed"/>, or what is wrong with its checkpoint, when false.
    /// </param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out AddCheckpointRequest? request,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        request = null;
        problemCode = AuditProblem.RequestMalformed;
        var blank = bytes.IndexOf("\n\n"u8);
        if (
            blank < 0
            || !NoteText.TryRead(bytes[..blank], out var head)
            || head.Split('\n') is not [var old, .. var lines]
            || !old.StartsWith(OldWord, StringComparison.Ordinal)
            || !NoteText.TryReadNumber(old[OldWord.Length..], out var oldSize)
            || lines.Length > ProofLinesMax
        )
        {
            return false;
        }

        var proof = new MerkleHash[lines.Length];
        for (var i = 0; i < proof.Length; i++)
        {
            if (!MerkleHash.TryParse(lines[i], out proof[i]))
            {
                return false;
            }
        }

        if (!SignedCheckpoint.TryParse(bytes[(blank + 2)..], out var checkpoint, out problemCode))
        {
            return false;
        }

        request = new AddCheckpointRequest(oldSize, proof, checkpoint);
        return true;
    }

    /// <summary>The whole body.</summary>
    public override string ToString()
    {
        var old = OldSize.ToString(CultureInfo.InvariantCulture);
        return $"{OldWord}{old}\n{string.Concat(Proof.Select(hash => $"{hash}\n"))}\n{Checkpoint.Note}";
    }

    /// <summary>The whole body in UTF-8.</summary>
    public byte[] ToBytes() => NoteText.ToBytes(ToString());
}

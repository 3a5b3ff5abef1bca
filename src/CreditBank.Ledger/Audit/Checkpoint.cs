using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// What a log commits to at one moment: so many leaves with that root. The text of C2SP tlog-checkpoint.
/// </summary>
/// <param name="Origin">Which log: the bank's name and the book; not empty, one line.</param>
/// <param name="Size">How many leaves.</param>
/// <param name="Root">The root over them.</param>
public sealed record Checkpoint(string Origin, long Size, MerkleHash Root)
{
    /// <summary>Lines that other logs may add. We add none, because nobody could audit them.</summary>
    public string ExtensionLines { get; private init; } = "";

    /// <summary>The text that is signed, with the newline at its end.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root}\n{ExtensionLines}");

    /// <summary>Reads the text of a note as a checkpoint.</summary>
    /// <param name="text">With the newline at its end.</param>
    /// <param name="checkpoint">The checkpoint, when true.</param>
    /// <param name="problemCode"><see cref="AuditProblem.CheckpointMalformed"/>, when false.</param>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out Checkpoint? checkpoint,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        checkpoint = null;
        problemCode = AuditProblem.CheckpointMalformed;
        if (
            text is null
            || !text.EndsWith('\n')
            || text[..^1].Split('\n') is not [var origin, var number, var base64, .. var extensions]
            || origin.Length == 0
            || extensions.Contains("")
            || !NoteText.TryReadNumber(number, out var size)
            || !MerkleHash.TryParse(base64, out var root)
        )
        {
            return false;
        }

        problemCode = null;
        checkpoint = new Checkpoint(origin, size, root)
        {
            ExtensionLines = string.Concat(extensions.Select(line => line + "\n")),
        };
        return true;
    }

    /// <summary>
    /// Whether a newer checkpoint of the same log continues this one. Nobody may sign or cosign one that does not. Any
    /// checkpoint continues one without leaves, and then the proof is empty.
    /// </summary>
    /// <param name="newer">The other checkpoint; it may be of the same size.</param>
    /// <param name="proof">The consistency proof between the sizes (RFC 6962, section 2.1.2).</param>
    public bool IsContinuedBy(Checkpoint newer, ReadOnlySpan<MerkleHash> proof)
    {
        ArgumentNullException.ThrowIfNull(newer);
        if (newer.Origin != Origin)
        {
            return false;
        }

        return Size == 0
            ? proof.IsEmpty && Root == MerkleHash.EmptyRoot && (newer.Size > 0 || newer.Root == Root)
            : MerkleProof.VerifyConsistency(Size, newer.Size, Root, newer.Root, proof);
    }

    /// <summary>Signs it.</summary>
    public SignedCheckpoint Sign(params IEnumerable<NoteSigner> signers) =>
        new(this, SignedNote.Create(Text, [.. signers.Select(signer => signer.Sign(Text))]));
}

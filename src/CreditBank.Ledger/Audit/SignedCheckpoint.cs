using System.Diagnostics.CodeAnalysis;

namespace CreditBank.Ledger.Audit;

/// <summary>A checkpoint and the note that carries it. It means nothing until it has been verified.</summary>
public sealed class SignedCheckpoint
{
    internal SignedCheckpoint(Checkpoint checkpoint, SignedNote note) => (Checkpoint, Note) = (checkpoint, note);

    /// <summary>What the note says.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The note.</summary>
    public SignedNote Note { get; }

    /// <summary>Reads a checkpoint file without checking any signature.</summary>
    /// <param name="bytes">The file from the first byte to its last newline.</param>
    /// <param name="checkpoint">The checkpoint, when true.</param>
    /// <param name="problemCode">
    /// <see cref="AuditProblem.NoteMalformed"/> or <see cref="AuditProblem.CheckpointMalformed"/>, when false.
    /// </param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out SignedCheckpoint? checkpoint,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        var read =
            SignedNote.TryParse(bytes, out var note, out problemCode)
            & Checkpoint.TryParse(note?.Text, out var body, out var bodyProblem);
        problemCode ??= bodyProblem;
        checkpoint = read ? new SignedCheckpoint(body!, note!) : null;
        return checkpoint is not null;
    }

    /// <summary>Checks that it is of the log of that origin and signed by one of its keys.</summary>
    /// <param name="origin">The log that is meant.</param>
    /// <param name="logKeys">The keys trusted for it; after a rotation the old and the new one.</param>
    /// <param name="problemCode">
    /// <see cref="AuditProblem.CheckpointOrigin"/> or what <see cref="SignedNote.TryVerify"/> finds, when false.
    /// </param>
    public bool TryVerify(
        string origin,
        IReadOnlyCollection<Vkey> logKeys,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        problemCode = Checkpoint.Origin == origin ? null : AuditProblem.CheckpointOrigin;
        return problemCode is null && Note.TryVerify(logKeys, out _, out problemCode);
    }

    /// <summary>The same checkpoint with more signatures, such as a witness's.</summary>
    public SignedCheckpoint With(params IEnumerable<NoteSignature> more) => new(Checkpoint, Note.With(more));
}

using System.Diagnostics.CodeAnalysis;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// A text with signatures, C2SP signed-note. The text means nothing until a signature of a known key has been verified.
/// </summary>
public sealed class SignedNote
{
    /// <summary>The most signature lines that are read; the format asks for at least sixteen.</summary>
    public const int SignaturesMax = 100;

    private SignedNote(string text, IReadOnlyList<NoteSignature> signatures) => (Text, Signatures) = (text, signatures);

    /// <summary>What is signed, with the newline at its end.</summary>
    public string Text { get; }

    /// <summary>The signature lines in order, at least one.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>A note of our own.</summary>
    /// <param name="text">Ends in a newline and has no other control characters.</param>
    /// <param name="signatures">At least one.</param>
    /// <exception cref="ArgumentException">The text or the number of signatures is not allowed.</exception>
    public static SignedNote Create(string text, params IReadOnlyList<NoteSignature> signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        if (!NoteText.TryRead(NoteText.ToBytes(text), out _) || !text.EndsWith('\n'))
        {
            throw new ArgumentException("The text of a note ends in a newline.", nameof(text));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(signatures.Count, 1, nameof(signatures));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(signatures.Count, SignaturesMax, nameof(signatures));
        return new SignedNote(text, signatures);
    }

    /// <summary>Reads a note without checking any signature.</summary>
    /// <param name="bytes">The note from the first byte to its last newline.</param>
    /// <param name="note">The note, when true.</param>
    /// <param name="problemCode"><see cref="AuditProblem.NoteMalformed"/>, when false.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out SignedNote? note,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        note = NoteText.TryRead(bytes, out var whole) ? Read(whole) : null;
        problemCode = note is null ? AuditProblem.NoteMalformed : null;
        return note is not null;
    }

    /// <summary>
    /// Checks the signatures of known keys. Lines of other keys are ignored, also when they bear a known name or a
    /// known id but not both; a second line of the same key too. One wrong signature of a known key spoils the note.
    /// </summary>
    /// <param name="known">The keys that are trusted.</param>
    /// <param name="verified">
    /// Those whose signature is right, in the order of their lines; at least one, when true.
    /// </param>
    /// <param name="problemCode">
    /// <see cref="AuditProblem.NoteUnknownKeys"/> or <see cref="AuditProblem.NoteSignature"/>, when false.
    /// </param>
    public bool TryVerify(
        IReadOnlyCollection<Vkey> known,
        out IReadOnlyList<VerifiedSignature> verified,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        ArgumentNullException.ThrowIfNull(known);
        var found = new List<VerifiedSignature>();
        verified = [];
        foreach (var signature in Signatures)
        {
            var key = known.FirstOrDefault(key => key.Name == signature.KeyName && key.Id == signature.KeyId);
            if (key is null || found.Any(other => other.Key == key))
            {
                continue;
            }

            if (!signature.TryVerify(Text, key, out var right))
            {
                problemCode = AuditProblem.NoteSignature;
                return false;
            }

            found.Add(right);
        }

        verified = found;
        problemCode = found.Count > 0 ? null : AuditProblem.NoteUnknownKeys;
        return problemCode is null;
    }

    /// <summary>The same note with more signatures behind those it has.</summary>
    public SignedNote With(params IEnumerable<NoteSignature> more) => Create(Text, [.. Signatures, .. more]);

    /// <summary>The whole note.</summary>
    public override string ToString() =>
        $"{Text}\n{string.Concat(Signatures.Select(signature => signature.Line + "\n"))}";

    /// <summary>The whole note in UTF-8.</summary>
    public byte[] ToBytes() => NoteText.ToBytes(ToString());

    private static SignedNote? Read(string whole)
    {
        var blank = whole.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (blank < 0 || !whole.EndsWith('\n'))
        {
            return null;
        }

        var lines = whole[(blank + 2)..].Split('\n')[..^1];
        if (lines.Length is 0 or > SignaturesMax)
        {
            return null;
        }

        var signatures = new List<NoteSignature>(lines.Length);
        foreach (var line in lines)
        {
            if (!NoteSignature.TryParse(line, out var signature))
            {
                return null;
            }

            signatures.Add(signature);
        }

        return new SignedNote(whole[..(blank + 1)], signatures);
    }
}

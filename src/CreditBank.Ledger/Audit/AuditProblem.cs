namespace CreditBank.Ledger.Audit;

/// <summary>
/// The stable codes that say why bytes from outside are not what they claim to be. A verifier reports them as they
/// stand; they are findings, not exceptions.
/// </summary>
public static class AuditProblem
{
    /// <summary>Not one JSON value in UTF-8 (RFC 8259), or nested deeper than 64.</summary>
    public const string JsonMalformed = "audit.json.malformed";

    /// <summary>A number that is not an integer within plus or minus 2^53 - 1, written without exponent.</summary>
    public const string JsonNumber = "audit.json.number";

    /// <summary>Bytes that are no UTF-8, or a string that escapes half a surrogate pair.</summary>
    public const string JsonText = "audit.json.text";

    /// <summary>An object that has a name twice.</summary>
    public const string JsonDuplicate = "audit.json.duplicate-name";

    /// <summary>Not a signed note (C2SP signed-note).</summary>
    public const string NoteMalformed = "audit.note.malformed";

    /// <summary>No signature of the note is from a key that is known.</summary>
    public const string NoteUnknownKeys = "audit.note.unknown-keys";

    /// <summary>A signature of the note that names a known key is not that key's.</summary>
    public const string NoteSignature = "audit.note.signature";

    /// <summary>Not a verifier key, or one whose key id does not follow from it.</summary>
    public const string KeyMalformed = "audit.key.malformed";

    /// <summary>A key of a kind that is not supported.</summary>
    public const string KeyType = "audit.key.type";

    /// <summary>The text of a note is not a checkpoint (C2SP tlog-checkpoint).</summary>
    public const string CheckpointMalformed = "audit.checkpoint.malformed";

    /// <summary>A checkpoint of another log than the one asked for.</summary>
    public const string CheckpointOrigin = "audit.checkpoint.origin";

    /// <summary>Too few of the witnesses that a policy asks for have cosigned.</summary>
    public const string Quorum = "audit.checkpoint.quorum";

    /// <summary>Not a proof file (C2SP tlog-proof).</summary>
    public const string ProofMalformed = "audit.proof.malformed";

    /// <summary>The hashes of a proof do not lead from the leaf to the root.</summary>
    public const string ProofInclusion = "audit.proof.inclusion";

    /// <summary>Not a policy file (C2SP tlog-policy).</summary>
    public const string PolicyMalformed = "audit.policy.malformed";

    /// <summary>Not an entry bundle of the width expected (C2SP tlog-tiles).</summary>
    public const string BundleMalformed = "audit.bundle.malformed";

    /// <summary>Not the leaf of an event, or not in its canonical bytes.</summary>
    public const string LeafMalformed = "audit.leaf.malformed";

    /// <summary>Not a request to a witness (C2SP tlog-witness).</summary>
    public const string RequestMalformed = "audit.request.malformed";
}

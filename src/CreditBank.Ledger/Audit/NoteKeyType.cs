namespace CreditBank.Ledger.Audit;

/// <summary>What a key of a signed note signs, and how: the type bytes of C2SP signed-note that we support.</summary>
public enum NoteKeyType : byte
{
    /// <summary>Ed25519 (RFC 8032) over the text of the note: what a log signs with.</summary>
    Ed25519 = 0x01,

    /// <summary>Ed25519 over a time and a checkpoint: what a witness cosigns with (C2SP tlog-cosignature).</summary>
    Cosignature = 0x04,
}

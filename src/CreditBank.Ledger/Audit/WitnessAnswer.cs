namespace CreditBank.Ledger.Audit;

/// <summary>The answers of a witness; each value is the HTTP status that C2SP tlog-witness gives it.</summary>
public enum WitnessAnswer
{
    /// <summary>The checkpoint continues the latest one: keep it, then answer with the cosignature.</summary>
    Cosign = 200,

    /// <summary>The old size is larger than the checkpoint's.</summary>
    BadRequest = 400,

    /// <summary>No signature of a key that is trusted for the log.</summary>
    BadSignature = 403,

    /// <summary>The log is not known.</summary>
    UnknownLog = 404,

    /// <summary>
    /// The old size is not that of the latest checkpoint, or there is another checkpoint of that size: answer with the
    /// latest size.
    /// </summary>
    Conflict = 409,

    /// <summary>The proof does not show that the checkpoint continues the latest one.</summary>
    Inconsistent = 422,
}

namespace CreditBank.Ledger.Audit;

/// <summary>
/// What a witness answers, C2SP tlog-witness. Pure: whoever runs a witness keeps the latest checkpoint of each log, and
/// reads it, decides and writes the new one in one transaction before the answer goes out.
/// </summary>
public static class Witness
{
    /// <summary>Decides whether to cosign.</summary>
    /// <param name="request">What a log asks.</param>
    /// <param name="logKeys">The keys trusted for the request's origin; none when the log is not known.</param>
    /// <param name="latest">The latest checkpoint of the log that was cosigned; none if there was none.</param>
    public static WitnessAnswer Decide(
        AddCheckpointRequest request,
        IReadOnlyCollection<Vkey> logKeys,
        Checkpoint? latest
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(logKeys);
        var asked = request.Checkpoint.Checkpoint;
        if (logKeys.Count == 0)
        {
            return WitnessAnswer.UnknownLog;
        }

        if (!request.Checkpoint.TryVerify(asked.Origin, logKeys, out _))
        {
            return WitnessAnswer.BadSignature;
        }

        if (request.OldSize > asked.Size)
        {
            return WitnessAnswer.BadRequest;
        }

        latest ??= new Checkpoint(asked.Origin, 0, MerkleHash.EmptyRoot);
        if (request.OldSize != latest.Size || (asked.Size == latest.Size && asked.Root != latest.Root))
        {
            return WitnessAnswer.Conflict;
        }

        return latest.IsContinuedBy(asked, [.. request.Proof]) ? WitnessAnswer.Cosign : WitnessAnswer.Inconsistent;
    }
}

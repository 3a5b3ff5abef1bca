using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>
/// Which keys may have signed what: the policy for newest checkpoints, and for older ones also keys that were retired,
/// each up to the size at which it was.
/// </summary>
internal sealed class TrustedKeys(TrustPolicy policy, IReadOnlyList<RetiredKey> retired)
{
    /// <summary>How many checkpoints had a right signature.</summary>
    public long SignaturesChecked { get; private set; }

    /// <summary>Why a newest checkpoint is not to be trusted; none when it is.</summary>
    public string? ProblemOfNewest(SignedCheckpoint checkpoint, string origin) =>
        checkpoint.Checkpoint.Origin != origin ? AuditProblem.CheckpointOrigin
        : policy.TryVerify(checkpoint, out _, out var problem) ? Counted()
        : problem;

    /// <summary>Why an older checkpoint is not to be trusted; none when it is.</summary>
    public string? ProblemOfOlder(SignedCheckpoint checkpoint, string origin)
    {
        var keys = policy
            .Logs.Select(log => log.Key)
            .Concat(retired.Where(old => checkpoint.Checkpoint.Size <= old.SizeMax).Select(old => old.Key))
            .Where(key => key.Name == origin)
            .ToList();
        return checkpoint.TryVerify(origin, keys, out var problem) ? Counted() : problem;
    }

    private string? Counted()
    {
        SignaturesChecked++;
        return null;
    }
}

/// <summary>A key that signs no more.</summary>
/// <param name="Key">The key.</param>
/// <param name="SizeMax">The largest checkpoint that it may have signed, inclusive.</param>
internal sealed record RetiredKey(Vkey Key, long SizeMax)
{
    /// <summary>Reads a file of lines: a vkey, a space, a size.</summary>
    /// <exception cref="UnusableExportException">A line is something else.</exception>
    public static IReadOnlyList<RetiredKey> ReadFile(string path)
    {
        var keys = new List<RetiredKey>();
        foreach (var line in File.ReadLines(path).Where(line => line.Trim().Length > 0))
        {
            keys.Add(
                line.Split(' ') is [var text, var size]
                && Vkey.TryParse(text, out var key, out _)
                && long.TryParse(size, System.Globalization.NumberStyles.None, null, out var max)
                    ? new RetiredKey(key, max)
                    : throw new UnusableExportException($"{path}: '{line}' is no key with a size behind it.")
            );
        }

        return keys;
    }
}

using System.Diagnostics.CodeAnalysis;

namespace CreditBank.Ledger.Audit;

/// <summary>
/// Which logs are trusted, and which witnesses must have cosigned a checkpoint before it counts: C2SP tlog-policy.
/// </summary>
public sealed class TrustPolicy
{
    private readonly Dictionary<string, PolicyMember> members;
    private readonly string? quorum;

    internal TrustPolicy(
        IReadOnlyList<PolicyKey> logs,
        IReadOnlyList<PolicyKey> witnesses,
        Dictionary<string, PolicyMember> members,
        string? quorum
    ) => (Logs, Witnesses, this.members, this.quorum) = (logs, witnesses, members, quorum);

    /// <summary>The logs; the name of each key is the log's origin.</summary>
    public IReadOnlyList<PolicyKey> Logs { get; }

    /// <summary>The witnesses.</summary>
    public IReadOnlyList<PolicyKey> Witnesses { get; }

    /// <summary>A policy that trusts logs without asking for witnesses.</summary>
    public static TrustPolicy Of(params IEnumerable<Vkey> logs) =>
        new([.. logs.Select(key => new PolicyKey(key, null))], [], [], null);

    /// <summary>Reads a policy file.</summary>
    /// <param name="bytes">Lines of <c>log</c>, <c>witness</c>, <c>group</c> and <c>quorum</c>.</param>
    /// <param name="policy">The policy, when true.</param>
    /// <param name="problem">What is wrong and in which line, when false.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out TrustPolicy? policy,
        [NotNullWhen(false)] out PolicyProblem? problem
    ) => PolicyReader.TryRead(bytes, out policy, out problem);

    /// <summary>Checks that a checkpoint is signed by a log of the policy and cosigned by its quorum.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="verified">The signatures that are right, when true.</param>
    /// <param name="problemCode">
    /// <see cref="AuditProblem.CheckpointOrigin"/>, <see cref="AuditProblem.Quorum"/> or what
    /// <see cref="SignedNote.TryVerify"/> finds, when false.
    /// </param>
    public bool TryVerify(
        SignedCheckpoint checkpoint,
        out IReadOnlyList<VerifiedSignature> verified,
        [NotNullWhen(false)] out string? problemCode
    )
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        verified = [];
        var origin = checkpoint.Checkpoint.Origin;
        var logs = Logs.Select(log => log.Key).Where(key => key.Name == origin).ToHashSet();
        if (logs.Count == 0)
        {
            problemCode = AuditProblem.CheckpointOrigin;
            return false;
        }

        Vkey[] known = [.. logs, .. Witnesses.Select(witness => witness.Key)];
        if (!checkpoint.Note.TryVerify(known, out var right, out problemCode))
        {
            return false;
        }

        var signers = right.Select(signature => signature.Key).ToHashSet();
        problemCode =
            !signers.Overlaps(logs) ? AuditProblem.NoteUnknownKeys
            : !HasQuorum(signers) ? AuditProblem.Quorum
            : null;
        verified = problemCode is null ? right : [];
        return problemCode is null;
    }

    private bool HasQuorum(HashSet<Vkey> signers) => quorum is null || HasCosigned(quorum, signers);

    private bool HasCosigned(string name, HashSet<Vkey> signers) =>
        members[name] is { Key: { } key }
            ? signers.Contains(key)
            : members[name] is var group
                && group.Members.Count(member => HasCosigned(member, signers)) >= group.MembersMin;
}

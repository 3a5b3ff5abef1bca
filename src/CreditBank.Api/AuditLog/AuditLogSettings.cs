using CreditBank.Ledger.Audit;
using NodaTime;

namespace CreditBank.Api.AuditLog;

/// <summary>How the audit log runs. <see cref="Off"/> seals nothing.</summary>
public sealed record AuditLogSettings
{
    /// <summary>No audit log, for hosts that have no storage or want none.</summary>
    public static readonly AuditLogSettings Off = new();

    /// <summary>The bank's name as checkpoints give it, before <c>/</c> and the book; no spaces, no plus.</summary>
    public string BankName { get; init; } = "creditbank.localhost";

    /// <summary>
    /// The seeds of the keys that sign, 32 bytes each, the current one first. During a rotation the old one signs too.
    /// Empty means that events are sealed and nothing is signed.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Seeds { get; init; } = [];

    /// <summary>
    /// Where the last signed checkpoints are kept outside the database; none means that nothing is signed.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Where tiles are written as plain files; none means nowhere.</summary>
    public string? TilesFolder { get; init; }

    /// <summary>The witnesses to ask and the policy to publish (C2SP tlog-policy); none means no witness.</summary>
    public TrustPolicy? Policy { get; init; }

    /// <summary>Whether anything is sealed.</summary>
    public bool IsOn { get; init; }

    /// <summary>
    /// How often events are looked for while some arrive. Each look is a commit for each book that grew: more of them
    /// would cost those who append, and checkpoints come later anyway.
    /// </summary>
    public Duration PollEvery { get; init; } = Duration.FromSeconds(1);

    /// <summary>How often while none arrive.</summary>
    public Duration IdlePollEvery { get; init; } = Duration.FromSeconds(1);

    /// <summary>The least time between two checkpoints of a book: with the polling, under 5 s behind.</summary>
    public Duration CheckpointEvery { get; init; } = Duration.FromSeconds(3);

    /// <summary>
    /// The least time between two checkpoints of the log over all books, whose entries are checkpoints.
    /// </summary>
    public Duration TopEvery { get; init; } = Duration.FromSeconds(30);

    /// <summary>How often event table and log are compared whole.</summary>
    public Duration SweepEvery { get; init; } = Duration.FromHours(24);

    /// <summary>Whether checkpoints are signed.</summary>
    public bool Signs => IsOn && Seeds.Count > 0 && Folder is not null;
}

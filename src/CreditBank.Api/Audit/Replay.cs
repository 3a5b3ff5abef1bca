using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Audit;

/// <summary>A replay that somebody asked for, in the registry book. Survives a restart.</summary>
public sealed class Replay
{
    /// <summary>Waits for its turn, or for the service to come back.</summary>
    public const string Queued = "queued";

    /// <summary>Reads.</summary>
    public const string Running = "running";

    /// <summary>Done; the report stands.</summary>
    public const string Completed = "completed";

    /// <summary>Ended by a fault; a new one may be asked for.</summary>
    public const string Failed = "failed";

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Who asked, as a pseudonym.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public required Instant RequestedAt { get; init; }

    /// <summary>The instant asked for; none means now only.</summary>
    public Instant? KnownAt { get; init; }

    /// <summary>
    /// The version that decisions are replayed under, with its text's hash when it was asked; none for no such replay.
    /// </summary>
    public RuleSetReference? RuleSet { get; init; }

    /// <summary>Where it is: one of the four above.</summary>
    public required string State { get; set; }

    /// <summary>How often it was started; more than once after a restart of the service.</summary>
    public int Attempts { get; set; }

    /// <summary>When it last said how far it is.</summary>
    public Instant? ReportedAt { get; set; }

    /// <summary>How far it is.</summary>
    public ReplayProgress? Progress { get; set; }

    /// <summary>What it found.</summary>
    public ReplayReport? Report { get; set; }
}

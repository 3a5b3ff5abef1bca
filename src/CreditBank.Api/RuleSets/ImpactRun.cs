using System.Security.Cryptography;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.RuleSets;

/// <summary>
/// A replay of past decisions under another version that somebody asked for, in the registry book. Survives a restart.
/// </summary>
public sealed class ImpactRun
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

    /// <summary>The version whose effect is asked for.</summary>
    public required string RuleSetVersion { get; init; }

    /// <summary>The hash of its text when it was asked; a draft may change after.</summary>
    public required string Hash { get; init; }

    /// <summary>The erratum whose effect is asked for; none for an impact on all decisions.</summary>
    public ErratumPublished? Erratum { get; init; }

    /// <summary>Who asked, as a pseudonym.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public required Instant RequestedAt { get; init; }

    /// <summary>Where it is: one of the four above.</summary>
    public required string State { get; set; }

    /// <summary>How often it was started; more than once after a restart of the service.</summary>
    public int Attempts { get; set; }

    /// <summary>How many decisions were read so far.</summary>
    public int DecisionsRead { get; set; }

    /// <summary>What it found.</summary>
    public ImpactFindings? Findings { get; set; }

    /// <summary>Where it is read.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Address => $"/v1/rule-sets/{RuleSetVersion}/impact/{Id}";

    /// <summary>A new one, waiting for its turn.</summary>
    public static ImpactRun Ask(
        RuleSetReference rules,
        string actorId,
        Instant now,
        ErratumPublished? erratum = null
    ) =>
        new()
        {
            Id = "imp-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10)),
            RuleSetVersion = rules.Version,
            Hash = rules.Hash,
            Erratum = erratum,
            RequestedBy = actorId,
            RequestedAt = now,
            State = Queued,
        };
}

/// <summary>What a run found.</summary>
/// <param name="Report">The figures; over the decisions that an erratum reaches, where one is meant.</param>
/// <param name="NotReplayed">Decisions from before their request was kept; they are in no figure.</param>
/// <param name="EffectCount">How many decisions an erratum reopens.</param>
/// <param name="Effects">The first thousand of them by transfer.</param>
public sealed record ImpactFindings(
    ImpactReport Report,
    int NotReplayed,
    int EffectCount,
    IReadOnlyList<ErratumEffect> Effects
);

using CreditBank.Ledger.Events;
using JasperFx.Events;

namespace CreditBank.Api.RuleSets;

/// <summary>A published version as it stands: the state of its stream in the registry book.</summary>
public sealed record RuleSetRecord
{
    /// <summary>The stream's key: <c>rule-set/</c> and the version.</summary>
    public required string Id { get; init; }

    /// <summary>Such as <c>sqf-2016.1</c>.</summary>
    public required string RuleSetVersion { get; init; }

    /// <summary>SHA-256 of the canonical text; the key of its <see cref="RuleSetText"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>The stream of a version.</summary>
    public static string StreamOf(string version) => $"rule-set/{version}";

    /// <summary>The first state.</summary>
    public static RuleSetRecord Create(IEvent<RuleSetPublished> published) =>
        new()
        {
            Id = published.StreamKey!,
            RuleSetVersion = published.Data.Version,
            Hash = published.Data.Hash,
        };
}

/// <summary>The canonical text of a rule set, named by what it is. In the registry book; never changed.</summary>
public sealed class RuleSetText
{
    /// <summary>SHA-256 of the text's UTF-8 bytes, lower-case hexadecimal.</summary>
    public required string Id { get; init; }

    /// <summary>The text.</summary>
    public required string CanonicalJson { get; init; }
}

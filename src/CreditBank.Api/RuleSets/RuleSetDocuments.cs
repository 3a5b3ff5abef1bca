using System.Security.Cryptography;
using System.Text.Json;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;

namespace CreditBank.Api.RuleSets;

/// <summary>A version as it stands: the state of its stream in the registry book. Drafted, published, retired.</summary>
public sealed record RuleSetRecord
{
    /// <summary>The stream's key: <c>rule-set/</c> and the version.</summary>
    public required string Id { get; init; }

    /// <summary>Such as <c>sqf-2016.1</c>.</summary>
    public required string RuleSetVersion { get; init; }

    /// <summary>SHA-256 of the canonical text; the key of its <see cref="RuleSetText"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>One of <see cref="RuleSetStates"/>.</summary>
    public string State { get; init; } = RuleSetStates.Published;

    /// <summary>The key of its <see cref="RuleSetFiles"/>; none where they were not kept.</summary>
    public string? FilesHash { get; init; }

    /// <summary>Who drafted it, by pseudonym, and so may not publish it; none when it shipped with the service.</summary>
    public string? DraftedBy { get; init; }

    /// <summary>The day from which it is retired, exclusive.</summary>
    public LocalDate? RetiredOn { get; init; }

    /// <summary>What was wrong in it, in the order it was published.</summary>
    public IReadOnlyList<ErratumPublished> Errata { get; init; } = [];

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>The stream of a version.</summary>
    public static string StreamOf(string version) => $"rule-set/{version}";

    /// <summary>The first state of a draft.</summary>
    public static RuleSetRecord Create(IEvent<RuleSetDrafted> drafted) =>
        new RuleSetRecord
        {
            Id = drafted.StreamKey!,
            RuleSetVersion = drafted.Data.Version,
            Hash = drafted.Data.Hash,
        }.Apply(drafted);

    /// <summary>The first state of what ships with the service.</summary>
    public static RuleSetRecord Create(IEvent<RuleSetPublished> published) =>
        new RuleSetRecord
        {
            Id = published.StreamKey!,
            RuleSetVersion = published.Data.Version,
            Hash = published.Data.Hash,
        }.Apply(published.Data);

    /// <summary>Folds.</summary>
    public RuleSetRecord Apply(IEvent<RuleSetDrafted> drafted) =>
        this with
        {
            State = RuleSetStates.Draft,
            Hash = drafted.Data.Hash,
            FilesHash = drafted.Data.FilesHash,
            DraftedBy = drafted.UserName ?? string.Empty,
        };

    /// <summary>Folds.</summary>
    public RuleSetRecord Apply(RuleSetPublished published) =>
        this with
        {
            State = RuleSetStates.Published,
            Hash = published.Hash,
            FilesHash = published.FilesHash,
        };

    /// <summary>Folds.</summary>
    public RuleSetRecord Apply(RuleSetRetired retired) =>
        this with
        {
            State = RuleSetStates.Retired,
            RetiredOn = retired.ToOn,
        };

    /// <summary>Folds.</summary>
    public RuleSetRecord Apply(ErratumPublished erratum) => this with { Errata = [.. Errata, erratum] };
}

/// <summary>The states of a version.</summary>
public static class RuleSetStates
{
    /// <summary>Its drafter may replace it; nothing decides under it.</summary>
    public const string Draft = "draft";

    /// <summary>It decides, from its first day to its end.</summary>
    public const string Published = "published";

    /// <summary>It has an end that was set after publication.</summary>
    public const string Retired = "retired";
}

/// <summary>The canonical text of a rule set, named by what it is. In the registry book; never changed.</summary>
public sealed class RuleSetText
{
    /// <summary>SHA-256 of the text's UTF-8 bytes, lower-case hexadecimal.</summary>
    public required string Id { get; init; }

    /// <summary>The text.</summary>
    public required string CanonicalJson { get; init; }
}

/// <summary>
/// The files a version was made of, worked cases included, named by what they are. In the registry book; never changed.
/// </summary>
public sealed class RuleSetFiles
{
    /// <summary>SHA-256 over the files' names and texts as JSON in ordinal order, lower-case hexadecimal.</summary>
    public required string Id { get; init; }

    /// <summary>The texts by name.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>The document of files.</summary>
    public static RuleSetFiles Of(IReadOnlyDictionary<string, string> files)
    {
        var sorted = new SortedDictionary<string, string>(files.ToDictionary(), StringComparer.Ordinal);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(sorted);
        return new RuleSetFiles { Id = Convert.ToHexStringLower(SHA256.HashData(bytes)), Files = sorted };
    }
}

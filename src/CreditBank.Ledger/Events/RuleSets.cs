using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>
/// A rule set was published. Its text is a document named by its hash; the version's text never changes. Event of the
/// rule set's stream in the registry book.
/// </summary>
/// <param name="Version">Such as <c>sqf-2016.1</c>.</param>
/// <param name="Family">Such as <c>sqf</c>.</param>
/// <param name="Hash">SHA-256 of the canonical text, lower-case hexadecimal.</param>
/// <param name="EffectiveFromOn">The first day, inclusive.</param>
/// <param name="EffectiveToOn">The day it ends, exclusive; none means open.</param>
public sealed record RuleSetPublished(
    string Version,
    string Family,
    string Hash,
    LocalDate EffectiveFromOn,
    LocalDate? EffectiveToOn
)
{
    /// <summary>SHA-256 of the files it was made of, worked cases included; none where they were not kept.</summary>
    public string? FilesHash { get; init; }
}

/// <summary>
/// A rule set was drafted, or its drafter replaced the draft. Nothing decides under a draft. First event of the rule
/// set's stream, unless it shipped with the service.
/// </summary>
/// <param name="Version">Such as <c>sqf-2016.1</c>.</param>
/// <param name="Family">Such as <c>sqf</c>.</param>
/// <param name="Hash">SHA-256 of the canonical text, lower-case hexadecimal.</param>
/// <param name="FilesHash">SHA-256 of the files as they were sent, worked cases included.</param>
/// <param name="EffectiveFromOn">The first day, inclusive, that the draft proposes.</param>
/// <param name="EffectiveToOn">The day it ends, exclusive; none means open.</param>
public sealed record RuleSetDrafted(
    string Version,
    string Family,
    string Hash,
    string FilesHash,
    LocalDate EffectiveFromOn,
    LocalDate? EffectiveToOn
);

/// <summary>A published version stops deciding. What it decided stands, and what it pinned stays pinned.</summary>
/// <param name="Version">The version.</param>
/// <param name="ToOn">The day from which it is not in force, exclusive.</param>
/// <param name="Reason">Why, for anyone to read.</param>
public sealed record RuleSetRetired(string Version, LocalDate ToOn, BilingualText Reason);

/// <summary>A published version was wrong in one clause, and a later version puts it right.</summary>
/// <param name="Version">The version that was wrong.</param>
/// <param name="ErratumId">Unique within the version.</param>
/// <param name="Clause">The clause or equivalence that was wrong.</param>
/// <param name="Mode"><c>prospective</c>, <c>reopenIfBeneficial</c> or <c>voidAbInitio</c>.</param>
/// <param name="CorrectedBy">The published version of the family that is right.</param>
/// <param name="Text">What was wrong, for anyone to read.</param>
/// <param name="PublishedOn">The day in Shanghai.</param>
public sealed record ErratumPublished(
    string Version,
    string ErratumId,
    string Clause,
    string Mode,
    string CorrectedBy,
    BilingualText Text,
    LocalDate PublishedOn
);

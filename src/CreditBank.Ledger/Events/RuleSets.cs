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
);

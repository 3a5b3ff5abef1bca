using System.Text;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>
/// A version of a rule set: immutable, and the same wherever its canonical text is read. Dates are half open.
/// </summary>
public sealed class RuleSet
{
    private readonly byte[] canonical;
    private readonly RuleContent content;

    internal RuleSet(byte[] canonical, RuleContent content)
    {
        this.canonical = canonical;
        this.content = content;
        Hash = Rules.CanonicalJson.Hash(canonical);
    }

    /// <summary>The family and the number, such as <c>sqf-2016.1</c>; one path segment (rulings 22).</summary>
    public required string Version { get; init; }

    /// <summary>The family, such as <c>sqf</c>.</summary>
    public required string Family { get; init; }

    /// <summary>SHA-256 of the canonical text in UTF-8, lower-case hexadecimal.</summary>
    public string Hash { get; }

    /// <summary>The whole rule set as RFC 8785 JSON; every scalar is a string as it was written.</summary>
    public string CanonicalJson => Encoding.UTF8.GetString(canonical);

    /// <summary>Version and hash together.</summary>
    public RuleSetReference Reference => new(Version, Hash);

    /// <summary>The title for people.</summary>
    public required BilingualText Titles { get; init; }

    /// <summary>The first day it is in force.</summary>
    public required LocalDate EffectiveFromOn { get; init; }

    /// <summary>The first day it is no longer in force; none means a later version of the family ends it.</summary>
    public required LocalDate? EffectiveToOn { get; init; }

    /// <summary>Which day picks the version for an outcome, when this version is in the lead.</summary>
    public required BindingPolicy Binding { get; init; }

    /// <summary>The id of the standard credit's unit.</summary>
    public required string StandardUnit { get; init; }

    /// <summary>Where its values come from.</summary>
    public required IReadOnlyList<RuleSource> Sources { get; init; }

    /// <summary>Mistakes of earlier versions that this one puts right.</summary>
    public required IReadOnlyList<ErratumNotice> Errata { get; init; }

    /// <summary>How many equivalences it holds.</summary>
    public int EquivalenceCount => Equivalences.Count;

    /// <summary>Every id that a decision can cite: clauses, caps, requirements, equivalences of the documents (not of
    /// tables), transitions, certificates.</summary>
    public required IReadOnlyList<string> ClauseIds { get; init; }

    internal IReadOnlyList<LevelEntry> Levels => content.Levels;

    internal string Framework => content.Framework;

    internal IReadOnlyDictionary<string, UnitEntry> Units => content.Units;

    internal IReadOnlyDictionary<string, ActivityEntry> Activities => content.Activities;

    internal RoundingRule Rounding => content.Rounding;

    internal IReadOnlyList<Crosswalk> Crosswalks => content.Crosswalks;

    internal IReadOnlyList<Placement> Placements => content.Placements;

    internal IReadOnlyList<CertificateEntry> Certificates => content.Certificates;

    internal IReadOnlyList<ExperienceStep> Experience => content.Experience;

    internal IReadOnlyList<Family> Families => content.Families;

    internal AcademicCalendar? Calendar => content.Calendar;

    internal ClauseBook Clauses => content.Clauses;

    internal EquivalenceIndex Equivalences => content.Equivalences;

    internal IReadOnlyList<Bound> Caps => content.Caps;

    internal IReadOnlyList<Bound> Requirements => content.Requirements;

    internal IReadOnlyList<StudyTime> StudyTimes => content.StudyTimes;

    internal Allocation Allocation => content.Allocation;

    internal IReadOnlyDictionary<string, GradeScale> Scales => content.Scales;

    internal IReadOnlyDictionary<string, GradeDistribution> Distributions => content.Distributions;

    internal IReadOnlyList<Transition> Transitions => content.Transitions;

    internal bool HonoursAgreements => content.HonoursAgreements;

    /// <summary>Re-creates the rule set whose canonical text was stored: same content, same hash.</summary>
    /// <param name="canonicalJson">What <see cref="CanonicalJson"/> gave.</param>
    public static RuleSetResult FromCanonicalJson(string canonicalJson) => RuleSetReader.FromCanonical(canonicalJson);

    /// <summary>Whether the version itself is in force on the day (its own dates only).</summary>
    public bool IsInForce(LocalDate on) => on >= EffectiveFromOn && (EffectiveToOn is not { } end || on < end);

    internal Period Effective => new(EffectiveFromOn, EffectiveToOn);

    internal int? RankOf(string? level)
    {
        foreach (var entry in Levels)
        {
            if (entry.Id == level)
                return entry.Rank;
        }

        return null;
    }
}

/// <summary>How long study in a programme lasts at least before the award (RK-32).</summary>
internal sealed record StudyTime(
    string Id,
    Condition Applies,
    CalendarSpan Minimum,
    BilingualText Title,
    IReadOnlyList<string> Cites
);

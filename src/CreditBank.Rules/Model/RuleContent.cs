namespace CreditBank.Rules;

/// <summary>What a rule set is made of, section by section; only the evaluation sees it.</summary>
internal sealed class RuleContent
{
    public required IReadOnlyList<LevelEntry> Levels { get; init; }

    public required string Framework { get; init; }

    public required IReadOnlyDictionary<string, UnitEntry> Units { get; init; }

    public required IReadOnlyDictionary<string, ActivityEntry> Activities { get; init; }

    public required RoundingRule Rounding { get; init; }

    public required IReadOnlyList<Crosswalk> Crosswalks { get; init; }

    public required IReadOnlyList<Placement> Placements { get; init; }

    public required IReadOnlyList<CertificateEntry> Certificates { get; init; }

    public required IReadOnlyList<ExperienceStep> Experience { get; init; }

    public required IReadOnlyList<Family> Families { get; init; }

    public required AcademicCalendar? Calendar { get; init; }

    public required ClauseBook Clauses { get; init; }

    public required EquivalenceIndex Equivalences { get; init; }

    public required IReadOnlyList<Bound> Caps { get; init; }

    public required IReadOnlyList<Bound> Requirements { get; init; }

    public required IReadOnlyList<StudyTime> StudyTimes { get; init; }

    public required Allocation Allocation { get; init; }

    public required IReadOnlyDictionary<string, GradeScale> Scales { get; init; }

    public required IReadOnlyDictionary<string, GradeDistribution> Distributions { get; init; }

    public required IReadOnlyList<Transition> Transitions { get; init; }

    public required bool HonoursAgreements { get; init; }
}

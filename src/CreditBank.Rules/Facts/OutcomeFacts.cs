using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>
/// What the rules may know about one recorded outcome: academic facts only, no person. Amounts are in
/// <see cref="Unit"/> unless a name says otherwise.
/// </summary>
public sealed record OutcomeFacts
{
    /// <summary>The ledger's id of the outcome; ties between equal choices are broken by its ordinal order.</summary>
    public required string OutcomeId { get; init; }

    /// <summary>The institution that issued the outcome.</summary>
    public required string InstitutionId { get; init; }

    /// <summary>One of <see cref="OutcomeKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The issuer's own record id; only shown in explanations, never decisive.</summary>
    public string? RecordId { get; init; }

    /// <summary>The issuer's course code; equivalences are found by it.</summary>
    public string? CourseCode { get; init; }

    /// <summary>The title as issued; duplicates are found by its normalised form (RK-19).</summary>
    public string? Title { get; init; }

    /// <summary>The size of the course in <see cref="Unit"/>; none where only hours or activities are known.</summary>
    public Credits? Credits { get; init; }

    /// <summary>Class hours; they count only where no credits are given.</summary>
    public Credits? Hours { get; init; }

    /// <summary>Hours and weeks by activity (RK-01); they count only where no credits are given.</summary>
    public IReadOnlyList<ActivityFacts> Activities { get; init; } = [];

    /// <summary>
    /// The unit of the credits, by id or other name of a rule set's units; none means the standard unit.
    /// </summary>
    public string? Unit { get; init; }

    /// <summary>A level of the rule set's framework ("4"), or of another one ("nzqcf:8").</summary>
    public string? Level { get; init; }

    /// <summary>Whether the issuer says passed. A failed outcome never converts.</summary>
    public bool Passed { get; init; } = true;

    /// <summary>The grade as issued; none where the issuer gives none.</summary>
    public GradeFacts? Grade { get; init; }

    /// <summary>The first day of learning; none where unknown.</summary>
    public LocalDate? StartedOn { get; init; }

    /// <summary>The day the outcome was earned (Asia/Shanghai).</summary>
    public required LocalDate CompletedOn { get; init; }

    /// <summary>The subject code or word of the issuer, such as <c>political-theory</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>The number of the attempt, counted from 1; none where the issuer does not say.</summary>
    public int? Attempt { get; init; }

    /// <summary>The certificate, where the outcome is one.</summary>
    public CertificateFacts? Certificate { get; init; }

    /// <summary>What the ledger still holds free of it, in <see cref="Unit"/>; none means it is worked out from
    /// <see cref="Uses"/> and the spend scope.</summary>
    public Credits? Available { get; init; }

    /// <summary>Earlier conversions of this outcome, for the spend scope (RK-43).</summary>
    public IReadOnlyList<UseFacts> Uses { get; init; } = [];

    /// <summary>Whether the bank or the issuer has verified it. An unverified one never converts.</summary>
    public bool Verified { get; init; } = true;

    /// <summary>Whether it is suspended, revoked or withdrawn; then it never converts.</summary>
    public bool Suspended { get; init; }

    /// <summary>Whether it is itself the result of a conversion elsewhere (RK-16).</summary>
    public bool Converted { get; init; }

    /// <summary>The issuer's accreditation for this kind, half open; none means the caller does not ask.</summary>
    public IReadOnlyList<Period>? AccreditationPeriods { get; init; }

    /// <summary>The years of relevant work, for rule sets that weigh experience (RK-47).</summary>
    public Credits? ExperienceYears { get; init; }
}

/// <summary>The kinds of outcome of the HTTP contract.</summary>
public static class OutcomeKinds
{
    /// <summary>A course of an institution of academic education.</summary>
    public const string AcademicCourse = "academicCourse";

    /// <summary>A national vocational qualification.</summary>
    public const string QualificationCertificate = "qualificationCertificate";

    /// <summary>A certificate of the 1+X scheme.</summary>
    public const string XCertificate = "xCertificate";

    /// <summary>A training or post certificate.</summary>
    public const string Training = "training";

    /// <summary>An online course.</summary>
    public const string OnlineCourse = "onlineCourse";

    /// <summary>A prize, patent, paper or undertaking.</summary>
    public const string Achievement = "achievement";

    /// <summary>Prior learning and work experience.</summary>
    public const string PriorLearning = "priorLearning";

    /// <summary>Culture, leisure, community and older people's learning.</summary>
    public const string Leisure = "leisure";

    /// <summary>All kinds.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        AcademicCourse,
        QualificationCertificate,
        XCertificate,
        Training,
        OnlineCourse,
        Achievement,
        PriorLearning,
        Leisure,
    ];
}

/// <summary>Learning of one activity, measured in that activity's own measure.</summary>
/// <param name="Activity">The activity's id in the rule set, such as <c>theory</c> or <c>placement</c>.</param>
/// <param name="Amount">How much, in the measure the rule set names for it (hours or weeks).</param>
public sealed record ActivityFacts(string Activity, Credits Amount);

/// <summary>A grade as issued.</summary>
/// <param name="Scale">The scale's id in the rule set, such as <c>percent</c> or <c>five-level</c>.</param>
/// <param name="Value">The value on that scale, as text.</param>
public sealed record GradeFacts(string Scale, string Value);

/// <summary>What identifies a certificate to the rules.</summary>
public sealed record CertificateFacts
{
    /// <summary>The certificate's number; only shown, never decisive.</summary>
    public string? Number { get; init; }

    /// <summary>The certificate's code in the directory of outcomes; equivalences are found by it.</summary>
    public required string Code { get; init; }

    /// <summary>The level printed on it, such as <c>intermediate</c>.</summary>
    public string? Level { get; init; }

    /// <summary>Who issued it.</summary>
    public string? IssuerId { get; init; }

    /// <summary>The last day on which it is valid (inclusive); none means for ever.</summary>
    public LocalDate? ValidUntilOn { get; init; }
}

/// <summary>An earlier conversion of an outcome.</summary>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="ProgrammeId">The programme it went into.</param>
/// <param name="Amount">What was debited, in the outcome's unit.</param>
/// <param name="Conferred">Whether the award of that programme has been conferred.</param>
public sealed record UseFacts(string InstitutionId, string ProgrammeId, Credits Amount, bool Conferred);

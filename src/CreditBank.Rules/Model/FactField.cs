namespace CreditBank.Rules;

/// <summary>The facts that conditions can ask for. The written name is in <see cref="FactFields"/>.</summary>
internal enum FactField
{
    OutcomeKind,
    OutcomeInstitution,
    OutcomeCourse,
    OutcomeTitle,
    OutcomeSubject,
    OutcomeUnit,
    OutcomeLevel,
    OutcomeScore,
    OutcomeCredits,
    OutcomeStarted,
    OutcomeCompleted,
    OutcomeConverted,
    OutcomeGradeScale,
    CertificateCode,
    CertificateLevel,
    CertificateIssuer,
    TargetCourse,
    TargetCategory,
    TargetCompulsory,
    TargetCredits,
    ProgrammeId,
    ProgrammeInstitution,
    ProgrammeLevel,
    ProgrammeCredits,
    RequestApplied,
    RequestEnrolled,
    RequestDecided,
    EquivalenceId,
    EquivalenceRelation,
    EquivalenceSimilarity,
    LineConverted,
    LineOwnInstitution,
}

internal enum FactType
{
    Text,
    Number,
    Date,
    Flag,
}

/// <summary>The written names of facts, their types, and how early in an evaluation they are known.</summary>
internal static class FactFields
{
    private static readonly (string Name, FactField Field, FactType Type)[] All =
    [
        ("outcome.kind", FactField.OutcomeKind, FactType.Text),
        ("outcome.institution", FactField.OutcomeInstitution, FactType.Text),
        ("outcome.course", FactField.OutcomeCourse, FactType.Text),
        ("outcome.title", FactField.OutcomeTitle, FactType.Text),
        ("outcome.subject", FactField.OutcomeSubject, FactType.Text),
        ("outcome.unit", FactField.OutcomeUnit, FactType.Text),
        ("outcome.level", FactField.OutcomeLevel, FactType.Number),
        ("outcome.score", FactField.OutcomeScore, FactType.Number),
        ("outcome.credits", FactField.OutcomeCredits, FactType.Number),
        ("outcome.startedOn", FactField.OutcomeStarted, FactType.Date),
        ("outcome.completedOn", FactField.OutcomeCompleted, FactType.Date),
        ("outcome.converted", FactField.OutcomeConverted, FactType.Flag),
        ("outcome.gradeScale", FactField.OutcomeGradeScale, FactType.Text),
        ("certificate.code", FactField.CertificateCode, FactType.Text),
        ("certificate.level", FactField.CertificateLevel, FactType.Text),
        ("certificate.issuer", FactField.CertificateIssuer, FactType.Text),
        ("target.course", FactField.TargetCourse, FactType.Text),
        ("target.category", FactField.TargetCategory, FactType.Text),
        ("target.compulsory", FactField.TargetCompulsory, FactType.Flag),
        ("target.credits", FactField.TargetCredits, FactType.Number),
        ("programme.id", FactField.ProgrammeId, FactType.Text),
        ("programme.institution", FactField.ProgrammeInstitution, FactType.Text),
        ("programme.level", FactField.ProgrammeLevel, FactType.Number),
        ("programme.credits", FactField.ProgrammeCredits, FactType.Number),
        ("request.appliedOn", FactField.RequestApplied, FactType.Date),
        ("request.enrolledOn", FactField.RequestEnrolled, FactType.Date),
        ("request.decidedOn", FactField.RequestDecided, FactType.Date),
        ("equivalence.id", FactField.EquivalenceId, FactType.Text),
        ("equivalence.relation", FactField.EquivalenceRelation, FactType.Text),
        ("equivalence.similarity", FactField.EquivalenceSimilarity, FactType.Number),
        ("line.converted", FactField.LineConverted, FactType.Flag),
        ("line.ownInstitution", FactField.LineOwnInstitution, FactType.Flag),
    ];

    private static readonly Dictionary<string, (FactField Field, FactType Type)> ByName = All.ToDictionary(
        entry => entry.Name,
        entry => (entry.Field, entry.Type),
        StringComparer.Ordinal
    );

    private static readonly string[] Names = [.. All.OrderBy(entry => entry.Field).Select(entry => entry.Name)];

    public static IEnumerable<string> AllNames => Names;

    public static bool TryFind(string name, out FactField field, out FactType type)
    {
        var known = ByName.TryGetValue(name, out var found);
        (field, type) = found;
        return known;
    }

    public static string NameOf(FactField field) => Names[(int)field];

    private static readonly bool[] Texts =
    [
        .. All.OrderBy(entry => entry.Field).Select(entry => entry.Type is FactType.Text or FactType.Flag),
    ];

    /// <summary>Whether the fact is a text or a flag; otherwise it is a number or a day.</summary>
    public static bool IsText(FactField field) => Texts[(int)field];

    /// <summary>
    /// Whether the fact belongs to a target or an equivalence, and so is unknown for an outcome alone.
    /// </summary>
    public static bool NeedsTarget(FactField field) =>
        field
            is FactField.TargetCourse
                or FactField.TargetCategory
                or FactField.TargetCompulsory
                or FactField.TargetCredits
                or FactField.EquivalenceId
                or FactField.EquivalenceRelation
                or FactField.EquivalenceSimilarity;
}

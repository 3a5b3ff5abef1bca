using NodaTime;

namespace CreditBank.Rules;

/// <summary>
/// The situation under judgement: an outcome, or an outcome and a target by an equivalence, or a line that is counted,
/// within one request. One object is filled again and again, so that asking costs nothing.
/// </summary>
internal sealed class SituationFacts(RuleSet rules, ProgrammeFacts programme, RequestDays days) : IFacts
{
    private readonly int? programmeRank = rules.RankOf(programme.Level);

    public PreparedOutcome? Outcome { get; set; }

    public CourseFacts? Target { get; set; }

    public Equivalence? Equivalence { get; set; }

    public decimal? Similarity { get; set; }

    public CountedLine? Line { get; set; }

    public ProgrammeFacts Programme => programme;

    public FactValue this[FactField field] =>
        Line is { } line ? line.Fact(field, rules, programme) ?? OfRequest(field) : OfOutcome(field);

    /// <summary>The day that picks dated values; the application's where the wanted one is unknown.</summary>
    public LocalDate DayBy(DateBasis basis) =>
        basis switch
        {
            DateBasis.Completed => Outcome?.Facts.CompletedOn ?? Line?.CompletedOn ?? days.AppliedOn,
            DateBasis.Enrolled => days.EnrolledOn,
            DateBasis.Decided => days.DecidedOn,
            _ => days.AppliedOn,
        };

    private FactValue OfOutcome(FactField field)
    {
        if (Outcome is not { } outcome)
            return OfTarget(field);
        var facts = outcome.Facts;
        return field switch
        {
            FactField.OutcomeKind => FactValue.Of(facts.Kind),
            FactField.OutcomeInstitution => FactValue.Of(facts.InstitutionId),
            FactField.OutcomeCourse => FactValue.Of(facts.CourseCode),
            FactField.OutcomeTitle => FactValue.Of(facts.Title),
            FactField.OutcomeSubject => FactValue.Of(facts.Subject),
            FactField.OutcomeUnit => FactValue.Of(outcome.UnitId),
            FactField.OutcomeLevel => FactValue.Of(outcome.Rank is { } rank ? (decimal?)rank : null),
            FactField.OutcomeScore => FactValue.Of(outcome.Score),
            FactField.OutcomeCredits => FactValue.Of(outcome.Worth),
            FactField.OutcomeStarted => FactValue.Of(facts.StartedOn),
            FactField.OutcomeCompleted => FactValue.Of(facts.CompletedOn),
            FactField.OutcomeConverted => FactValue.Of(facts.Converted),
            FactField.OutcomeGradeScale => FactValue.Of(facts.Grade?.Scale),
            FactField.CertificateCode => FactValue.Of(facts.Certificate?.Code),
            FactField.CertificateLevel => FactValue.Of(facts.Certificate?.Level),
            FactField.CertificateIssuer => FactValue.Of(facts.Certificate?.IssuerId),
            _ => OfTarget(field),
        };
    }

    private FactValue OfTarget(FactField field) =>
        field switch
        {
            FactField.TargetCourse => FactValue.Of(Target?.Code),
            FactField.TargetCategory => FactValue.Of(Target?.Category),
            FactField.TargetCompulsory => Target is { } target ? FactValue.Of(target.Compulsory) : FactValue.Unknown,
            FactField.TargetCredits => FactValue.Of(Target?.Credits),
            FactField.EquivalenceId => FactValue.Of(Equivalence?.Id),
            FactField.EquivalenceRelation => FactValue.Of(Equivalence?.Relation),
            FactField.EquivalenceSimilarity => FactValue.Of(Similarity),
            _ => OfRequest(field),
        };

    private FactValue OfRequest(FactField field) =>
        field switch
        {
            FactField.ProgrammeId => FactValue.Of(programme.ProgrammeId),
            FactField.ProgrammeInstitution => FactValue.Of(programme.InstitutionId),
            FactField.ProgrammeLevel => FactValue.Of(programmeRank is { } rank ? (decimal?)rank : null),
            FactField.ProgrammeCredits => FactValue.Of(programme.TotalCredits.Value),
            FactField.RequestApplied => FactValue.Of(days.AppliedOn),
            FactField.RequestEnrolled => FactValue.Of(days.EnrolledOn),
            FactField.RequestDecided => FactValue.Of(days.DecidedOn),
            _ => FactValue.Unknown,
        };
}

/// <summary>The days of a request, each with a value.</summary>
internal sealed record RequestDays(LocalDate AppliedOn, LocalDate EnrolledOn, LocalDate DecidedOn);

/// <summary>A line as caps and requirements count it.</summary>
internal sealed record CountedLine
{
    public string? Kind { get; init; }

    public string? Category { get; init; }

    public string? InstitutionId { get; init; }

    public string? CourseCode { get; init; }

    public string? OutcomeId { get; init; }

    public string? Subject { get; init; }

    public string? CertificateCode { get; init; }

    public string? Level { get; init; }

    public bool Compulsory { get; init; }

    public bool Converted { get; init; }

    public LocalDate? CompletedOn { get; init; }

    /// <summary>The fact as this line knows it; none where the request knows better.</summary>
    public FactValue? Fact(FactField field, RuleSet rules, ProgrammeFacts programme) =>
        field switch
        {
            FactField.OutcomeKind => FactValue.Of(Kind),
            FactField.OutcomeInstitution => FactValue.Of(InstitutionId),
            FactField.OutcomeSubject => FactValue.Of(Subject),
            FactField.OutcomeCompleted => FactValue.Of(CompletedOn),
            FactField.OutcomeLevel => FactValue.Of(rules.RankOf(Level) is { } rank ? (decimal?)rank : null),
            FactField.CertificateCode => FactValue.Of(CertificateCode),
            FactField.TargetCourse => FactValue.Of(CourseCode),
            FactField.TargetCategory => FactValue.Of(Category),
            FactField.TargetCompulsory => FactValue.Of(Compulsory),
            FactField.LineConverted => FactValue.Of(Converted),
            FactField.LineOwnInstitution => FactValue.Of(InstitutionId == programme.InstitutionId),
            _ => null,
        };

    public static CountedLine Of(GrantedLine line) =>
        new()
        {
            Kind = line.Kind,
            Category = line.Category,
            InstitutionId = line.InstitutionId,
            CourseCode = line.CourseCodes.Count == 1 ? line.CourseCodes[0] : null,
            OutcomeId = line.OutcomeIds.Count == 0 ? null : line.OutcomeIds[0],
            Level = line.Level,
            Compulsory = line.Compulsory,
            Converted = line.Converted,
            CompletedOn = line.CompletedOn,
        };
}

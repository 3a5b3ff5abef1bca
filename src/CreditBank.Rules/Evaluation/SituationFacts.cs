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
        Line is { } line && line.Fact(field, rules, programme) is { } counted ? counted
        : FactFields.IsText(field) ? FactValue.Of(OwnText(field))
        : FactValue.Of(OwnNumber(field));

    /// <summary>The day that picks dated values; the application's where the wanted one is unknown.</summary>
    public LocalDate DayBy(DateBasis basis) =>
        basis switch
        {
            DateBasis.Completed => Outcome?.Facts.CompletedOn ?? Line?.CompletedOn ?? days.AppliedOn,
            DateBasis.Enrolled => days.EnrolledOn,
            DateBasis.Decided => days.DecidedOn,
            _ => days.AppliedOn,
        };

    public string? Text(FactField field) =>
        Line is { } line && line.Fact(field, rules, programme) is { } counted ? counted.Text : OwnText(field);

    public decimal? Number(FactField field) =>
        Line is { } line && line.Fact(field, rules, programme) is { } counted ? counted.Number : OwnNumber(field);

    /// <summary>Texts and flags. Kept apart from numbers, so that neither pays for the other's large values.</summary>
    private string? OwnText(FactField field)
    {
        var facts = Outcome?.Facts;
        return field switch
        {
            FactField.OutcomeKind => facts?.Kind,
            FactField.OutcomeInstitution => facts?.InstitutionId,
            FactField.OutcomeCourse => facts?.CourseCode,
            FactField.OutcomeTitle => facts?.Title,
            FactField.OutcomeSubject => facts?.Subject,
            FactField.OutcomeUnit => Outcome?.UnitId,
            FactField.OutcomeConverted => Flag(facts?.Converted),
            FactField.OutcomeGradeScale => facts?.Grade?.Scale,
            FactField.CertificateCode => facts?.Certificate?.Code,
            FactField.CertificateLevel => facts?.Certificate?.Level,
            FactField.CertificateIssuer => facts?.Certificate?.IssuerId,
            FactField.TargetCourse => Target?.Code,
            FactField.TargetCategory => Target?.Category,
            FactField.TargetCompulsory => Flag(Target?.Compulsory),
            FactField.EquivalenceId => Equivalence?.Id,
            FactField.EquivalenceRelation => Equivalence?.Relation,
            FactField.ProgrammeId => programme.ProgrammeId,
            FactField.ProgrammeInstitution => programme.InstitutionId,
            _ => null,
        };
    }

    private decimal? OwnNumber(FactField field) =>
        field switch
        {
            FactField.OutcomeLevel => Outcome?.Rank,
            FactField.OutcomeScore => Outcome?.Score?.Value,
            FactField.OutcomeCredits => Outcome?.Worth?.Value,
            FactField.TargetCredits => Target?.Credits.Value,
            FactField.EquivalenceSimilarity => Similarity,
            FactField.ProgrammeLevel => programmeRank,
            FactField.ProgrammeCredits => programme.TotalCredits.Value,
            _ => Day(field),
        };

    private decimal? Day(FactField field)
    {
        LocalDate? on = field switch
        {
            FactField.OutcomeStarted => Outcome?.Facts.StartedOn,
            FactField.OutcomeCompleted => Outcome?.Facts.CompletedOn,
            FactField.RequestApplied => days.AppliedOn,
            FactField.RequestEnrolled => days.EnrolledOn,
            FactField.RequestDecided => days.DecidedOn,
            _ => null,
        };
        return on is { } day ? FactValue.DayNumber(day) : null;
    }

    private static string? Flag(bool? flag) =>
        flag switch
        {
            true => "true",
            false => "false",
            null => null,
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

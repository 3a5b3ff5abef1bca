using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>Reads facts from case files; outcomes and lines are laid over the case's defaults.</summary>
internal sealed class FactsReader(DocumentMap? outcomeDefaults, ProblemList problems)
{
    private static readonly LocalDate SomeDay = new(2022, 7, 1);

    public OutcomeFacts Outcome(FieldReader given)
    {
        var fields = Over(given);
        var scale = fields.Group("grade");
        var score = Score(fields);
        var outcome = new OutcomeFacts
        {
            OutcomeId = fields.Id(),
            InstitutionId = fields.Text("institution") ?? "u1",
            Kind = fields.Word("kind", OutcomeKinds.AcademicCourse, [.. OutcomeKinds.All]),
            CourseCode = fields.Text("course"),
            Title = fields.Text("title"),
            Credits = fields.Amount("credits"),
            Hours = fields.Amount("hours"),
            Activities = [.. fields.Groups("activities").Select(Activity)],
            Unit = fields.Text("unit"),
            Level = fields.Text("level"),
            Passed = fields.Word("result", "passed", "passed", "failed") == "passed",
            Grade = scale is null ? score : new GradeFacts(scale.Required("scale"), scale.Required("value")),
            StartedOn = fields.Date("startedOn"),
            CompletedOn = fields.Date("completedOn") ?? SomeDay,
            Subject = fields.Text("subject"),
            Attempt = fields.Number("attempt", 1, 100) is { } attempt ? (int)attempt : null,
            Certificate = Certificate(fields.Group("certificate")),
            Available = fields.Amount("available"),
            Uses = [.. fields.Groups("uses").Select(Use)],
            Verified = fields.Word("verified", "true", "true", "false") == "true",
            Suspended = fields.Flag("suspended"),
            Converted = fields.Flag("converted"),
            AccreditationPeriods = fields.Has("accredited") ? [.. fields.Groups("accredited").Select(Span)] : null,
            ExperienceYears = fields.Amount("experienceYears"),
        };
        scale?.Done();
        fields.Done();
        return outcome;
    }

    public static ProgrammeFacts Programme(FieldReader fields, string family)
    {
        var programme = new ProgrammeFacts
        {
            InstitutionId = fields.Text("institution") ?? "u9",
            ProgrammeId = fields.Text("id") ?? "p1",
            Level = fields.Text("level"),
            TotalCredits = fields.Amount("credits") ?? new Credits(100),
            RuleSetFamily = fields.Text("family") ?? family,
            Courses = [.. fields.Groups("courses").Select(Course)],
        };
        fields.Done();
        return programme;
    }

    public static GrantedLine Line(FieldReader fields)
    {
        var line = new GrantedLine
        {
            Kind = fields.Text("kind"),
            Category = fields.Text("category"),
            InstitutionId = fields.Text("institution"),
            CourseCodes = fields.Words("courses"),
            OutcomeIds = fields.Words("outcomes"),
            Credits = fields.Amount("credits") ?? Credits.Zero,
            Level = fields.Text("level"),
            Compulsory = fields.Flag("compulsory"),
            Converted = fields.Word("converted", "true", "true", "false") == "true",
            CompletedOn = fields.Date("completedOn"),
            Score = fields.Amount("score"),
            CoversCourseCodes = fields.Words("covers"),
        };
        fields.Done();
        return line;
    }

    public EvaluationRequest Request(FieldReader fields, ProgrammeFacts? programme, string family)
    {
        var own = fields.Group("programme");
        var request = new EvaluationRequest
        {
            Outcomes = [.. fields.Groups("outcomes").Select(Outcome)],
            Programme = own is not null ? Programme(own, family) : programme ?? NoProgramme(fields, family),
            AppliedOn = fields.Date("appliedOn") ?? new LocalDate(2024, 10, 8),
            EnrolledOn = fields.Date("enrolledOn"),
            DecidedOn = fields.Date("decidedOn"),
            RuleSetVersion = fields.Text("ruleSet"),
            Granted = [.. fields.Groups("granted").Select(Line)],
            Decisions = [.. fields.Groups("decisions").Select(Decision)],
            Agreements = [.. fields.Groups("agreements").Select(Agreement)],
        };
        fields.Done();
        return request;
    }

    private static ProgrammeFacts NoProgramme(FieldReader fields, string family)
    {
        fields.Problem("programme", "field.missing", "The case names no programme.");
        return new ProgrammeFacts
        {
            InstitutionId = "",
            ProgrammeId = "",
            TotalCredits = Credits.Zero,
            RuleSetFamily = family,
        };
    }

    private FieldReader Over(FieldReader given)
    {
        if (outcomeDefaults is null)
            return given;
        var merged = new DocumentMap(given.At);
        foreach (var entry in outcomeDefaults.Entries.Concat(given.Map.Entries))
            merged.Set(entry.Key, entry.Value);
        return new FieldReader(merged, problems);
    }

    private static GradeFacts? Score(FieldReader fields) =>
        fields.Text("score") is { } score ? new GradeFacts("percent", score) : null;

    private static ActivityFacts Activity(FieldReader fields)
    {
        var activity = new ActivityFacts(fields.Required("activity"), fields.Amount("amount") ?? Credits.Zero);
        fields.Done();
        return activity;
    }

    private static CertificateFacts? Certificate(FieldReader? fields)
    {
        if (fields is null)
            return null;
        var certificate = new CertificateFacts
        {
            Code = fields.Required("code"),
            Level = fields.Text("level"),
            IssuerId = fields.Text("issuer"),
            ValidUntilOn = fields.Date("validUntilOn"),
        };
        fields.Done();
        return certificate;
    }

    private static UseFacts Use(FieldReader fields)
    {
        var use = new UseFacts(
            fields.Text("institution") ?? "u9",
            fields.Required("programme"),
            fields.Amount("amount") ?? Credits.Zero,
            fields.Flag("conferred")
        );
        fields.Done();
        return use;
    }

    private static Period Span(FieldReader fields)
    {
        var period = fields.Period();
        fields.Done();
        return period;
    }

    private static CourseFacts Course(FieldReader fields)
    {
        var code = fields.Required("code");
        var course = new CourseFacts(
            code,
            fields.Text("title") ?? code,
            fields.Amount("credits") ?? Credits.Zero,
            fields.Text("category"),
            fields.Flag("compulsory")
        );
        fields.Done();
        return course;
    }

    private static LineDecision Decision(FieldReader fields)
    {
        var decision = new LineDecision
        {
            OutcomeIds = fields.Words("outcomes"),
            CourseCodes = fields.Words("courses"),
            Accepted = fields.Word("decision", "accept", "accept", "reject") == "accept",
            Similarity = fields.Amount("similarity"),
        };
        fields.Done();
        return decision;
    }

    private static AgreementFacts Agreement(FieldReader fields)
    {
        var agreement = new AgreementFacts(
            fields.Id(),
            fields.Required("ruleSet"),
            fields.Text("institution") ?? "u1",
            fields.Words("courses"),
            fields.Amount("limit")
        );
        fields.Done();
        return agreement;
    }
}

using CreditBank.Api.Accounts;
using CreditBank.Api.Evaluations;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Awards;

/// <summary>What an award is measured on.</summary>
/// <param name="Account">The learner's account.</param>
/// <param name="Ground">The programme.</param>
/// <param name="Stacked">Outcomes that are counted as they are, without a conversion.</param>
/// <param name="EnrolledOn">The day of enrolment; none where none is known.</param>
/// <param name="On">The day for which is asked.</param>
public sealed record AwardGround(
    Account Account,
    EvaluationGround Ground,
    IReadOnlyList<string> Stacked,
    LocalDate? EnrolledOn,
    LocalDate On
)
{
    private string InstitutionId => Ground.Programme.InstitutionId;

    private string ProgrammeId => Ground.Programme.ProgrammeId;

    /// <summary>What stands in the programme: granted by conversions, and counted as it is.</summary>
    public IReadOnlyList<GrantedLine> Lines =>
        [
            .. LearnerFacts.Granted(Account, InstitutionId, ProgrammeId),
            .. Stacked.Select(id => LineOf(Account.Outcomes[id])),
        ];

    /// <summary>The transfers whose conversions stand in the programme, in order.</summary>
    public IReadOnlyList<string> TransferIds =>
        [
            .. Account
                .Conversions.Where(conversion =>
                    conversion.InstitutionId == InstitutionId && conversion.ProgrammeId == ProgrammeId
                )
                .Select(conversion => conversion.TransferId)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Measures. Pure.</summary>
    public AwardAudit Audit(RuleSet rules) =>
        AwardAudits.Audit(
            new AwardRequest
            {
                Programme = Ground.Facts,
                Lines = Lines,
                EnrolledOn = EnrolledOn,
                On = On,
            },
            rules
        );

    /// <summary>
    /// The outcomes that are counted as they are unless others are named: passed courses of the programme's own
    /// institution that are in the programme, with credit left.
    /// </summary>
    public static IReadOnlyList<string> OwnCourses(Account account, EvaluationGround ground)
    {
        var codes = ground.Programme.Courses.Select(course => course.CourseCode).ToHashSet();
        return
        [
            .. account
                .Outcomes.Values.Where(position =>
                    position.Status == OutcomeStatus.Recorded
                    && position.Record.InstitutionId == ground.Programme.InstitutionId
                    && codes.Contains(position.Record.CourseCode)
                    && position.Available.Amount.IsPositive
                )
                .Select(position => position.OutcomeId)
                .Order(StringComparer.Ordinal),
        ];
    }

    private GrantedLine LineOf(OutcomePosition position)
    {
        var course = Ground.Programme.Courses.FirstOrDefault(course =>
            position.Record.InstitutionId == InstitutionId && course.CourseCode == position.Record.CourseCode
        );
        return new GrantedLine
        {
            Kind = position.Record.Kind,
            Category = course?.Category,
            InstitutionId = position.Record.InstitutionId,
            CourseCodes = course is null ? [] : [course.CourseCode],
            OutcomeIds = [position.OutcomeId],
            Credits = position.Available.Standard,
            Level = position.Recognition?.Level,
            Compulsory = course?.Compulsory ?? false,
            Converted = false,
            CompletedOn = position.Record.CompletedOn,
        };
    }
}

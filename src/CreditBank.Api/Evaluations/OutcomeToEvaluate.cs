using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Rules;
using FluentValidation;
using NodaTime;

namespace CreditBank.Api.Evaluations;

/// <summary>A record as an issuer would send it, without the learner: what would it be worth?</summary>
public sealed record OutcomeToEvaluate
{
    /// <summary>The caller's own id of it; lines name it. Unique within the request; 1 to 128 characters.</summary>
    public required string RecordId { get; init; }

    /// <summary>Accepted as in a record; it changes nothing here.</summary>
    public int? Revision { get; init; }

    /// <summary>The issuer; equivalences between institutions need it.</summary>
    public string? InstitutionId { get; init; }

    /// <summary>What it is: <c>academicCourse</c>, <c>xCertificate</c> ...</summary>
    public required string Kind { get; init; }

    /// <summary>The issuer's code of the course or certificate.</summary>
    public required string CourseCode { get; init; }

    /// <summary>The title.</summary>
    public string? Title { get; init; }

    /// <summary>
    /// The size of the course in <see cref="Unit"/>; may be missing with hours or on a certificate.
    /// </summary>
    public Credits? Credits { get; init; }

    /// <summary>Hours of study.</summary>
    public Credits? Hours { get; init; }

    /// <summary>The issuer's unit; missing means the standard credit.</summary>
    public string? Unit { get; init; }

    /// <summary>The level as the issuer states it.</summary>
    public StatedLevel? Level { get; init; }

    /// <summary><c>passed</c>, also when missing, or <c>failed</c>.</summary>
    public string? Result { get; init; }

    /// <summary>The grade, where there is one.</summary>
    public GradeBody? Grade { get; init; }

    /// <summary>The first day of study.</summary>
    public LocalDate? StartedOn { get; init; }

    /// <summary>The day it was completed.</summary>
    public required LocalDate CompletedOn { get; init; }

    /// <summary>The discipline.</summary>
    public string? Subject { get; init; }

    /// <summary>The level printed on a certificate, such as <c>intermediate</c>.</summary>
    public string? CertificateLevel { get; init; }

    /// <summary>The last day on which a certificate is valid, inclusive; missing means for ever.</summary>
    public LocalDate? ValidUntil { get; init; }

    /// <summary>What the rules see of it.</summary>
    public OutcomeFacts ToFacts(EvaluationGround ground)
    {
        var isCertificate = CertificateKinds.Contains(Kind);
        return new OutcomeFacts
        {
            OutcomeId = RecordId,
            InstitutionId = InstitutionId ?? string.Empty,
            Kind = Kind,
            RecordId = RecordId,
            CourseCode = CourseCode,
            Title = Title,
            Credits = Credits is { IsZero: true } && (Hours is not null || isCertificate) ? null : Credits,
            Hours = Hours,
            Unit = Unit,
            Level = Level?.Text,
            Passed = Result != OutcomeResults.Failed,
            Grade = Grade is { } grade ? new GradeFacts(grade.Scale, grade.Value) : null,
            StartedOn = StartedOn,
            CompletedOn = CompletedOn,
            Subject = Subject,
            Certificate = isCertificate
                ? new CertificateFacts
                {
                    Code = CourseCode,
                    Level = CertificateLevel,
                    IssuerId = InstitutionId,
                    ValidUntilOn = ValidUntil,
                }
                : null,
            AccreditationPeriods = InstitutionId is { } issuer ? ground.AccreditedFor(issuer, Kind) : null,
        };
    }

    private static readonly IReadOnlyList<string> CertificateKinds =
    [
        OutcomeKinds.QualificationCertificate,
        OutcomeKinds.XCertificate,
        OutcomeKinds.Training,
    ];
}

/// <summary>The shape of a record to evaluate.</summary>
public sealed class OutcomeToEvaluateValidator : AbstractValidator<OutcomeToEvaluate>
{
    /// <summary>The rules.</summary>
    public OutcomeToEvaluateValidator()
    {
        RuleFor(record => record.RecordId).Text(RecordBodyValidator.RecordIdLengthMax);
        RuleFor(record => record.InstitutionId)
            .Must(id => id is null || FieldRules.IsSlug(id))
            .Says("field.id", "须为机构编号。", "Must be an institution's id.");
        RuleFor(record => record.Kind).OneOf(OutcomeKinds.All);
        RuleFor(record => record.CourseCode).Text(64);
        RuleFor(record => record.Title).OptionalText(300);
        RuleFor(record => record.Credits).Must(IsAmount).Says("record.amount", AmountZh, AmountEn);
        RuleFor(record => record.Hours).Must(IsAmount).Says("record.amount", AmountZh, AmountEn);
        RuleFor(record => record.Unit).OptionalText(32);
        RuleFor(record => record.Level)
            .Must(level => level is not { } stated || FieldRules.IsText(stated.Text, 32))
            .Says("field.text", "须为 1 至 32 个字符，不含控制符。", "Must be 1 to 32 characters without controls.");
        RuleFor(record => record.Result)
            .Must(result => result is null || OutcomeResults.All.Contains(result))
            .Says("field.unknown", "应为 passed 或 failed。", "Must be one of: passed, failed.");
        RuleFor(record => record.Grade!.Scale).Text(32).When(record => record.Grade is not null);
        RuleFor(record => record.Grade!.Value).Text(32).When(record => record.Grade is not null);
        RuleFor(record => record.StartedOn)
            .Must((record, started) => started is not { } on || on <= record.CompletedOn)
            .Says("record.period", "开始日不得晚于完成日。", "It cannot start after it was completed.");
        RuleFor(record => record.Subject).OptionalText(100);
        RuleFor(record => record.CertificateLevel).OptionalText(64);
    }

    private const string AmountZh = "须为 0 至 100000。";
    private const string AmountEn = "Must be from 0 to 100000.";

    private static bool IsAmount(Credits? amount) =>
        amount is not { } some || (!some.IsNegative && some <= RecordBodyValidator.AmountMax);
}

using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using Period = CreditBank.Kernel.Period;

namespace CreditBank.Verifier;

/// <summary>What the rules may know of recorded outcomes and programmes; the same as the service tells them.</summary>
internal static class RecordFacts
{
    private const string Passed = "passed";

    /// <summary>Whether a record earned anything.</summary>
    public static bool HasPassed(OutcomeRecord record) => record.Result == Passed;

    /// <summary>The facts of a record.</summary>
    public static OutcomeFacts Of(string outcomeId, OutcomeRecord record) =>
        new()
        {
            OutcomeId = outcomeId,
            InstitutionId = record.InstitutionId,
            Kind = record.Kind,
            RecordId = record.RecordId,
            CourseCode = record.CourseCode,
            Title = record.Title,
            Credits =
                record.Credits.IsZero && (record.Hours is not null || record.Certificate is not null)
                    ? null
                    : record.Credits,
            Hours = record.Hours,
            Unit = record.Unit,
            Level = record.Level,
            Passed = HasPassed(record),
            Grade = record is { GradeScale: { } scale, GradeValue: { } value } ? new GradeFacts(scale, value) : null,
            StartedOn = record.StartedOn,
            CompletedOn = record.CompletedOn,
            Subject = record.Subject,
            Certificate = record.Certificate is { } certificate
                ? new CertificateFacts
                {
                    Code = certificate.Code,
                    Level = certificate.Level,
                    IssuerId = certificate.IssuerId,
                    ValidUntilOn = certificate.ValidUntilOn,
                }
                : null,
        };

    /// <summary>The facts of a programme.</summary>
    public static ProgrammeFacts Of(ProgrammePublished programme) =>
        new()
        {
            InstitutionId = programme.InstitutionId,
            ProgrammeId = programme.ProgrammeId,
            Version = programme.Version,
            Level = programme.Level.ToString(System.Globalization.CultureInfo.InvariantCulture),
            TotalCredits = programme.TotalCredits,
            RuleSetFamily = programme.RuleSetFamily,
            Courses =
            [
                .. programme.Courses.Select(course => new CourseFacts(
                    course.CourseCode,
                    course.Title,
                    course.Credits,
                    course.Category,
                    course.Compulsory
                )),
            ],
        };

    /// <summary>The facts of learning agreements.</summary>
    public static IReadOnlyList<AgreementFacts> Of(IReadOnlyList<AgreedTerms>? agreements) =>
        [
            .. (agreements ?? []).Select(terms => new AgreementFacts(
                terms.AgreementId,
                terms.RuleSetVersion,
                terms.SourceInstitutionId,
                terms.CourseCodes,
                terms.LimitCredits
            )),
        ];

    /// <summary>The days on which an issuer may issue a kind; none when the issuer is not registered.</summary>
    public static IReadOnlyList<Period>? PeriodsOf(AccreditationHistory? accreditation, string kind) =>
        accreditation?.PeriodsFor(kind);
}

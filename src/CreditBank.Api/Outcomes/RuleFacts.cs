using CreditBank.Ledger.Events;
using CreditBank.Rules;

namespace CreditBank.Api.Outcomes;

/// <summary>What the rules may know of a recorded outcome.</summary>
public static class RuleFacts
{
    /// <summary>The facts of a record; availability, earlier uses and accreditation are the caller's to add.</summary>
    public static OutcomeFacts Of(string outcomeId, OutcomeRecord record) =>
        new()
        {
            OutcomeId = outcomeId,
            InstitutionId = record.InstitutionId,
            Kind = record.Kind,
            RecordId = record.RecordId,
            CourseCode = record.CourseCode,
            Title = record.Title,
            Credits = HasNoCredits(record) ? null : record.Credits,
            Hours = record.Hours,
            Unit = record.Unit,
            Level = record.Level,
            Passed = record.Result == OutcomeResults.Passed,
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

    /// <summary>
    /// A size of nothing beside hours, or on a certificate, means that the rules say what it is worth.
    /// </summary>
    private static bool HasNoCredits(OutcomeRecord record) =>
        record.Credits.IsZero && (record.Hours is not null || record.Certificate is not null);
}

using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Institutions;
using CreditBank.Api.Programmes;
using CreditBank.Ledger;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using Period = CreditBank.Kernel.Period;

namespace CreditBank.Api.Evaluations;

/// <summary>What the registry book knows that an evaluation needs: the programme, and who may issue what.</summary>
/// <param name="Programme">The version of the programme that decides.</param>
/// <param name="Issuers">What every issuer that is registered may issue, day by day.</param>
public sealed record EvaluationGround(
    ProgrammePublished Programme,
    IReadOnlyDictionary<string, AccreditationHistory> Issuers
)
{
    /// <summary>The programme as the rules see it.</summary>
    public ProgrammeFacts Facts =>
        new()
        {
            InstitutionId = Programme.InstitutionId,
            ProgrammeId = Programme.ProgrammeId,
            Version = Programme.Version,
            Level = Programme.Level.ToString(System.Globalization.CultureInfo.InvariantCulture),
            TotalCredits = Programme.TotalCredits,
            RuleSetFamily = Programme.RuleSetFamily,
            Courses =
            [
                .. Programme.Courses.Select(course => new CourseFacts(
                    course.CourseCode,
                    course.Title,
                    course.Credits,
                    course.Category,
                    course.Compulsory
                )),
            ],
        };

    /// <summary>The days on which an issuer may issue a kind; none when the issuer is not registered.</summary>
    public IReadOnlyList<Period>? AccreditedFor(string institutionId, string kind) =>
        Issuers.TryGetValue(institutionId, out var accreditation) ? accreditation.PeriodsFor(kind) : null;

    /// <summary>Reads the ground; none when there is no such programme or version.</summary>
    /// <param name="books">The books.</param>
    /// <param name="institutionId">The receiving institution.</param>
    /// <param name="programmeId">The programme.</param>
    /// <param name="version">The version; none means the newest.</param>
    /// <param name="issuerIds">The issuers of the outcomes.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<EvaluationGround?> ReadAsync(
        LedgerBooks books,
        string institutionId,
        string programmeId,
        int? version,
        IEnumerable<string> issuerIds,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var programme = version is { } wanted
            ? (
                await session.LoadAsync<ProgrammeVersion>(
                    ProgrammeVersion.IdOf(institutionId, programmeId, wanted),
                    cancellation
                )
            )?.Published
            : (
                await session.LoadAsync<Programme>(
                    Programmes.Programme.StreamOf(institutionId, programmeId),
                    cancellation
                )
            )?.Published;
        if (programme is null)
        {
            return null;
        }

        var keys = issuerIds.Distinct().Select(Institution.StreamOf).ToArray();
        var issuers = await session.LoadManyAsync<Institution>(cancellation, keys);
        return new EvaluationGround(
            programme,
            issuers.ToDictionary(issuer => issuer.InstitutionId, issuer => issuer.Accredited)
        );
    }
}

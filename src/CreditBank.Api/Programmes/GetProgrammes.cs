using System.Globalization;
using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Institutions;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Programmes;

/// <summary>A version of a programme as anyone may see it.</summary>
/// <param name="InstitutionId">Whose programme it is.</param>
/// <param name="ProgrammeId">The institution's own id of it.</param>
/// <param name="Version">From 1; decisions cite it.</param>
/// <param name="Title">Its title.</param>
/// <param name="Level">The level of its award in the framework.</param>
/// <param name="TotalCredits">What it takes to finish, in standard credit.</param>
/// <param name="RuleSetFamily">The family of rule sets that decides.</param>
/// <param name="Courses">Its courses.</param>
public sealed record ProgrammeBody(
    string InstitutionId,
    string ProgrammeId,
    int Version,
    string Title,
    int Level,
    Credits TotalCredits,
    string RuleSetFamily,
    IReadOnlyList<CourseBody> Courses
)
{
    /// <summary>The body of a published version.</summary>
    public static ProgrammeBody Of(ProgrammePublished published) =>
        new(
            published.InstitutionId,
            published.ProgrammeId,
            published.Version,
            published.Title,
            published.Level,
            published.TotalCredits,
            published.RuleSetFamily,
            [
                .. published.Courses.Select(course => new CourseBody
                {
                    CourseCode = course.CourseCode,
                    Title = course.Title,
                    Credits = course.Credits,
                    Category = course.Category,
                    Compulsory = course.Compulsory,
                }),
            ]
        );
}

/// <summary>Shows programmes to anyone.</summary>
public static class GetProgrammesEndpoint
{
    /// <summary>One programme: the newest version, or with <c>?version=</c> that one.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/institutions/{institutionId}/programmes/{programmeId}", OperationId = "getProgramme")]
    [Refuses(400, "query.version")]
    [Refuses(404, "institution.unknown", "programme.unknown")]
    [Asks("version", "A version, from 1; the newest unless given.", IsNumber = true)]
    [ProducesResponseType<ProgrammeBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetOne(
        string institutionId,
        string programmeId,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        int? version = null;
        if (http.Request.Query.TryGetValue("version", out var text))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return Answers.Problem(StatusCodes.Status400BadRequest, "query.version", VersionText);
            }

            version = number;
        }

        await using var session = books.Read(LedgerBooks.Registry);
        var found = version is { } wanted
            ? (
                await session.LoadAsync<ProgrammeVersion>(
                    ProgrammeVersion.IdOf(institutionId, programmeId, wanted),
                    cancellation
                )
            )?.Published
            : (
                await session.LoadAsync<Programme>(Programme.StreamOf(institutionId, programmeId), cancellation)
            )?.Published;
        return found is null
            ? Answers.Refused(AccessRefusals.Unknown("programme"))
            : Answers.Tagged(http, found.Version, ProgrammeBody.Of(found));
    }

    /// <summary>An institution's programmes, by id, each in its newest version.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/institutions/{institutionId}/programmes", OperationId = "listProgrammes")]
    [Refuses(404, "institution.unknown")]
    [AsksPage]
    [ProducesResponseType<PageBody<ProgrammeBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetMany(
        string institutionId,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        await using var session = books.Read(LedgerBooks.Registry);
        if (await session.LoadAsync<Institution>(Institution.StreamOf(institutionId), cancellation) is null)
        {
            return Answers.Refused(AccessRefusals.Unknown("institution"));
        }

        var after = page.After ?? string.Empty;
        var found = await session
            .Query<Programme>()
            .Where(programme => programme.InstitutionId == institutionId && programme.ProgrammeId.CompareTo(after) > 0)
            .OrderBy(programme => programme.ProgrammeId)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(
            http,
            found,
            programme => programme.ProgrammeId,
            programme => ProgrammeBody.Of(programme.Published)
        );
    }

    private static readonly BilingualText VersionText = new(
        "version 应为正整数。",
        "version must be a whole number from 1."
    );
}

using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Institutions;

/// <summary>An institution as anyone may see it.</summary>
/// <param name="InstitutionId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="UnifiedSocialCreditCode">GB 32100.</param>
/// <param name="Accreditation">What it may issue, and when.</param>
public sealed record InstitutionBody(
    string InstitutionId,
    BilingualText Name,
    string Kind,
    string Country,
    string? UnifiedSocialCreditCode,
    AccreditationBody Accreditation
)
{
    /// <summary>The body of an institution's state.</summary>
    public static InstitutionBody Of(Institution institution) =>
        new(
            institution.InstitutionId,
            institution.Name,
            institution.Kind,
            institution.Country,
            institution.UnifiedSocialCreditCode,
            Of(institution.Accreditation)
        );

    /// <summary>The body of a fresh registration.</summary>
    public static InstitutionBody Of(InstitutionRegistered registered) =>
        new(
            registered.InstitutionId,
            registered.Name,
            registered.Kind,
            registered.Country,
            registered.UnifiedSocialCreditCode,
            Of(registered.Accreditation)
        );

    private static AccreditationBody Of(Accreditation accreditation) =>
        new()
        {
            Kinds = accreditation.Kinds,
            Levels = accreditation.Levels,
            From = accreditation.FromOn,
            To = accreditation.ToOn,
        };
}

/// <summary>Shows institutions to anyone.</summary>
public static class GetInstitutionsEndpoint
{
    /// <summary>One institution.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/institutions/{institutionId}", OperationId = "getInstitution")]
    [Refuses(404, "institution.unknown")]
    [ProducesResponseType<InstitutionBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetOne(
        string institutionId,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        await using var session = books.Read(LedgerBooks.Registry);
        return await session.LoadAsync<Institution>(Institution.StreamOf(institutionId), cancellation) is { } found
            ? Answers.Tagged(http, found.Version, InstitutionBody.Of(found))
            : Answers.Refused(AccessRefusals.Unknown("institution"));
    }

    /// <summary>All institutions, by id.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/institutions", OperationId = "listInstitutions")]
    [AsksPage]
    [ProducesResponseType<PageBody<InstitutionBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetMany(HttpContext http, LedgerBooks books, CancellationToken cancellation)
    {
        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        await using var session = books.Read(LedgerBooks.Registry);
        var after = page.After ?? string.Empty;
        var found = await session
            .Query<Institution>()
            .Where(institution => institution.InstitutionId.CompareTo(after) > 0)
            .OrderBy(institution => institution.InstitutionId)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(http, found, institution => institution.InstitutionId, InstitutionBody.Of);
    }
}

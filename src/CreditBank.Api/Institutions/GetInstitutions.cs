using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Institutions;

/// <summary>An institution as anyone may see it.</summary>
/// <param name="InstitutionId">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="UnifiedSocialCreditCode">GB 32100.</param>
/// <param name="Accreditation">What it may issue, and when; the newest, see <paramref name="Scopes"/>.</param>
/// <param name="Scopes">
/// What it may issue by the first day of each change, the registered one first; missing where it never changed.
/// </param>
/// <param name="Suspensions">When it may not act; missing where it never was suspended.</param>
/// <param name="SuccessorId">The institution that answers for it; missing while it stands for itself.</param>
/// <param name="MergedOn">The first day on which the successor does, inclusive.</param>
public sealed record InstitutionBody(
    string InstitutionId,
    BilingualText Name,
    string Kind,
    string Country,
    string? UnifiedSocialCreditCode,
    AccreditationBody Accreditation,
    IReadOnlyList<ScopeBody>? Scopes = null,
    IReadOnlyList<SuspensionBody>? Suspensions = null,
    string? SuccessorId = null,
    LocalDate? MergedOn = null
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
            Of(institution.Changes.Count == 0 ? institution.Accreditation : institution.Changes[^1].Accreditation),
            institution.Changes.Count == 0
                ? null
                :
                [
                    new ScopeBody(null, Of(institution.Accreditation)),
                    .. institution.Changes.Select(change => new ScopeBody(change.FromOn, Of(change.Accreditation))),
                ],
            institution.Suspensions.Count == 0
                ? null
                : [.. institution.Suspensions.Select(period => new SuspensionBody(period.FromOn!.Value, period.ToOn))],
            institution.SuccessorId,
            institution.MergedOn
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

/// <summary>What an institution may issue from a day on.</summary>
/// <param name="From">The first day of completion that it decides, inclusive; missing for the registered one.</param>
/// <param name="Accreditation">What it may issue, and when.</param>
public sealed record ScopeBody(LocalDate? From, AccreditationBody Accreditation);

/// <summary>Days on which an institution may not record, claim or receive.</summary>
/// <param name="From">The first day, inclusive.</param>
/// <param name="To">The day it ends, exclusive; missing means until it is reinstated.</param>
public sealed record SuspensionBody(LocalDate From, LocalDate? To);

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

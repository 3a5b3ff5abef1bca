using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Claims;

/// <summary>Shows claims, and the list of what waits.</summary>
public static class GetClaimsEndpoint
{
    private static readonly Dictionary<string, string> NoWords = [];

    /// <summary>
    /// One claim: for its provider, its learner, auditors and verifiers: the bank's, who name no institution, and those
    /// of the certificate's issuer.
    /// </summary>
    [WolverineGet("/v1/certificate-claims/{claimId}", OperationId = "getCertificateClaim")]
    [AsksKnownAt]
    [Refuses(404, "claim.unknown")]
    [ProducesResponseType<ClaimBody>(StatusCodes.Status200OK)]
    public static Task<IResult> GetOne(
        string claimId,
        HttpContext http,
        ClaimAnswers answers,
        CancellationToken cancellation
    ) => answers.Show(claimId, http, cancellation);

    /// <summary>
    /// Claims, the oldest due first: a verifier's work list (of an institution's verifier the
    /// certificates that it issued; submitted ones unless <c>?state=</c> asks for others), a
    /// provider's own, a learner's own; an auditor sees all. With <c>?overdue=true</c> only those that wait past their
    /// due day.
    /// </summary>
    [WolverineGet("/v1/certificate-claims", OperationId = "listCertificateClaims")]
    [Refuses(400, "query.state")]
    [Refuses(403, "access.role")]
    [Asks("state", "A state: submitted, verified, rejected or withdrawn.")]
    [Asks("overdue", "true: only what waits past its due day.")]
    [AsksPage]
    [ProducesResponseType<PageBody<ClaimBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetMany(
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        var caller = http.Caller();
        if (
            caller.Lacks(CallerRoles.Verifier, CallerRoles.Auditor, CallerRoles.Provider, CallerRoles.Learner) is
            { } refusal
        )
        {
            return Answers.Refused(refusal);
        }

        var state = http.Request.Query["state"].FirstOrDefault();
        if (state is not null && !ClaimStates.All.Contains(state))
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, "query.state", StateText);
        }

        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        await using var session = books.Read(LedgerBooks.Registry);
        var own = await AbsorbedAccounts.OfLearner(caller, books, cancellation);
        var claims = Visible(LedgerBooks.QueryLearnerBooks<CertificateClaim>(session), caller, own);
        var wanted = state ?? (IsVerifierOnly(caller) ? ClaimStates.Submitted : null);
        if (wanted is not null)
        {
            claims = claims.Where(claim => claim.State == wanted);
        }

        if (http.Request.Query["overdue"].ToString() == "true")
        {
            claims = CertificateClaim.Overdue(claims, BankCalendar.DayOf(clock.GetCurrentInstant()));
        }

        var after = page.After ?? string.Empty;
        var found = await claims
            .Where(claim => claim.SortKey.CompareTo(after) > 0)
            .OrderBy(claim => claim.SortKey)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(http, found, claim => claim.SortKey, claim => ClaimBody.Of(claim, NoWords));
    }

    /// <summary>The bytes of a piece of evidence, for who may see the claim that cites it.</summary>
    [WolverineGet("/v1/certificate-claims/{claimId}/evidence/{sha256}", OperationId = "getClaimEvidence")]
    [Refuses(404, "claim.unknown", "evidence.unknown")]
    public static async Task<IResult> GetEvidence(
        string claimId,
        string sha256,
        HttpContext http,
        ClaimAnswers answers,
        EvidenceStore store,
        CancellationToken cancellation
    )
    {
        var claim = await answers.Find(claimId, http, cancellation);
        return claim?.Submitted.Evidence.FirstOrDefault(item => item.Sha256 == sha256) is { } cited
            ? new EvidenceAnswer(store, cited.Sha256, cited.MediaType)
            : Answers.Refused(AccessRefusals.Unknown("evidence"));
    }

    private static bool IsVerifierOnly(Caller caller) =>
        caller.Is(CallerRoles.Verifier) && !caller.Is(CallerRoles.Provider);

    private static bool SeesAll(Caller caller) =>
        caller.Is(CallerRoles.Auditor) || caller.Is(CallerRoles.Verifier) && caller.InstitutionId is null;

    private static IQueryable<CertificateClaim> Visible(
        IQueryable<CertificateClaim> claims,
        Caller caller,
        string[] own
    )
    {
        if (SeesAll(caller))
        {
            return claims;
        }

        if (caller.Is(CallerRoles.Provider) || caller.Is(CallerRoles.Verifier))
        {
            var providers = caller.Is(CallerRoles.Provider) ? caller.OwnInstitutions : [];
            var issuers = caller.Is(CallerRoles.Verifier) ? caller.OwnInstitutions : [];
            return claims.Where(claim =>
                claim.ProviderId!.IsOneOf(providers) || claim.Submitted.Certificate.IssuerId.IsOneOf(issuers)
            );
        }

        return claims.Where(claim => claim.AccountId.IsOneOf(own));
    }

    private static readonly BilingualText StateText = new(
        $"state 应为以下之一：{string.Join(", ", ClaimStates.All)}。",
        $"state must be one of: {string.Join(", ", ClaimStates.All)}."
    );
}

using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Institutions;
using CreditBank.Kernel;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Claims;

/// <summary>Takes claims back.</summary>
public static class WithdrawClaimEndpoint
{
    /// <summary>
    /// Who claimed takes a claim back before its decision: the provider or its successor, or the learner whose own
    /// claim it is. The certificate's number is free again. The record id stays used: another claim needs another one.
    /// </summary>
    [WolverinePost("/v1/certificate-claims/{claimId}/withdrawal", OperationId = "withdrawClaim")]
    [Refuses(403, "access.institution", "access.role")]
    [Refuses(404, "claim.unknown")]
    [Refuses(409, "claim.decided", "claim.personErased", "institution.merged")]
    [HonoursIfMatch]
    [ProducesResponseType<ClaimBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        string claimId,
        HttpContext http,
        [NotBody] LedgerBooks books,
        [NotBody] ClaimAnswers answers,
        [NotBody] ClaimVerification verification,
        [NotBody] IClock clock,
        CancellationToken cancellation
    )
    {
        if (await answers.Find(claimId, http, cancellation) is not { } seen)
        {
            return Answers.Refused(AccessRefusals.Unknown("claim"));
        }

        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        var caller = await AbsorbedAccounts.CallerOn(http, books, seen.AccountId, cancellation);
        var refusal =
            MayNot(caller, seen)
            ?? (
                seen.ProviderId is null
                    ? null
                    : await InstitutionReading.IsNoMoreAsync(books, caller.InstitutionId!, today, cancellation)
            );
        if (refusal is not null)
        {
            return Answers.Refused(refusal);
        }

        await using var session = books.Write(books.BookOf(claimId), http.Actor());
        var stream = await session.Events.FetchForWriting<CertificateClaim>(claimId, cancellation);
        refusal =
            http.ExpectsOther(stream.Aggregate!.Version)
            ?? await verification.Withdraw(session, stream, today, cancellation);
        if (refusal is not null)
        {
            return Answers.Refused(refusal);
        }

        await session.SaveChangesAsync(cancellation);
        return await answers.Show(claimId, http, cancellation);
    }

    private static Refusal? MayNot(Caller caller, CertificateClaim claim) =>
        claim.ProviderId is not { } provider
            ? caller.Owns(claim.AccountId)
                ? null
                : AccessRefusals.Role(CallerRoles.Learner)
            : caller.Lacks(CallerRoles.Provider)
                ?? (caller.Is(CallerRoles.Provider, provider) ? null : AccessRefusals.Institution);
}

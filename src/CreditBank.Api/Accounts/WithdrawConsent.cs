using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Accounts;

/// <summary>Takes consents back.</summary>
public static class WithdrawConsentEndpoint
{
    /// <summary>The learner takes a consent back, from today on.</summary>
    [WolverineDelete("/v1/accounts/{accountId}/consents/{consentId}", OperationId = "withdrawConsent")]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown", "consent.unknown")]
    [Refuses(409, "account.erased", "account.merged", "consent.withdrawn")]
    [ProducesResponseType<ConsentBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Delete(
        string accountId,
        string consentId,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (ConsentAccess.Refuse(http.Caller(), accountId) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        if (!books.TryBookOf(accountId, LedgerIdKind.Account, out var book))
        {
            return AccountReading.Unknown;
        }

        await using var session = books.Write(book, http.Actor());
        var facts = AccountFacts.Of(await session.Events.FetchStreamAsync(accountId, token: cancellation));
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        if (facts.Count == 0)
        {
            return AccountReading.Unknown;
        }

        if (facts.MergedInto(accountId) is { } survivor)
        {
            return Answers.Refused(Account.MergedAway(survivor));
        }

        if (facts.ErasedOn() is not null)
        {
            return Answers.Refused(Account.PersonGone);
        }

        var consent = facts.Consents().FirstOrDefault(given => given.Granted.ConsentId == consentId);
        if (!Decide(consent, today).Is(out var withdrawn, out refusal))
        {
            return Answers.Refused(refusal);
        }

        session.Events.Append(accountId, facts[^1].Version + 1, withdrawn);
        await session.SaveChangesAsync(cancellation);
        return Answers.Ok(ConsentBody.Of(consent! with { WithdrawnOn = withdrawn.WithdrawnOn }));
    }

    /// <summary>The event that takes a consent back, or a refusal. Pure.</summary>
    /// <param name="consent">The consent; none when there is no such one.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<ConsentWithdrawn> Decide(ConsentState? consent, LocalDate today)
    {
        if (consent is null)
        {
            return AccessRefusals.Unknown("consent");
        }

        return consent.WithdrawnOn is null ? new ConsentWithdrawn(consent.Granted.ConsentId, today) : Withdrawn;
    }

    private static readonly Refusal Withdrawn = new(
        "consent.withdrawn",
        RefusalKind.Conflict,
        new BilingualText("该授权已撤回。", "The consent was taken back before.")
    )
    {
        State = "withdrawn",
    };
}

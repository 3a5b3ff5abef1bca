using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Awards;

/// <summary>The awards of an account.</summary>
/// <param name="Items">
/// In the order in which they were conferred, rescinded ones included; those that a merge brought stand among them.
/// </param>
public sealed record AwardList(IReadOnlyList<AwardBody> Items);

/// <summary>Shows awards.</summary>
public static class GetAwardsEndpoint
{
    /// <summary>
    /// An account's awards: to the learner, the auditor and an institution with consent all of them; to another
    /// institution its own.
    /// </summary>
    [WolverineGet("/v1/accounts/{accountId}/awards", OperationId = "listAwards")]
    [AsksAsOf]
    [Refuses(403, "access.role")]
    [Refuses(404, "account.unknown")]
    [ProducesResponseType<AwardList>(StatusCodes.Status200OK)]
    public static async Task<IResult> OfAccount(
        string accountId,
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        var today = BankCalendar.DayOf(clock.GetCurrentInstant());
        var (view, refused) = await AccountReading.OpenContentAsync(
            http,
            books,
            today,
            accountId,
            ConsentScopes.Account,
            cancellation
        );
        return view is null
            ? refused!
            : Answers.Ok(new AwardList([.. AwardsOf(view).Select(award => AwardBody.Of(accountId, award))]));
    }

    /// <summary>One award: to the learner, the institution that conferred it and the auditor.</summary>
    [WolverineGet("/v1/awards/{awardId}", OperationId = "getAward")]
    [Refuses(404, "award.unknown")]
    [ProducesResponseType<AwardBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetOne(
        string awardId,
        HttpContext http,
        LedgerBooks books,
        CancellationToken cancellation
    )
    {
        if (!books.TryBookOf(awardId, LedgerIdKind.Award, out var book))
        {
            return AwardDesk.Unknown;
        }

        await using var session = books.Read(book);
        if (await session.LoadAsync<AwardPlace>(awardId, cancellation) is not { } place)
        {
            return AwardDesk.Unknown;
        }

        await using var own = books.Read(books.BookOf(place.AccountId));
        var account = await own.Events.AggregateStreamAsync<Account>(place.AccountId, token: cancellation);
        if (!account!.Awards.TryGetValue(awardId, out var award))
        {
            // A merge took it along since its place was read; it is looked for where it is now.
            return await GetOne(awardId, http, books, cancellation);
        }

        var caller = http.Caller();
        return
            caller.Owns(place.AccountId)
            || caller.Is(CallerRoles.Auditor)
            || caller.ActsFor(award.Conferred.InstitutionId)
            ? Answers.Ok(AwardBody.Of(place.AccountId, award))
            : AwardDesk.Unknown;
    }

    private static IEnumerable<Award> AwardsOf(AccountView view)
    {
        var (awards, order) = (new Dictionary<string, Award>(), new List<string>());
        foreach (var fact in view.Facts)
        {
            if (view.EffectiveOn is { } on && AccountFacts.EffectiveOn(fact.Data) > on)
            {
                continue;
            }

            switch (fact.Data)
            {
                case AwardConferred conferred:
                    awards.Add(conferred.AwardId, new Award(conferred, AwardStates.Conferred, fact.ActorId));
                    order.Add(conferred.AwardId);
                    break;
                case AwardReviewOpened opened:
                    awards[opened.AwardId] = awards[opened.AwardId].Apply(opened);
                    break;
                case AwardUpheld upheld:
                    awards[upheld.AwardId] = awards[upheld.AwardId].Apply(upheld);
                    break;
                case AwardRescinded rescinded:
                    awards[rescinded.AwardId] = awards[rescinded.AwardId].Apply(rescinded);
                    break;
                case AwardHandedOver handed:
                    awards.Remove(handed.AwardId);
                    break;
                case AwardTakenOver taken:
                    awards[taken.AwardId] = Award.Of(taken);
                    order.Add(taken.AwardId);
                    break;
                case AwardReviewTakenOver taken:
                    awards[taken.Opened.AwardId] = awards[taken.Opened.AwardId].Apply(taken);
                    break;
            }
        }

        return order
            .Distinct()
            .Where(awards.ContainsKey)
            .Select(id => awards[id])
            .OrderBy(award => award.Conferred.ConferredOn);
    }
}

using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Marten;
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
            : Answers.Ok(
                new AwardList([
                    .. AwardsOf(view.Facts, view.EffectiveOn).Select(award => AwardBody.Of(accountId, award)),
                ])
            );
    }

    /// <summary>One award: to the learner, the institution that conferred it and the auditor.</summary>
    [WolverineGet("/v1/awards/{awardId}", OperationId = "getAward")]
    [AsksAsOf]
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
            ? await AsAskedAsync((place.AccountId, award), http, books, own, cancellation)
            : AwardDesk.Unknown;
    }

    /// <summary>The award as it stands, or as it stood where a merge had not taken it from yet.</summary>
    private static async Task<IResult> AsAskedAsync(
        (string AccountId, Award Award) stands,
        HttpContext http,
        LedgerBooks books,
        IQuerySession session,
        CancellationToken cancellation
    )
    {
        if (!AsOf.TryRead(http, out var asOf, out var wrong))
        {
            return wrong;
        }

        if (asOf.IsNow)
        {
            return Answers.Ok(AwardBody.Of(stands.AccountId, stands.Award));
        }

        if (await books.Settled.RefuseAsync(session, asOf.KnownAt, cancellation) is { } notSettled)
        {
            return Answers.Refused(notSettled);
        }

        var waiting = new Queue<string>([stands.AccountId]);
        var seen = new HashSet<string>();
        while (waiting.TryDequeue(out var accountId))
        {
            if (!seen.Add(accountId))
            {
                continue;
            }

            await using var its = books.Read(books.BookOf(accountId));
            var facts = AccountFacts.Of(await its.Events.FetchStreamAsync(accountId, token: cancellation));
            var then = AwardsOf(facts.KnownAt(asOf.KnownAt), asOf.EffectiveOn)
                .FirstOrDefault(award => award.Conferred.AwardId == stands.Award.Conferred.AwardId);
            if (then is not null)
            {
                return Answers.Ok(AwardBody.Of(accountId, then));
            }

            foreach (var fact in facts.Select(fact => fact.Data).OfType<AwardTakenOver>())
            {
                waiting.Enqueue(fact.FromAccountId);
            }
        }

        return AwardDesk.Unknown;
    }

    private static IEnumerable<Award> AwardsOf(IReadOnlyList<AccountFact> facts, LocalDate? effectiveOn)
    {
        var (awards, order) = (new Dictionary<string, Award>(), new List<string>());
        foreach (var fact in facts)
        {
            if (effectiveOn is { } on && AccountFacts.EffectiveOn(fact.Data) > on)
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

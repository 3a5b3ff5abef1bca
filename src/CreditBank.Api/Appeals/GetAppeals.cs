using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using Marten;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Appeals;

/// <summary>Lists appeals.</summary>
public static class GetAppealsEndpoint
{
    /// <summary>
    /// Work lists, the one that is due first first: a panel sees those of its institution and of what became part of
    /// it, or all when it acts for none; the receiver's people those against their institution; the learner the own. Of
    /// a transfer with several appeals the newest. With <c>?state=</c> in one state, with <c>?institutionId=</c> of one
    /// receiver, with <c>?overdue=true</c> only what no panel answered by its day.
    /// </summary>
    [WolverineGet("/v1/appeals", OperationId = "listAppeals")]
    [Refuses(400, "query.state")]
    [Refuses(403, "access.role")]
    [Asks("institutionId", "A receiver.")]
    [Asks("state", "A state, such as filed.")]
    [Asks("overdue", "true: only what waits past its due day.")]
    [AsksPage]
    [ProducesResponseType<PageBody<AppealBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (!Page.TryRead(http, out var page, out var refused))
        {
            return refused;
        }

        var caller = http.Caller();
        await using var session = books.Read(LedgerBooks.Registry);
        var found = LedgerBooks.QueryLearnerBooks<Transfer>(session).Where(transfer => transfer.AppealState != null);
        if (ReceiversOf(caller) is { Length: > 0 } own)
        {
            found = found.Where(transfer => transfer.InstitutionId.IsOneOf(own));
        }
        else if (!caller.Is(CallerRoles.Panel) && !caller.Is(CallerRoles.Auditor))
        {
            if (caller.Lacks(CallerRoles.Panel, CallerRoles.Learner, CallerRoles.Auditor) is { } refusal)
            {
                return Answers.Refused(refusal);
            }

            var accounts = await AbsorbedAccounts.OfLearner(caller, books, cancellation);
            found = found.Where(transfer => transfer.AccountId.IsOneOf(accounts));
        }

        if (http.Request.Query["state"].ToString() is { Length: > 0 } state && !AppealStates.All.Contains(state))
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, "query.state", StateText);
        }

        found = Filtered(http, found, BankCalendar.DayOf(clock.GetCurrentInstant()));
        var after = page.After ?? string.Empty;
        var part = await found
            .Where(transfer => transfer.AppealPlace!.CompareTo(after) > 0)
            .OrderBy(transfer => transfer.AppealPlace)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(
            http,
            part,
            transfer => transfer.AppealPlace!,
            transfer => AppealBody.Of(transfer, transfer.Appeals[^1], NoWords)
        );
    }

    private static IQueryable<Transfer> Filtered(HttpContext http, IQueryable<Transfer> found, LocalDate today)
    {
        if (http.Request.Query["institutionId"].ToString() is { Length: > 0 } receiver)
        {
            found = found.Where(transfer => transfer.InstitutionId == receiver);
        }

        if (http.Request.Query["state"].ToString() is { Length: > 0 } state)
        {
            found = found.Where(transfer => transfer.AppealState == state);
        }

        return http.Request.Query["overdue"].ToString() == "true" ? Transfer.WithOverdueAppeal(found, today) : found;
    }

    /// <summary>The receivers whose appeals the caller may see; none means not by an institution.</summary>
    private static string[] ReceiversOf(Caller caller) =>
        caller.Is(CallerRoles.Auditor) ? []
        : caller.Is(CallerRoles.Panel) ? caller.OwnInstitutions
        : caller.ActingInstitutions;

    private static readonly Dictionary<string, string> NoWords = [];

    private static readonly BilingualText StateText = new(
        $"state 应为以下之一：{string.Join(", ", AppealStates.All)}。",
        $"state must be one of: {string.Join(", ", AppealStates.All)}."
    );
}

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

namespace CreditBank.Api.PriorLearning;

/// <summary>Shows applications.</summary>
public static class GetPriorLearningEndpoint
{
    /// <summary>One application: to the learner, the institution that assesses it and the auditor.</summary>
    [WolverineGet("/v1/prior-learning/{portfolioId}", OperationId = "getPriorLearning")]
    [AsksKnownAt]
    [Refuses(404, "priorLearning.unknown")]
    [ProducesResponseType<PortfolioBody>(StatusCodes.Status200OK)]
    public static Task<IResult> GetOne(
        string portfolioId,
        HttpContext http,
        PortfolioAnswers answers,
        CancellationToken cancellation
    ) => answers.Show(portfolioId, http, cancellation);

    /// <summary>
    /// Applications, the oldest due first: an institution's work list, a learner's own, all of them for an auditor.
    /// With <c>?overdue=true</c> only those that wait past their due day.
    /// </summary>
    [WolverineGet("/v1/prior-learning", OperationId = "listPriorLearning")]
    [Asks("state", "A state: submitted, assessed, recognised, refused or withdrawn.")]
    [Asks("overdue", "true: only what waits past its due day.")]
    [AsksPage]
    [Refuses(400, "query.state")]
    [Refuses(403, "access.role")]
    [ProducesResponseType<PageBody<PortfolioBody>>(StatusCodes.Status200OK)]
    public static async Task<IResult> GetMany(
        HttpContext http,
        LedgerBooks books,
        IClock clock,
        CancellationToken cancellation
    )
    {
        if (!Page.TryRead(http, out var page, out var wrong))
        {
            return wrong;
        }

        var state = http.Request.Query["state"].FirstOrDefault();
        if (state is not null && !PortfolioStates.All.Contains(state))
        {
            return Answers.Problem(StatusCodes.Status400BadRequest, "query.state", StateText);
        }

        await using var session = books.Read(LedgerBooks.Registry);
        var found = LedgerBooks.QueryLearnerBooks<Portfolio>(session);
        var caller = http.Caller();
        if (caller.ActingInstitutions is { Length: > 0 } institutions)
        {
            found = found.Where(portfolio => portfolio.InstitutionId.IsOneOf(institutions));
        }
        else if (!caller.Is(CallerRoles.Auditor))
        {
            if (caller.Lacks(CallerRoles.Learner, CallerRoles.Evaluator, CallerRoles.Auditor) is { } refusal)
            {
                return Answers.Refused(refusal);
            }

            var accounts = await AbsorbedAccounts.OfLearner(caller, books, cancellation);
            found = found.Where(portfolio => portfolio.AccountId.IsOneOf(accounts));
        }

        found = Filtered(http, found, state, BankCalendar.DayOf(clock.GetCurrentInstant()));
        var after = page.After ?? string.Empty;
        var part = await found
            .Where(portfolio => portfolio.Place.CompareTo(after) > 0)
            .OrderBy(portfolio => portfolio.Place)
            .Take(page.Limit + 1)
            .ToListAsync(cancellation);
        return page.Answer(
            http,
            part,
            portfolio => portfolio.Place,
            portfolio => PortfolioBody.Of(portfolio, new Dictionary<string, string>())
        );
    }

    private static IQueryable<Portfolio> Filtered(
        HttpContext http,
        IQueryable<Portfolio> found,
        string? state,
        LocalDate today
    )
    {
        if (state is not null)
        {
            found = found.Where(portfolio => portfolio.State == state);
        }

        return http.Request.Query["overdue"].ToString() == "true" ? Portfolio.Overdue(found, today) : found;
    }

    /// <summary>
    /// The bytes of a piece of evidence that an application cites: for the learner, the institution that assesses it
    /// and the auditor.
    /// </summary>
    [WolverineGet("/v1/prior-learning/{portfolioId}/evidence/{sha256}", OperationId = "getPriorLearningEvidence")]
    [Refuses(404, "evidence.unknown")]
    public static async Task<IResult> GetEvidence(
        string portfolioId,
        string sha256,
        HttpContext http,
        PortfolioAnswers answers,
        EvidenceStore store,
        CancellationToken cancellation
    ) =>
        (await answers.Find(portfolioId, http, cancellation))?.Submitted.Evidence.FirstOrDefault(item =>
            item.Sha256 == sha256
        )
            is { } cited
            ? new EvidenceAnswer(store, cited.Sha256, cited.MediaType)
            : Answers.Refused(AccessRefusals.Unknown("evidence"));

    private static readonly BilingualText StateText = new(
        $"state 应为以下之一：{string.Join(", ", PortfolioStates.All)}。",
        $"state must be one of: {string.Join(", ", PortfolioStates.All)}."
    );
}

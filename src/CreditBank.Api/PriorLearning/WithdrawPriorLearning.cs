using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.PriorLearning;

/// <summary>Takes applications back.</summary>
public static class WithdrawPriorLearningEndpoint
{
    /// <summary>The learner takes an application back before its decision, assessed or not.</summary>
    [WolverinePost("/v1/prior-learning/{portfolioId}/withdrawal", OperationId = "withdrawPriorLearning")]
    [HonoursIfMatch]
    [Refuses(403, "access.role")]
    [Refuses(404, "priorLearning.unknown")]
    [Refuses(409, "priorLearning.state")]
    [ProducesResponseType<PortfolioBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Post(
        string portfolioId,
        HttpContext http,
        [NotBody] LedgerBooks books,
        [NotBody] PortfolioAnswers answers,
        [NotBody] PriorLearningDesk desk,
        CancellationToken cancellation
    )
    {
        if (await answers.Find(portfolioId, http, cancellation) is not { } seen)
        {
            return PortfolioAnswers.Unknown;
        }

        var caller = await AbsorbedAccounts.CallerOn(http, books, seen.AccountId, cancellation);
        if (!caller.Owns(seen.AccountId))
        {
            return Answers.Refused(AccessRefusals.Role(CallerRoles.Learner));
        }

        await using var session = books.Write(books.BookOf(portfolioId), http.Actor());
        var stream = await session.Events.FetchForWriting<Portfolio>(portfolioId, cancellation);
        var portfolio = stream.Aggregate!;
        if (http.ExpectsOther(portfolio.Version) is { } other)
        {
            return Answers.Refused(other);
        }

        if (!PriorLearningDecider.Withdraw(portfolio, desk.Today).Is(out var withdrawn, out var refusal))
        {
            return Answers.Refused(refusal);
        }

        stream.AppendOne(withdrawn);
        await session.SaveChangesAsync(cancellation);
        return await answers.Show(portfolioId, http, cancellation);
    }
}

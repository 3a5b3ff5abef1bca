using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Wolverine.Http;

namespace CreditBank.Api.Statistics;

/// <summary>How many outcomes stand in one group.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Level">The framework's level; <c>none</c> where the rule set has no mapping.</param>
/// <param name="Year">The year of completion.</param>
/// <param name="Outcomes">At least <see cref="StatisticsBody.GroupMin"/>.</param>
public sealed record StatisticsGroupBody(string Kind, string Level, int Year, long Outcomes);

/// <summary>How many passed outcomes stand, by kind, level and year of completion.</summary>
/// <param name="Groups">Ordered by kind, level and year. Groups under ten are left out.</param>
/// <param name="Outcomes">
/// The sum of the groups shown, and of nothing else: what is left out cannot be found by subtraction.
/// </param>
public sealed record StatisticsBody(IReadOnlyList<StatisticsGroupBody> Groups, long Outcomes)
{
    /// <summary>The smallest group that is shown.</summary>
    public const long GroupMin = 10;

    /// <summary>What may be shown of the books' counts. Pure.</summary>
    public static StatisticsBody Of(IEnumerable<OutcomeStatistics> books)
    {
        var groups = books
            .SelectMany(book => book.Counts)
            .GroupBy(count => count.Key, count => count.Value)
            .Select(group => (Group: OutcomeGroup.Parse(group.Key), Outcomes: group.Sum()))
            .Where(group => group.Outcomes >= GroupMin)
            .OrderBy(group => group.Group.Kind, StringComparer.Ordinal)
            .ThenBy(group => group.Group.Level, StringComparer.Ordinal)
            .ThenBy(group => group.Group.Year)
            .Select(group => new StatisticsGroupBody(
                group.Group.Kind,
                group.Group.Level,
                group.Group.Year,
                group.Outcomes
            ))
            .ToList();
        return new StatisticsBody(groups, groups.Sum(group => group.Outcomes));
    }
}

/// <summary>Shows statistics to anyone.</summary>
public static class GetStatisticsEndpoint
{
    /// <summary>Counts of outcomes by kind, level and year; no group under ten.</summary>
    [AllowAnonymous]
    [WolverineGet("/v1/statistics", OperationId = "getStatistics")]
    [ProducesResponseType<StatisticsBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(LedgerBooks books, CancellationToken cancellation) =>
        Answers.Ok(StatisticsBody.Of(await books.QueryLearnerBooks<OutcomeStatistics>(cancellation)));
}

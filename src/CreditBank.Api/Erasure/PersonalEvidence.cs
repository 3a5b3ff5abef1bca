using System.Text.Json;
using CreditBank.Api.Claims;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.PriorLearning;
using CreditBank.Api.Transfers;
using Marten;
using Marten.Linq.MatchesSql;

namespace CreditBank.Api.Erasure;

/// <summary>Evidence that was sent along for one person alone; what others cite too shows no one person.</summary>
internal static class PersonalEvidence
{
    /// <summary>Its hashes, in order.</summary>
    /// <param name="books">The books.</param>
    /// <param name="accounts">Every account of the person.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<IReadOnlyList<string>> Of(
        LedgerBooks books,
        string[] accounts,
        CancellationToken cancellation
    )
    {
        var cited = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var accountId in accounts)
        {
            await using var session = books.Read(books.BookOf(accountId));
            cited.UnionWith(await CitedIn(session, accountId, cancellation));
        }

        var alone = new List<string>();
        await using var reading = books.Read(LedgerBooks.Registry);
        foreach (var sha256 in cited)
        {
            if (!await IsCitedByOthers(reading, accounts, sha256, cancellation))
            {
                alone.Add(sha256);
            }
        }

        return alone;
    }

    private static async Task<IEnumerable<string>> CitedIn(
        IQuerySession session,
        string accountId,
        CancellationToken cancellation
    )
    {
        var claims = await session
            .Query<CertificateClaim>()
            .Where(claim => claim.AccountId == accountId)
            .ToListAsync(cancellation);
        var portfolios = await session
            .Query<Portfolio>()
            .Where(portfolio => portfolio.AccountId == accountId)
            .ToListAsync(cancellation);
        var transfers = await session
            .Query<Transfer>()
            .Where(transfer => transfer.AccountId == accountId)
            .ToListAsync(cancellation);
        return claims
            .SelectMany(claim => claim.Submitted.Evidence)
            .Concat(portfolios.SelectMany(portfolio => portfolio.Submitted.Evidence))
            .Select(item => item.Sha256)
            .Concat(transfers.SelectMany(transfer => transfer.Messages).SelectMany(message => message.Evidence))
            .Concat(transfers.SelectMany(transfer => transfer.Appeals).SelectMany(appeal => appeal.Evidence));
    }

    private static async Task<bool> IsCitedByOthers(
        IQuerySession session,
        string[] accounts,
        string sha256,
        CancellationToken cancellation
    )
    {
        string[] hashes = [sha256];
        object[] citing = [new { Evidence = hashes }];
        var submitted = Json(new { Submitted = new { Evidence = new[] { new { Sha256 = sha256 } } } });
        var (asked, appealed) = (Json(new { Messages = citing }), Json(new { Appeals = citing }));
        return await LedgerBooks
                .QueryLearnerBooks<CertificateClaim>(session)
                .Where(claim => !claim.AccountId.IsOneOf(accounts) && claim.MatchesSql(Contains, submitted))
                .AnyAsync(cancellation)
            || await LedgerBooks
                .QueryLearnerBooks<Portfolio>(session)
                .Where(portfolio => !portfolio.AccountId.IsOneOf(accounts) && portfolio.MatchesSql(Contains, submitted))
                .AnyAsync(cancellation)
            || await LedgerBooks
                .QueryLearnerBooks<Transfer>(session)
                .Where(transfer => !transfer.AccountId.IsOneOf(accounts))
                .Where(transfer => transfer.MatchesSql(Contains, asked) || transfer.MatchesSql(Contains, appealed))
                .AnyAsync(cancellation);
    }

    private const string Contains = "d.data @> ?::jsonb";

    private static string Json(object pattern) => JsonSerializer.Serialize(pattern, JsonSerializerOptions.Web);
}

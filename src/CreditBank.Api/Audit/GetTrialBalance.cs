using CreditBank.Api.Access;
using CreditBank.Api.Infrastructure.Http;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Journal;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Api.Audit;

/// <summary>The sum of one account of the chart.</summary>
/// <param name="Account">The account, such as <c>available</c> or <c>issued</c>.</param>
/// <param name="Sum">Debits minus credits.</param>
public sealed record ChartAccountSumBody(string Account, Credits Sum);

/// <summary>The chart of accounts in one measure and unit.</summary>
/// <param name="Measure"><c>source</c> or <c>standard</c>.</param>
/// <param name="Unit">The unit of every amount.</param>
/// <param name="Total">All sums together: zero.</param>
/// <param name="Accounts">The sums, in the chart's order.</param>
public sealed record TrialBalanceLineBody(
    string Measure,
    string Unit,
    Credits Total,
    IReadOnlyList<ChartAccountSumBody> Accounts
);

/// <summary>The trial balance of one book.</summary>
/// <param name="Book">The book.</param>
/// <param name="Events">Events read.</param>
/// <param name="Lines">A line for each measure and unit.</param>
public sealed record BookTrialBalanceBody(string Book, long Events, IReadOnlyList<TrialBalanceLineBody> Lines);

/// <summary>The trial balance of the ledger.</summary>
/// <param name="KnownAt">What had been recorded by then, inclusive; missing means all.</param>
/// <param name="EffectiveOn">What was true on that day, inclusive; missing means on any day.</param>
/// <param name="Balanced">Whether every total is zero.</param>
/// <param name="Books">A trial balance for each book.</param>
public sealed record TrialBalanceBody(
    Instant? KnownAt,
    LocalDate? EffectiveOn,
    bool Balanced,
    IReadOnlyList<BookTrialBalanceBody> Books
);

/// <summary>Shows the trial balance.</summary>
public static class GetTrialBalanceEndpoint
{
    /// <summary>An auditor sees the sums of all entries by book, unit and account of the chart.</summary>
    [WolverineGet("/v1/audit/trial-balance", OperationId = "getTrialBalance")]
    [Refuses(403, "access.role")]
    [AsksAsOf]
    [ProducesResponseType<TrialBalanceBody>(StatusCodes.Status200OK)]
    public static async Task<IResult> Get(HttpContext http, LedgerBooks books, CancellationToken cancellation)
    {
        if (!AsOf.TryRead(http, out var asOf, out var wrong))
        {
            return wrong;
        }

        if (http.Caller().Lacks(CallerRoles.Auditor) is { } refusal)
        {
            return Answers.Refused(refusal);
        }

        var sums = new List<BookTrialBalanceBody>();
        foreach (var book in books.Learners)
        {
            await using var session = books.Read(book);
            if (await books.Settled.RefuseAsync(session, asOf.KnownAt, cancellation) is { } notSettled)
            {
                return Answers.Refused(notSettled);
            }

            sums.Add(await Sum(session, book, asOf, cancellation));
        }

        var balanced = sums.All(book => book.Lines.All(line => line.Total.IsZero));
        return Answers.Ok(new TrialBalanceBody(asOf.KnownAt, asOf.EffectiveOn, balanced, sums));
    }

    private static async Task<BookTrialBalanceBody> Sum(
        Marten.IQuerySession session,
        string book,
        AsOf asOf,
        CancellationToken cancellation
    )
    {
        var trial = new TrialBalance();
        var events = 0L;
        var end = await LedgerReader.LastSequence(session, book, cancellation);
        await foreach (var read in LedgerReader.Read(session, book, 0, end, cancellation))
        {
            if (asOf.KnownAt is { } at && read.RecordedAt > at)
            {
                continue;
            }

            events++;
            if (read.Data is not null)
            {
                trial.Add(read.Data, asOf.EffectiveOn);
            }
        }

        return new BookTrialBalanceBody(book, events, [.. trial.Lines().Select(BodyOf)]);
    }

    private static TrialBalanceLineBody BodyOf(TrialBalanceLine line) =>
        new(
            Name(line.Measure),
            line.Unit,
            line.Total,
            [.. line.Accounts.Select(sum => new ChartAccountSumBody(Name(sum.Account), sum.Sum))]
        );

    private static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

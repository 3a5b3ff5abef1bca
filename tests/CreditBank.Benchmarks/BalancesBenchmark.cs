using System.Diagnostics;
using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Marten;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using NodaTime;
using Wolverine.Http;

namespace CreditBank.Benchmarks;

/// <summary>
/// Reading balances with 16 clients, against a bare endpoint that loads one document by its id. Beside it: a page of
/// the statement of an account with 5,000 outcomes, which folds the whole stream.
/// </summary>
internal static class BalancesBenchmark
{
    private const int Rounds = 5;
    private const decimal RatioMin = 0.7m;

    public static async Task<Measurement> Run(BenchmarkContext context)
    {
        var requests = context.Rows(5_000);
        await using var service = await context.Start();
        var books = service.Get<LedgerBooks>();
        var accounts = new List<string>();
        for (var number = 0; number < 400; number++)
        {
            accounts.Add(await Fill(books, outcomes: 10));
        }

        await CaughtUp(books, accounts);
        using var client = service.As(CallerRoles.Auditor);
        await Measure(client, accounts, Ours, requests / 5);
        await Measure(client, accounts, Bare, requests / 5);
        var ratios = new List<(decimal Ours, decimal Bare)>();
        for (var round = 0; round < Rounds; round++)
        {
            var ours = await Measure(client, accounts, Ours, requests);
            ratios.Add((ours, await Measure(client, accounts, Bare, requests)));
        }

        var middle = ratios.OrderBy(pair => pair.Ours / pair.Bare).ElementAt(Rounds / 2);
        var ratio = middle.Ours / middle.Bare;
        var large = await Fill(books, context.Rows(5_000));
        return new Measurement(
            $"reading balances, {AtOnce.Clients} clients",
            $"{middle.Ours:N0} requests/s",
            $"{middle.Bare:N0} requests/s",
            ratio,
            $">= {RatioMin}",
            ratio >= RatioMin,
            $"median of {Rounds} rounds of {requests:N0}, by turns; a page of the statement of an account with "
                + $"{context.Rows(5_000):N0} outcomes: {await StatementPage(client, large):N0} ms"
        );
    }

    private static string Ours(string accountId) => $"/v1/accounts/{accountId}/balances";

    private static string Bare(string accountId) => $"/bench/balances/{accountId}";

    private static async Task<string> Fill(LedgerBooks books, int outcomes)
    {
        var accountId = OpenAccountEndpoint.NewAccountId();
        var on = new LocalDate(2024, 7, 1);
        await using var session = books.Write(books.BookOf(accountId), Actor.Bank);
        session.Events.StartStream<Account>(accountId, new AccountOpened(accountId, null, "document", on));
        for (var number = 0; number < outcomes; number++)
        {
            var record = new OutcomeRecord
            {
                InstitutionId = "bench",
                RecordId = $"{accountId}-{number}",
                Revision = 1,
                Kind = "academicCourse",
                CourseCode = $"C-{number}",
                Title = $"Course {number}",
                Credits = new Credits(3),
                Unit = "cn-credit",
                Result = "passed",
                CompletedOn = on,
            };
            var outcomeId = LedgerId.Outcome(accountId, record.InstitutionId, record.RecordId);
            var worth = new Worth(record.Credits, record.Unit, record.Credits);
            session.Events.Append(
                accountId,
                new OutcomeRecorded(outcomeId, record, new OutcomeSource("transcript", "t-1")),
                new OutcomeRecognised(outcomeId, "sqf-2016.1", ["RK-01"], "5", worth, null, "bench", on)
            );
        }

        await session.SaveChangesAsync();
        return accountId;
    }

    private static async Task CaughtUp(LedgerBooks books, List<string> accounts)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        await using var session = books.Read(LedgerBooks.Registry);
        while (await session.Query<AccountBalances>().CountAsync(balances => balances.AnyTenant()) < accounts.Count)
        {
            await pace.WaitForNextTickAsync();
        }
    }

    private static async Task<decimal> Measure(
        HttpClient client,
        List<string> accounts,
        Func<string, string> path,
        int requests
    )
    {
        var seconds = await AtOnce.Run(
            requests,
            number => client.GetByteArrayAsync(new Uri(path(accounts[number % accounts.Count]), UriKind.Relative))
        );
        return requests / seconds;
    }

    private static async Task<decimal> StatementPage(HttpClient client, string accountId)
    {
        var best = decimal.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var since = Stopwatch.GetTimestamp();
            await client.GetByteArrayAsync(new Uri($"/v1/accounts/{accountId}/statement?limit=100", UriKind.Relative));
            best = Math.Min(best, (decimal)Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        return best;
    }
}

/// <summary>The baseline of reading balances: loads one document by its id and shows it.</summary>
public static class BareBalancesEndpoint
{
    [AllowAnonymous]
    [WolverineGet("/bench/balances/{accountId}")]
    public static async Task<IResult> Get(string accountId, LedgerBooks books, CancellationToken cancellation)
    {
        await using var session = books.Read(books.BookOf(accountId));
        return Results.Ok(await session.LoadAsync<AccountBalances>(accountId, cancellation));
    }
}

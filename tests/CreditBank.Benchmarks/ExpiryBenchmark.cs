using System.Diagnostics;
using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Benchmarks;

/// <summary>
/// 10,000 credits of as many learners that end on one day; as many books at once as the machine has processors, as
/// the service does it.
/// </summary>
internal static class ExpiryBenchmark
{
    private const decimal SecondsMax = 10;
    private const int AtATime = 500;

    public static async Task<Measurement> Run(BenchmarkContext context)
    {
        var outcomes = context.Rows(10_000);
        await using var service = await context.Start();
        var books = service.Get<LedgerBooks>();
        var endsOn = SystemClock.Instance.GetCurrentInstant().InUtc().Date.PlusDays(200);
        foreach (var chunk in Enumerable.Range(0, outcomes).Chunk(AtATime))
        {
            await Append(books, chunk.Length, endsOn);
        }

        var sweep = service.Get<ExpirySweep>();
        var since = Stopwatch.GetTimestamp();
        var seen = 0;
        await Parallel.ForEachAsync(
            books.Learners,
            async (book, cancellation) => Interlocked.Add(ref seen, await sweep.RunAsync(book, endsOn, cancellation))
        );

        var seconds = (decimal)Stopwatch.GetElapsedTime(since).TotalSeconds;
        return seen != outcomes
            ? throw new InvalidOperationException($"{seen} of {outcomes} expired.")
            : new Measurement(
                $"expiry of {outcomes:N0} credits",
                $"{seconds:0.0} s",
                $"{SecondsMax} s",
                seconds / SecondsMax,
                "<= 1",
                seconds <= SecondsMax,
                "one learner each"
            );
    }

    private static async Task Append(LedgerBooks books, int count, LocalDate endsOn)
    {
        await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
        for (var number = 0; number < count; number++)
        {
            var accountId = OpenAccountEndpoint.NewAccountId();
            var recordId = $"r-{accountId}";
            var outcomeId = LedgerId.Outcome(accountId, RunningService.InstitutionId, recordId);
            var on = endsOn.PlusDays(-730);
            var credits = new Credits(3);
            var record = new OutcomeRecord
            {
                InstitutionId = RunningService.InstitutionId,
                RecordId = recordId,
                Revision = 1,
                Kind = "onlineCourse",
                CourseCode = "C-1",
                Title = "Course 1",
                Credits = credits,
                Unit = "cn-credit",
                Result = "passed",
                CompletedOn = on,
            };
            var worth = new Worth(credits, "cn-credit", credits);
            object[] events =
            [
                new OutcomeRecorded(outcomeId, record, new OutcomeSource("transcript", "t-1")),
                new OutcomeRecognised(outcomeId, "sqf-2016.1", [], null, worth, null, record.InstitutionId, on)
                {
                    ExpiresOn = endsOn,
                },
            ];
            var book = session.ForTenant(books.BookOf(accountId));
            var opened = new AccountOpened(accountId, RunningService.InstitutionId, "document", on);
            book.Events.StartStream<Account>(accountId, [opened, .. events]);
            ExpiryEntry.Keep(book, accountId, events);
        }

        await session.SaveChangesAsync();
    }
}

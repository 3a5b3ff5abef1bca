using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Benchmarks;

/// <summary>Learners with outcomes, written through the store: an account and ten outcomes a commit.</summary>
internal static class AuditLoad
{
    /// <summary>How many write at once.</summary>
    public const int Writers = 8;

    /// <summary>Events of one commit.</summary>
    public const int EventsEach = 1 + 2 * OutcomesEach;

    private const int OutcomesEach = 10;

    /// <summary>An audit log that signs, with a folder outside the database.</summary>
    public static AuditLogSettings On() =>
        new()
        {
            IsOn = true,
            Seeds = [new byte[AuditLogs.SeedBytes]],
            Folder = Directory.CreateTempSubdirectory("creditbank-bench-signed-").FullName,
        };

    /// <summary>Writes so many accounts.</summary>
    /// <param name="books">The books.</param>
    /// <param name="accounts">How many.</param>
    /// <param name="book">The book of all of them; none for wherever their ids fall.</param>
    /// <returns>How many events that were.</returns>
    public static async Task<long> Fill(LedgerBooks books, int accounts, string? book = null)
    {
        var next = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(async _ =>
                {
                    while (Interlocked.Increment(ref next) <= accounts)
                    {
                        await Append(books, book);
                    }
                })
        );
        return (long)accounts * EventsEach;
    }

    /// <summary>Writes one account.</summary>
    public static async Task Append(LedgerBooks books, string? book = null)
    {
        var accountId = NewAccountId(books, book);
        var on = new LocalDate(2024, 7, 1);
        var events = new List<object> { new AccountOpened(accountId, RunningService.InstitutionId, "document", on) };
        for (var number = 0; number < OutcomesEach; number++)
        {
            var record = SampleRecord($"{accountId}-{number}", number, on);
            var outcomeId = LedgerId.Outcome(accountId, record.InstitutionId, record.RecordId);
            var worth = new Worth(record.Credits, record.Unit, record.Credits);
            events.Add(new OutcomeRecorded(outcomeId, record, new OutcomeSource("transcript", "t-1")));
            events.Add(
                new OutcomeRecognised(outcomeId, "sqf-2016.1", ["RK-01"], "5", worth, null, record.InstitutionId, on)
            );
        }

        await using var session = books.Write(books.BookOf(accountId), Actor.Bank);
        session.Events.StartStream(accountId, events);
        await session.SaveChangesAsync();
    }

    private static string NewAccountId(LedgerBooks books, string? book)
    {
        string accountId;
        do
        {
            accountId = Api.Accounts.OpenAccountEndpoint.NewAccountId();
        } while (book is not null && books.BookOf(accountId) != book);
        return accountId;
    }

    private static OutcomeRecord SampleRecord(string recordId, int number, LocalDate on) =>
        new()
        {
            InstitutionId = RunningService.InstitutionId,
            RecordId = recordId,
            Revision = 1,
            Kind = "academicCourse",
            CourseCode = $"C-{number}",
            Title = $"Course {number}",
            Credits = new Credits(3),
            Unit = "cn-credit",
            Result = "passed",
            CompletedOn = on,
        };
}

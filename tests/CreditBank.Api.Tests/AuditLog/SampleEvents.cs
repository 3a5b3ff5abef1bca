using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>Learners with outcomes, written straight to the store.</summary>
public static class SampleEvents
{
    public static readonly LocalDate Day = new(2026, 6, 30);

    /// <summary>Opens an account in a book with so many outcomes; three events for one outcome.</summary>
    public static async Task<string> LearnerAsync(LedgerBooks books, string book, int number, int outcomes)
    {
        var accountId = AccountOf(books, book, number);
        await using var session = books.Write(book, new Actor("registry-1", $"request-{number}"));
        session.Events.StartStream(accountId, EventsOf(accountId, outcomes));
        await session.SaveChangesAsync();
        return accountId;
    }

    public static IReadOnlyList<object> EventsOf(string accountId, int outcomes)
    {
        var events = new List<object> { new AccountOpened(accountId, "fudan", "document", Day) };
        for (var i = 0; i < outcomes; i++)
        {
            var record = Record($"{accountId}-{i}");
            var outcomeId = LedgerId.Outcome(accountId, record.InstitutionId, record.RecordId);
            events.Add(new OutcomeRecorded(outcomeId, record, new OutcomeSource("transcript", "t-1")));
            events.Add(
                new OutcomeRecognised(
                    outcomeId,
                    "sqf-2016.1",
                    ["unit.cn-credit"],
                    null,
                    new Worth(record.Credits, record.Unit, record.Credits),
                    null,
                    record.InstitutionId,
                    record.CompletedOn
                )
            );
        }

        return events;
    }

    public static OutcomeRecord Record(string recordId) =>
        new()
        {
            InstitutionId = "fudan",
            RecordId = recordId,
            Revision = 1,
            Kind = "academicCourse",
            CourseCode = "MATH101",
            Title = "高等数学 I",
            Credits = new Credits(3m),
            Unit = "cn-credit",
            Result = "passed",
            GradeScale = "100",
            GradeValue = "88",
            CompletedOn = Day,
        };

    public static string AccountOf(LedgerBooks books, string book, int number)
    {
        for (var bucket = number % LedgerId.Buckets; ; bucket = (bucket + 1) % LedgerId.Buckets)
        {
            var random = BitConverter.GetBytes(number).Concat(new byte[12]).ToArray();
            var id = LedgerId.Create(LedgerIdKind.Account, bucket, random);
            if (books.BookOf(id) == book)
            {
                return id;
            }
        }
    }
}

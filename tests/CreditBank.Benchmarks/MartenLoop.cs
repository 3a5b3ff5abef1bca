using System.Diagnostics;
using System.Globalization;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Outcomes;
using CreditBank.Api.Transcripts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Benchmarks;

/// <summary>
/// The baseline of transcripts: one client writes the same rows (accounts, persons, claims, events) through Marten in
/// batches. Everything is made before the clock runs; nothing is read, checked or decided.
/// </summary>
internal static class MartenLoop
{
    private static readonly int[] BatchSizes = [1_000, 2_000, 4_000];
    private static readonly LocalDate Today = new(2024, 9, 1);

    /// <summary>Rows a second with the batch size that is best on a part of the rows.</summary>
    public static async Task<(decimal RowsPerSecond, int Batch)> Run(
        BenchmarkContext context,
        int learners,
        int records
    )
    {
        await using var service = await context.Start();
        await Write(service, "warm", 200, records, 1_000);
        var best = (RowsPerSecond: 0m, Batch: 0);
        foreach (var size in BatchSizes)
        {
            var speed = await Write(service, $"try{size}", Math.Max(200, learners / 10), records, size);
            await Console.Error.WriteLineAsync($"  baseline, batches of {size}: {speed:N0} rows/s");
            best = speed > best.RowsPerSecond ? (speed, size) : best;
        }

        return (await Write(service, "all", learners, records, best.Batch), best.Batch);
    }

    private static async Task<decimal> Write(RunningService service, string run, int learners, int records, int batch)
    {
        var (books, vault) = (service.Get<LedgerBooks>(), service.Get<IdentityVault>());
        var recording = service.Get<Recording>();
        var prepared = Enumerable
            .Range(0, learners)
            .Select(n => Learner.Make(vault, recording, run, n, records))
            .ToList();
        var since = Stopwatch.GetTimestamp();
        foreach (var part in prepared.Chunk(Math.Max(1, batch / records)))
        {
            await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
            foreach (var learner in part)
            {
                session.ForTenant(books.BookOf(learner.AccountId)).Insert(learner.Person);
                session.ForTenant(books.BookOfKey(IdentityVault.IdentityKey, learner.Claim.Id)).Insert(learner.Claim);
                session
                    .ForTenant(books.BookOf(learner.AccountId))
                    .Events.StartStream<Account>(learner.AccountId, learner.Events);
                foreach (var claim in learner.Records)
                {
                    session.ForTenant(books.BookOfKey(RecordClaim.KeyKind, claim.Id)).Insert(claim);
                }
            }

            await session.SaveChangesAsync();
        }

        return learners * records / (decimal)Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    /// <summary>The rows of one learner.</summary>
    private sealed record Learner(
        string AccountId,
        Person Person,
        IdentityClaim Claim,
        List<object> Events,
        List<RecordClaim> Records
    )
    {
        public static Learner Make(IdentityVault vault, Recording recording, string run, int number, int records)
        {
            var keys = vault.Keys;
            var accountId = OpenAccountEndpoint.NewAccountId();
            var key = keys.NewWrappedKey();
            var nameTag = vault.NameTagOf($"学生{number}");
            var person = new Person
            {
                Id = accountId,
                WrappedKey = key,
                SealedIdentity = keys.Seal(
                    key,
                    $"{run} institutional {number} 学生{number} of the university",
                    "identity"
                ),
                NameTag = nameTag,
            };
            var claim = new IdentityClaim
            {
                Id = keys.LookupTag($"{run}{number}"),
                AccountId = accountId,
                NameTag = nameTag,
            };
            List<object> events = [new AccountOpened(accountId, RunningService.InstitutionId, "institution", Today)];
            var claims = new List<RecordClaim>();
            for (var index = 0; index < records; index++)
            {
                var record = Record(string.Create(CultureInfo.InvariantCulture, $"{run}{number}-{index}"), index);
                var outcomeId = LedgerId.Outcome(accountId, record.InstitutionId, record.RecordId);
                events.AddRange(
                    recording.First(outcomeId, record, new OutcomeSource("transcript", "trn-0"), Today).Value!
                );
                claims.Add(
                    new RecordClaim
                    {
                        Id = RecordKeys.ClaimId(keys, record.InstitutionId, record.RecordId),
                        AccountId = accountId,
                        OutcomeId = outcomeId,
                        Revisions = [new ClaimedRevision(1, keys.ContentTag(record.RecordId))],
                    }
                );
            }

            return new Learner(accountId, person, claim, events, claims);
        }

        private static OutcomeRecord Record(string recordId, int number) =>
            new()
            {
                InstitutionId = RunningService.InstitutionId,
                RecordId = recordId,
                Revision = 1,
                Kind = "academicCourse",
                CourseCode = $"C{number}",
                Title = $"课程 {number}",
                Credits = new Credits(3),
                Unit = "cn-credit",
                Level = "6",
                Result = OutcomeResults.Passed,
                GradeScale = "percent",
                GradeValue = "86",
                StartedOn = new LocalDate(2024, 2, 26),
                CompletedOn = new LocalDate(2024, 6, 28),
            };
    }
}

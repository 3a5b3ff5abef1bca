using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Kernel;
using CreditBank.Ledger.Audit;
using CreditBank.Ledger.Events;
using CreditBank.Verifier;
using NodaTime;
using Npgsql;

namespace CreditBank.Benchmarks;

/// <summary>
/// The audit log: verifying an export against reading and parsing the same lines, integration, what it costs those who
/// append, and inclusion proofs in a large tree against a small one.
/// </summary>
internal static class AuditBenchmarks
{
    private const int OutcomesEach = 10;
    private const int EventsEach = 1 + 2 * OutcomesEach;
    private const int Writers = 8;

    /// <summary>Full offline verification of an export, hashes, tree, double entry and balances.</summary>
    public static async Task<Measurement> Verification(BenchmarkContext context)
    {
        await using var service = await context.Start(AuditOn());
        var events = await Fill(service.Get<LedgerBooks>(), context.Rows(1_000_000) / EventsEach);
        await service.Get<AuditLogWorker>().CatchUpAsync(CancellationToken.None);
        var folder = Directory.CreateTempSubdirectory("creditbank-bench-").FullName;
        await service.Get<LogExport>().WriteAsync(folder, (_, _, _) => { }, CancellationToken.None);
        var parse = Rate(events, () => Parse(folder));
        var verify = Rate(
            events,
            () =>
            {
                var code = CommandLine.RunAsync([folder, "--without-rules", "--quiet"], TextWriter.Null, Console.Error);
                Require(code.GetAwaiter().GetResult() == CommandLine.Holds, "The export does not verify.");
            }
        );
        var rules = Rate(
            events,
            () => CommandLine.RunAsync([folder, "--quiet"], TextWriter.Null, Console.Error).GetAwaiter().GetResult()
        );
        Directory.Delete(folder, recursive: true);
        var ratio = verify / parse;
        return new Measurement(
            $"offline verification of {events:N0} events",
            $"{verify:N0} events/s",
            $"{parse:N0} events/s read and parsed",
            ratio,
            ">= 0.4 and > 100,000/s",
            ratio >= 0.4m && verify > 100_000,
            $"with every recognition evaluated anew {rules:N0} events/s"
        );
    }

    /// <summary>How fast events become leaves, and how far behind a steady load that is.</summary>
    public static async Task<Measurement> Integration(BenchmarkContext context)
    {
        await using var service = await context.Start(AuditOn());
        var books = service.Get<LedgerBooks>();
        var worker = service.Get<AuditLogWorker>();
        await worker.CatchUpAsync(CancellationToken.None);
        var events = await Fill(books, context.Rows(200_000) / EventsEach);
        var sealedBefore = await Leaves(service);
        var since = Stopwatch.GetTimestamp();
        await worker.CatchUpAsync(CancellationToken.None);
        var rate = Math.Max(1, events - sealedBefore) / Seconds(since);
        var lags = await Lags(service, books, context.Rows(2_000) / EventsEach);
        var p99 = lags.Order().ElementAt((lags.Count - 1) * 99 / 100);
        return new Measurement(
            "integration into the audit log",
            $"{rate:N0} events/s",
            "20,000 events/s",
            rate / 20_000,
            ">= 1; behind < 5 s at p99",
            rate >= 20_000 && p99 < 5_000,
            $"from commit to signed checkpoint at a steady load: {p99:N0} ms at p99 of {lags.Count}; signed included"
        );
    }

    /// <summary>Appending with the log on against the same with the log off.</summary>
    public static async Task<Measurement> AppendCost(BenchmarkContext context)
    {
        var accounts = context.Rows(60_000) / EventsEach;
        await using var off = await context.Start();
        await using var on = await context.Start(AuditOn());
        await Fill(off.Get<LedgerBooks>(), accounts / 5);
        await Fill(on.Get<LedgerBooks>(), accounts / 5);
        var pairs = new List<(decimal On, decimal Off)>();
        for (var round = 0; round < 5; round++)
        {
            var with = await FillRate(on.Get<LedgerBooks>(), accounts);
            await on.Get<AuditLogWorker>().CatchUpAsync(CancellationToken.None);
            pairs.Add((with, await FillRate(off.Get<LedgerBooks>(), accounts)));
        }

        var middle = pairs.OrderBy(pair => pair.On / pair.Off).ElementAt(pairs.Count / 2);
        var ratio = middle.On / middle.Off;
        return new Measurement(
            $"appending with the audit log on, {Writers} writers",
            $"{middle.On:N0} events/s",
            $"{middle.Off:N0} events/s with it off",
            ratio,
            ">= 0.9",
            ratio >= 0.9m,
            "median of 5 rounds, by turns; the sealer runs on the same two cores"
        );
    }

    /// <summary>A receipt's proof from tiles in the database, at a million leaves against ten thousand.</summary>
    public static async Task<Measurement> InclusionProof(BenchmarkContext context)
    {
        await using var service = await context.Start(AuditOn());
        var reader = service.Get<LogReader>();
        await using var connection = await reader.ConnectAsync(LedgerBooks.Registry, CancellationToken.None);
        var large = context.Rows(1_000_000);
        await Grow(connection, "bench-large", large);
        await Grow(connection, "bench-small", 10_000);
        await Prove(connection, "bench-large", large);
        var small = await Prove(connection, "bench-small", 10_000);
        var ours = await Prove(connection, "bench-large", large);
        return new Measurement(
            $"inclusion proof at {large:N0} leaves",
            $"{ours:N2} ms",
            $"{small:N2} ms at 10,000",
            ours / small,
            "<= 1.5 and < 5 ms",
            ours < 5 && ours / small <= 1.5m,
            "median of 500 at random leaves; tiles read from the database, proof resolved and checked"
        );
    }

    private static AuditLogSettings AuditOn() =>
        new()
        {
            IsOn = true,
            Seeds = [new byte[AuditLogs.SeedBytes]],
            Folder = Directory.CreateTempSubdirectory("creditbank-bench-signed-").FullName,
        };

    private static async Task<decimal> FillRate(LedgerBooks books, int accounts)
    {
        var since = Stopwatch.GetTimestamp();
        var events = await Fill(books, accounts);
        return events / Seconds(since);
    }

    /// <summary>Writes accounts with outcomes through the store, each in a commit of its own.</summary>
    private static async Task<long> Fill(LedgerBooks books, int accounts)
    {
        var next = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(async _ =>
                {
                    while (Interlocked.Increment(ref next) <= accounts)
                    {
                        await Append(books);
                    }
                })
        );
        return (long)accounts * EventsEach;
    }

    private static async Task Append(LedgerBooks books)
    {
        var accountId = Api.Accounts.OpenAccountEndpoint.NewAccountId();
        var on = new LocalDate(2024, 7, 1);
        var events = new List<object> { new AccountOpened(accountId, "bench", "document", on) };
        for (var number = 0; number < OutcomesEach; number++)
        {
            var record = SampleRecord($"{accountId}-{number}", number, on);
            var outcomeId = LedgerId.Outcome(accountId, record.InstitutionId, record.RecordId);
            var worth = new Worth(record.Credits, record.Unit, record.Credits);
            events.Add(new OutcomeRecorded(outcomeId, record, new OutcomeSource("transcript", "t-1")));
            events.Add(new OutcomeRecognised(outcomeId, "sqf-2016.1", ["RK-01"], "5", worth, null, "bench", on));
        }

        await using var session = books.Write(books.BookOf(accountId), Actor.Bank);
        session.Events.StartStream(accountId, events);
        await session.SaveChangesAsync();
    }

    private static OutcomeRecord SampleRecord(string recordId, int number, LocalDate on) =>
        new()
        {
            InstitutionId = "bench",
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

    /// <summary>The baseline: every line read and parsed into a document, one book after the other.</summary>
    private static void Parse(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "events.ndjson", SearchOption.AllDirectories))
        {
            using var stream = new StreamReader(path, System.Text.Encoding.UTF8, false, 1 << 16);
            while (stream.ReadLine() is { } line)
            {
                using var document = JsonDocument.Parse(line);
                Require(document.RootElement.ValueKind == JsonValueKind.Object, "A line is no object.");
            }
        }
    }

    private static async Task<long> Leaves(RunningService service)
    {
        var status = service.Get<AuditLogStatus>();
        var books = service.Get<LedgerBooks>().Learners;
        await Task.Yield();
        return books.Sum(book => status.Of(book).Size);
    }

    /// <summary>How long it takes from a commit to a checkpoint over it, while others append steadily.</summary>
    private static async Task<List<decimal>> Lags(RunningService service, LedgerBooks books, int accounts)
    {
        var reader = service.Get<LogReader>();
        var lags = new List<decimal>();
        var book = books.Learners[0];
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var number = 0; number < Math.Max(20, accounts); number++)
        {
            for (var other = 0; other < 5; other++)
            {
                await Append(books);
            }

            var goal = await Taken(reader, book);
            var since = Stopwatch.GetTimestamp();
            while (await SignedThrough(reader, book) < goal)
            {
                await pace.WaitForNextTickAsync();
            }

            lags.Add(Seconds(since) * 1000);
        }

        return lags;
    }

    private static async Task<long> Taken(LogReader reader, string book)
    {
        await using var connection = await reader.ConnectAsync(book, CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from ledger.mt_events where tenant_id = '{book}'";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<long> SignedThrough(LogReader reader, string book) =>
        (await reader.CheckpointAsync(book, CancellationToken.None))?.Checkpoint.Size ?? 0;

    private static async Task Grow(NpgsqlConnection connection, string log, int leaves)
    {
        var position = await LogTables.PositionAsync(connection, log, CancellationToken.None);
        var bytes = new byte[sizeof(int)];
        while (position.Size < leaves)
        {
            var before = (position.Size, position.SettledThrough);
            for (var count = 0; count < 50_000 && position.Size < leaves; count++)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, (int)position.Size);
                position.Tree.Append(MerkleHash.OfLeaf(bytes));
            }

            position = position with { SettledThrough = position.Size };
            await using var transaction = await connection.BeginTransactionAsync();
            await LogBatch.WriteTreeAsync(transaction, before, position, CancellationToken.None);
            await transaction.CommitAsync();
        }
    }

    private static async Task<decimal> Prove(NpgsqlConnection connection, string log, int size)
    {
        var position = await LogTables.PositionAsync(connection, log, CancellationToken.None);
        var root = position.Tree.Root();
        var random = new Random(7);
        var times = new List<decimal>();
        var bytes = new byte[sizeof(int)];
        for (var round = 0; round < 500; round++)
        {
            var index = random.Next(size);
            var since = Stopwatch.GetTimestamp();
            var plan = ProofPlan.Inclusion(index, size);
            var tiles = await LogTables.TilesAsync(connection, log, plan.Tiles, CancellationToken.None);
            var proof = plan.Resolve(id => tiles[id]);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, index);
            var leaf = MerkleHash.OfLeaf(bytes);
            Require(MerkleProof.VerifyInclusion(index, size, leaf, proof, root), "A proof does not hold.");
            times.Add(Seconds(since) * 1000);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private static decimal Rate(long events, Action work)
    {
        var since = Stopwatch.GetTimestamp();
        work();
        return events / Seconds(since);
    }

    private static decimal Seconds(long since) => (decimal)Stopwatch.GetElapsedTime(since).TotalSeconds;

    private static void Require(bool holds, string words)
    {
        if (!holds)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{words}"));
        }
    }
}

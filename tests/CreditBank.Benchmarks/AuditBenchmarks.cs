using System.Diagnostics;
using System.Text.Json;
using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Storage;
using NodaTime;

namespace CreditBank.Benchmarks;

/// <summary>
/// The audit log: verifying an export against reading and parsing the same lines, integration, and what it costs those
/// who append.
/// </summary>
internal static class AuditBenchmarks
{
    private const int Rounds = 3;
    private static readonly TimeSpan BetweenAppends = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Full offline verification of an export (hashes, tree, double entry, balances) in a process of its own, its start
    /// included, against reading and parsing the same lines one after the other.
    /// </summary>
    public static async Task<Measurement> Verification(BenchmarkContext context)
    {
        await using var service = await context.Start(AuditLoad.On());
        var events = await AuditLoad.Fill(
            service.Get<LedgerBooks>(),
            context.Rows(1_000_000) / AuditLoad.EventsEach + 1
        );
        await service.Get<AuditLogWorker>().CatchUpAsync(CancellationToken.None);
        var folder = context.Kept ?? Directory.CreateTempSubdirectory("creditbank-bench-").FullName;
        await service.Get<LogExport>().WriteAsync(folder, (_, _, _) => { }, CancellationToken.None);
        var rounds = new List<(decimal Parse, decimal Verify)>();
        for (var round = 0; round < Rounds; round++)
        {
            var since = Stopwatch.GetTimestamp();
            Parse(folder);
            rounds.Add((Seconds(since), await Verify(folder, "--without-rules")));
        }

        // Nobody decided these recognitions: every one is evaluated and found to be another. That costs the same.
        var rules = await VerifierProcess.Ours(folder, "--quiet");
        if (context.Kept is null)
        {
            Directory.Delete(folder, recursive: true);
        }

        var (parse, verify) = rounds.OrderBy(round => round.Parse / round.Verify).ElementAt(Rounds / 2);
        var ratio = parse / verify;
        return new Measurement(
            $"offline verification of {events:N0} events",
            $"{events / verify:N0} events/s",
            $"{events / parse:N0} events/s read and parsed",
            ratio,
            ">= 0.4 and > 100,000/s",
            ratio >= 0.4m && events / verify > 100_000,
            $"median of {Rounds} rounds by turns; with every recognition evaluated anew "
                + $"{events / rules.Seconds:N0} events/s"
        );
    }

    /// <summary>How fast events become leaves, and how far behind a steady load that is.</summary>
    public static async Task<Measurement> Integration(BenchmarkContext context)
    {
        var (events, seconds) = await Integrate(context);
        var rate = events / seconds;
        await using var service = await context.Start(AuditLoad.On());
        var lags = await Lags(service, Math.Max(20, context.Rows(400)));
        var p99 = lags.Order().ElementAt((lags.Count - 1) * 99 / 100);
        var load = AuditLoad.EventsEach / BetweenAppends.TotalSeconds;
        return new Measurement(
            "integration into the audit log",
            $"{rate:N0} events/s",
            "20,000 events/s",
            rate / 20_000,
            ">= 1; behind < 5 s at p99",
            rate >= 20_000 && p99 < 5_000,
            $"from commit to signed checkpoint at {load:N0} events/s: "
                + $"{p99:N0} ms at p99 of {lags.Count}; the rate includes sweeping and signing"
        );
    }

    /// <summary>Appending with the log on against the same with the log off.</summary>
    public static async Task<Measurement> AppendCost(BenchmarkContext context)
    {
        var accounts = context.Rows(60_000) / AuditLoad.EventsEach;
        await using var off = await context.Start();
        await using var on = await context.Start(AuditLoad.On());
        await AuditLoad.Fill(off.Get<LedgerBooks>(), accounts / 5);
        await AuditLoad.Fill(on.Get<LedgerBooks>(), accounts / 5);
        var pairs = new List<(decimal On, decimal Off)>();
        for (var round = 0; round < 5; round++)
        {
            await AllAtRest(on, off);
            var with = await FillRate(on.Get<LedgerBooks>(), accounts);
            await AllAtRest(on, off);
            pairs.Add((with, await FillRate(off.Get<LedgerBooks>(), accounts)));
        }

        var middle = pairs.OrderBy(pair => pair.On / pair.Off).ElementAt(pairs.Count / 2);
        var ratio = middle.On / middle.Off;
        return new Measurement(
            $"appending with the audit log on, {AuditLoad.Writers} writers",
            $"{middle.On:N0} events/s",
            $"{middle.Off:N0} events/s with it off",
            ratio,
            ">= 0.9",
            ratio >= 0.9m,
            "median of 5 rounds, by turns, projections at rest before each; the sealer runs on the same two cores"
        );
    }

    /// <summary>Events that wait, because the worker sleeps after its first look, become leaves all at once.</summary>
    private static async Task<(long Events, decimal Seconds)> Integrate(BenchmarkContext context)
    {
        var never = Duration.FromDays(1);
        await using var service = await context.Start(AuditLoad.On() with { PollEvery = never, IdlePollEvery = never });
        var worker = service.Get<AuditLogWorker>();
        await worker.CatchUpAsync(CancellationToken.None);
        var books = service.Get<LedgerBooks>();
        var events = await AuditLoad.Fill(books, context.Rows(200_000) / AuditLoad.EventsEach);
        var since = Stopwatch.GetTimestamp();
        await worker.CatchUpAsync(CancellationToken.None);
        return (events, Seconds(since));
    }

    /// <summary>What is left to do from the round before must not count in this one.</summary>
    private static async Task AllAtRest(RunningService on, RunningService off)
    {
        await on.Get<AuditLogWorker>().CatchUpAsync(CancellationToken.None);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await ProjectionsBehind(on) + await ProjectionsBehind(off) > 0)
        {
            await pace.WaitForNextTickAsync();
        }
    }

    private static async Task<long> ProjectionsBehind(RunningService service)
    {
        await using var connection = await service
            .Get<LogReader>()
            .ConnectAsync(LedgerBooks.Registry, CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            select count(*) from ledger.mt_event_progression p
            where p.last_seq_id < (select max(e.seq_id) from ledger.mt_events e
                                   where e.tenant_id = substring(p.name from '[^:]+$'))
            """;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<decimal> FillRate(LedgerBooks books, int accounts)
    {
        var since = Stopwatch.GetTimestamp();
        var events = await AuditLoad.Fill(books, accounts);
        return events / Seconds(since);
    }

    private static async Task<decimal> Verify(string folder, params string[] arguments)
    {
        var process = await VerifierProcess.Ours(folder, [.. arguments, "--quiet"]);
        return process.ExitCode == 0
            ? process.Seconds
            : throw new InvalidOperationException($"The export does not verify: {process.Text}");
    }

    /// <summary>The baseline: every line read and parsed into a document, one book after the other.</summary>
    private static void Parse(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "events.ndjson", SearchOption.AllDirectories))
        {
            using var stream = new StreamReader(path, System.Text.Encoding.UTF8, false, 1 << 16);
            while (stream.ReadLine() is { } line)
            {
                using var document = JsonDocument.Parse(line);
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                {
                    throw new InvalidOperationException("A line is no object.");
                }
            }
        }
    }

    /// <summary>How long it takes from a commit to a checkpoint over it, while others append steadily.</summary>
    private static async Task<List<decimal>> Lags(RunningService service, int samples)
    {
        var books = service.Get<LedgerBooks>();
        using var stop = new CancellationTokenSource();
        var load = Load(books, stop.Token);
        var reader = service.Get<LogReader>();
        var lags = new List<decimal>();
        var waiting = new Queue<(long Goal, long Since)>();
        var book = books.Learners[0];
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var taken = 0; lags.Count < samples; await pace.WaitForNextTickAsync())
        {
            if (taken < samples)
            {
                await AuditLoad.Append(books, book);
                var since = Stopwatch.GetTimestamp();
                waiting.Enqueue((await Taken(reader, book), since));
                taken++;
            }

            var signed = await SignedThrough(reader, book);
            while (waiting.TryPeek(out var sample) && sample.Goal <= signed)
            {
                lags.Add(Seconds(waiting.Dequeue().Since) * 1000);
            }
        }

        await stop.CancelAsync();
        await load;
        return lags;
    }

    private static async Task Load(LedgerBooks books, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(BetweenAppends);
        while (!stop.IsCancellationRequested)
        {
            await AuditLoad.Append(books);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
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

    private static decimal Seconds(long since) => (decimal)Stopwatch.GetElapsedTime(since).TotalSeconds;
}

using System.Diagnostics;
using CreditBank.Api.Access;
using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger.Audit;

namespace CreditBank.Benchmarks;

/// <summary>
/// Receipts over HTTP, as a learner or auditor fetches them: the event found, the proof made from tiles in the
/// database. From a log of a million events against one of ten thousand, by turns; every proof is checked.
/// </summary>
internal static class AuditReceiptBenchmark
{
    private const int Small = 10_000;
    private const int WarmUps = 100;
    private const int Rounds = 400;

    /// <summary>Runs it.</summary>
    public static async Task<Measurement> Run(BenchmarkContext context)
    {
        await using var service = await context.Start(AuditLoad.On());
        var books = service.Get<LedgerBooks>();
        var (large, small) = (books.Learners[0], books.Learners[1]);
        var accounts = context.Rows(1_000_000) / AuditLoad.EventsEach + 1;
        var events = await AuditLoad.Fill(books, accounts, large);
        await AuditLoad.Fill(books, Small / AuditLoad.EventsEach, small);
        await service.Get<AuditLogWorker>().CatchUpAsync(CancellationToken.None);
        var logs = service.Get<AuditLogs>();
        var policy = TrustPolicy.Of(logs.All.SelectMany(logs.KeysOf));
        using var auditor = service.As(CallerRoles.Auditor);
        var ofLarge = await EventIds(service, large);
        var ofSmall = await EventIds(service, small);
        var (inLarge, inSmall) = (new List<decimal>(), new List<decimal>());
        for (var round = 0; round < WarmUps + Rounds; round++)
        {
            var first = await Fetch(auditor, ofLarge[round], policy);
            var second = await Fetch(auditor, ofSmall[round], policy);
            if (round >= WarmUps)
            {
                inLarge.Add(first);
                inSmall.Add(second);
            }
        }

        var (ours, baseline) = (Middle(inLarge), Middle(inSmall));
        return new Measurement(
            $"inclusion proof at {events:N0} events, the whole request",
            $"{ours:N2} ms",
            $"{baseline:N2} ms at {Small:N0}",
            ours / baseline,
            "<= 1.5 and < 5 ms",
            ours < 5 && ours / baseline <= 1.5m,
            $"median of {Rounds} receipts of random events by turns, each checked; p99 {At99(inLarge):N2} ms"
        );
    }

    private static async Task<decimal> Fetch(HttpClient auditor, Guid eventId, TrustPolicy policy)
    {
        var since = Stopwatch.GetTimestamp();
        var bytes = await auditor.GetByteArrayAsync(new Uri($"/v1/audit/receipts/{eventId}", UriKind.Relative));
        var milliseconds = (decimal)Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        return
            TlogProof.TryParse(bytes, out var proof, out var problem)
            && proof.TryVerify(MerkleHash.OfLeaf(proof.Extra!.Value.Span), policy, out problem)
            ? milliseconds
            : throw new InvalidOperationException($"A receipt does not hold: {problem}.");
    }

    private static async Task<List<Guid>> EventIds(RunningService service, string book)
    {
        await using var connection = await service.Get<LogReader>().ConnectAsync(book, CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            select leaf.event_id from {LeafRuns.Unfolded} where run.log = '{book}'
            order by md5(leaf.seq_id::text) limit {WarmUps + Rounds}
            """;
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    private static decimal Middle(List<decimal> times) => times.Order().ElementAt(times.Count / 2);

    private static decimal At99(List<decimal> times) => times.Order().ElementAt((times.Count - 1) * 99 / 100);
}

using System.Diagnostics;
using CreditBank.Api.Access;

namespace CreditBank.Benchmarks;

/// <summary>Posting to an account with 5,000 outcomes against one with 5: one record a request, by turns.</summary>
internal static class HotAccountBenchmark
{
    private const decimal RatioMax = 1.5m;

    public static async Task<Measurement> Run(BenchmarkContext context)
    {
        var outcomes = context.Rows(5_000);
        await using var service = await context.Start();
        await service.RegisterInstitution();
        var accounts = await SingleRecordBenchmark.OpenAccounts(service, 2);
        using var client = service.As(CallerRoles.Registry, RunningService.InstitutionId);
        await Fill(client, accounts[0], "hot", outcomes);
        await Fill(client, accounts[1], "cold", 5);
        List<double> hot = [];
        List<double> cold = [];
        for (var round = 0; round < 300; round++)
        {
            hot.Add(await Post(client, accounts[0], $"hot-one-{round}"));
            cold.Add(await Post(client, accounts[1], $"cold-one-{round}"));
        }

        var (slow, fast) = (Median(hot), Median(cold));
        var ratio = (decimal)(slow / fast);
        return new Measurement(
            $"posting to an account with {outcomes:N0} outcomes against one with 5",
            $"{slow:0.00} ms",
            $"{fast:0.00} ms",
            ratio,
            $"<= {RatioMax}",
            ratio <= RatioMax,
            "medians of 300, by turns"
        );
    }

    private static async Task Fill(HttpClient client, string accountId, string run, int count)
    {
        foreach (var part in Enumerable.Range(0, count).Chunk(1_000))
        {
            var records = part.Select(number => SampleRecords.OfAccount(accountId, $"{run}-{number}", number));
            await RunningService.Send(client, "/v1/transcripts", SampleRecords.Transcript($"{run}-{part[0]}", records));
        }
    }

    private static async Task<double> Post(HttpClient client, string accountId, string recordId)
    {
        var body = SampleRecords.Transcript(recordId, SampleRecords.OfAccount(accountId, recordId, 1));
        var since = Stopwatch.GetTimestamp();
        await RunningService.Send(client, "/v1/transcripts", body);
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}

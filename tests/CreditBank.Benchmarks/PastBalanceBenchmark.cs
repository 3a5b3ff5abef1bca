using System.Diagnostics;
using System.Net;
using CreditBank.Api.Access;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Benchmarks;

/// <summary>
/// A balance as it was known at a past instant against the present one, of an account with 500 events, by turns. The
/// instants lie all over the account's past.
/// </summary>
internal static class PastBalanceBenchmark
{
    private const int Events = 500;
    private const int Requests = 25;
    private const int Rounds = 300;
    private const decimal RatioMax = 1.5m;

    public static async Task<Measurement> Run(BenchmarkContext context)
    {
        await using var service = await context.Start();
        await service.RegisterInstitution();
        var account = (await SingleRecordBenchmark.OpenAccounts(service, 1))[0];
        var instants = await Fill(service, account);
        using var client = service.As(CallerRoles.Auditor);
        var present = new Uri($"/v1/accounts/{account}/balances", UriKind.Relative);
        var past = instants
            .Select(instant => InstantPattern.ExtendedIso.Format(instant))
            .Select(instant => new Uri($"{present}?knownAt={Uri.EscapeDataString(instant)}", UriKind.Relative))
            .ToList();
        await Settled(client, past[^1]);
        List<double> before = [];
        List<double> now = [];
        for (var round = -Rounds / 3; round < Rounds; round++)
        {
            var (one, other) = (await Time(client, past[(round + Rounds) % past.Count]), await Time(client, present));
            if (round >= 0)
            {
                before.Add(one);
                now.Add(other);
            }
        }

        var (ours, baseline) = (before.Order().ElementAt(Rounds / 2), now.Order().ElementAt(Rounds / 2));
        var ratio = (decimal)(ours / baseline);
        return new Measurement(
            $"a balance at a past instant, account of {Events} events",
            $"{ours:0.00} ms",
            $"{baseline:0.00} ms at present",
            ratio,
            $"<= {RatioMax}",
            ratio <= RatioMax,
            $"medians of {Rounds}, by turns, {Requests} instants over the account's whole past"
        );
    }

    /// <summary>Posts the records in several requests.</summary>
    /// <returns>An instant after each.</returns>
    private static async Task<List<Instant>> Fill(RunningService service, string account)
    {
        const int recordsARequest = Events / 2 / Requests;
        using var registry = service.As(CallerRoles.Registry, RunningService.InstitutionId);
        var instants = new List<Instant>();
        for (var request = 0; request < Requests; request++)
        {
            var records = Enumerable
                .Range(request * recordsARequest, recordsARequest)
                .Select(number => SampleRecords.OfAccount(account, $"r-{number}", number));
            await RunningService.Send(registry, "/v1/transcripts", SampleRecords.Transcript($"t{request}", records));
            instants.Add(SystemClock.Instance.GetCurrentInstant());
        }

        return instants;
    }

    /// <summary>An instant is answered for as soon as nothing can be recorded at it any more.</summary>
    private static async Task Settled(HttpClient client, Uri past)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var answer = HttpStatusCode.Processing; answer != HttpStatusCode.OK; await pace.WaitForNextTickAsync())
        {
            using var response = await client.GetAsync(past);
            answer = response.StatusCode;
        }
    }

    private static async Task<double> Time(HttpClient client, Uri path)
    {
        var since = Stopwatch.GetTimestamp();
        await client.GetByteArrayAsync(path);
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }
}

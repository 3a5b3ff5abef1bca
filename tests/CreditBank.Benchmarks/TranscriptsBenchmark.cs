using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using CreditBank.Api.Access;

namespace CreditBank.Benchmarks;

/// <summary>
/// A transcript of 200,000 records for 20,000 new learners as NDJSON, from the first byte sent to the last record
/// durable, against a loop that writes the same rows through Marten.
/// </summary>
internal static class TranscriptsBenchmark
{
    private const int RecordsOfLearner = 10;
    private const decimal RatioMin = 0.5m;
    private const long MemoryMaxMegabytes = 600;

    public static async Task<Measurement> Run(BenchmarkContext context)
    {
        var rows = context.Rows(200_000) / RecordsOfLearner * RecordsOfLearner;
        var (ours, memory) = await Ours(context, rows);
        var (baseline, batch) = await MartenLoop.Run(context, rows / RecordsOfLearner, RecordsOfLearner);
        var ratio = ours / baseline;
        return new Measurement(
            $"NDJSON transcripts, {rows:N0} records for {rows / RecordsOfLearner:N0} learners",
            $"{ours:N0} rows/s",
            $"{baseline:N0} rows/s",
            ratio,
            $">= {RatioMin}, memory < {MemoryMaxMegabytes} MB",
            ratio >= RatioMin && memory < MemoryMaxMegabytes,
            $"peak memory {memory} MB; baseline's best batch {batch}"
        );
    }

    private static async Task<(decimal RowsPerSecond, long PeakMegabytes)> Ours(BenchmarkContext context, int rows)
    {
        var path = Path.GetTempFileName();
        await WriteFile(path, "warm", 2_000);
        await using var service = await context.Start();
        await service.RegisterInstitution();
        using var client = service.As(CallerRoles.Registry, RunningService.InstitutionId);
        await Post(client, path);
        await WriteFile(path, "measured", rows);
        var since = Stopwatch.GetTimestamp();
        var answer = await Post(client, path);
        var seconds = (decimal)Stopwatch.GetElapsedTime(since).TotalSeconds;
        File.Delete(path);
        Process.GetCurrentProcess().Refresh();
        var memory = Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024;
        await Console.Error.WriteLineAsync($"  {rows:N0} rows in {seconds:0.0} s: {answer}");
        return (rows / seconds, memory);
    }

    private static async Task<string> Post(HttpClient client, string path)
    {
        await using var file = File.OpenRead(path);
        using var content = new StreamContent(file, 256 * 1024);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await client.PostAsync(new Uri("/v1/transcripts", UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new InvalidOperationException(text);
    }

    private static async Task WriteFile(string path, string reference, int rows)
    {
        await using var file = new StreamWriter(path);
        await file.WriteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"institutionId\":\"{RunningService.InstitutionId}\",\"reference\":\"{reference}\","
                    + $"\"term\":\"2024-spring\",\"rowCount\":{rows},\"openAccounts\":true}}\n"
            )
        );
        var first = reference == "warm" ? 1_000_000 : 0;
        for (var row = 0; row < rows; row++)
        {
            await file.WriteAsync(SampleRecords.OfStudent(first + row / RecordsOfLearner, row) + "\n");
        }
    }
}

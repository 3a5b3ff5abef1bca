using CreditBank.Api.AuditLog;
using CreditBank.Api.Infrastructure.Storage;

namespace CreditBank.Benchmarks;

/// <summary>
/// A book of a million events, larger than what is checked in memory at once: exported and checked by our program, by
/// the Go team's code and by Node.js, each in a process of its own; and a check that was killed and taken up again.
/// </summary>
internal static class AuditExportBenchmark
{
    private const decimal MegabytesMax = 500;

    /// <summary>Runs it.</summary>
    public static async Task<Measurement> Run(BenchmarkContext context)
    {
        await using var service = await context.Start(AuditLoad.On());
        var books = service.Get<LedgerBooks>();
        var large = books.Learners[^1];
        var accounts = context.Rows(1_000_000) / AuditLoad.EventsEach + 1;
        var events = await AuditLoad.Fill(books, accounts, large);
        events += await AuditLoad.Fill(books, accounts / 10);
        await service.Get<AuditLogWorker>().CatchUpAsync(CancellationToken.None);
        var folder = context.Kept ?? Directory.CreateTempSubdirectory("creditbank-bench-").FullName;
        await service.Get<LogExport>().WriteAsync(folder, (_, _, _) => { }, CancellationToken.None);
        var ours = await VerifierProcess.Ours(folder, "--without-rules", "--quiet");
        Require(ours, 0);
        var resume = await Resumed(folder, books.Learners.Count);
        var words = new List<string> { $"{events / ours.Seconds:N0} events/s, its start included", resume };
        foreach (
            var (name, other) in new[]
            {
                ("Go", await VerifierProcess.Go(folder)),
                ("Node", await VerifierProcess.Node(folder)),
            }
        )
        {
            if (other is not null)
            {
                Require(other, 0);
            }

            words.Add(other is null ? $"no {name} on this machine" : $"holds for {name} too ({other.Seconds:N0} s)");
        }

        if (context.Kept is null)
        {
            Directory.Delete(folder, recursive: true);
        }

        var peak = ours.PeakMegabytes ?? decimal.MaxValue;
        return new Measurement(
            $"memory of a verification, {events:N0} events, most of them in one book",
            $"{peak:N0} MB",
            $"{MegabytesMax:N0} MB",
            peak / MegabytesMax,
            "<= 1",
            peak <= MegabytesMax,
            string.Join("; ", words)
        );
    }

    /// <summary>Kills a check when half of the books are done, and takes it up again.</summary>
    private static async Task<string> Resumed(string folder, int books)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        int Done() => File.Exists(file) ? File.ReadAllLines(file).Length : 0;
        string[] arguments = ["--without-rules", "--quiet", "--resume", file];
        await VerifierProcess.OursUntil(() => Done() >= books / 2, folder, arguments);
        var done = Done();
        Require(await VerifierProcess.Ours(folder, arguments), 0);
        var all = Done();
        File.Delete(file);
        return all == books && done < books
            ? $"killed after {done} of {books} books and taken up again behind them"
            : throw new InvalidOperationException($"Resuming noted {all} of {books} books, {done} before.");
    }

    private static void Require(VerifierProcess process, int exitCode)
    {
        if (process.ExitCode != exitCode)
        {
            throw new InvalidOperationException($"The export does not verify: {process.Text}");
        }
    }
}

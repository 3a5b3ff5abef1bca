using System.Diagnostics;
using System.Text.Json;
using CreditBank.Api.Accounts;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger;
using CreditBank.Ledger.Journal;
using Marten;
using Npgsql;

namespace CreditBank.Api.Audit;

/// <summary>
/// Recomputes every balance from the events, book by book, and compares it with what storage keeps. Documents and the
/// progress of their projection are read in one snapshot of the database, and the events are read up to that very
/// progress: so a replay of a living ledger compares like with like.
/// </summary>
public static class ReplayRunner
{
    private const long EventsBetweenReports = 50_000;

    private const string KeptSql = $"""
        select p.last, d.id, d.data, d.mt_version
        from (select coalesce(max(last_seq_id), 0) as last
              from {Storage.Schema}.mt_event_progression where name like $2) p
        left join {Storage.Schema}.mt_doc_accountbalances d on d.tenant_id = $1
        """;

    /// <summary>Replays every book.</summary>
    /// <param name="books">The books.</param>
    /// <param name="options">What to look at.</param>
    /// <param name="report">Hears how far it is, every 50,000 events and after each book.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<ReplayReport> RunAsync(
        LedgerBooks books,
        ReplayOptions options,
        Func<ReplayProgress, CancellationToken, Task> report,
        CancellationToken cancellation
    )
    {
        var run = new Run(options, report, Stopwatch.StartNew());
        var ends = new Dictionary<string, long>();
        foreach (var book in books.All)
        {
            await using var session = books.Read(book);
            ends[book] = await Progress(session, book, cancellation);
        }

        run.SequencesTotal = ends.Values.Sum() + (options.Other is null ? 0 : books.Learners.Sum(book => ends[book]));
        foreach (var book in books.All)
        {
            await using var session = books.Read(book);
            await run.Book(session, () => books.Read(book), book, ends[book], cancellation);
        }

        if (options.Other is { } other)
        {
            var decisions = new RuleSetReplay(books, other, options.KnownAt);
            foreach (var book in books.Learners)
            {
                await run.Decisions(decisions, book, ends[book], cancellation);
            }

            run.RuleSets = decisions.Report();
        }

        return run.Report(books.All.Count);
    }

    private static async Task<long> Progress(IQuerySession session, string book, CancellationToken cancellation)
    {
        await using var command = KeptCommand(book);
        command.CommandText += " limit 1";
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        await reader.ReadAsync(cancellation);
        return reader.GetInt64(0);
    }

    private static NpgsqlCommand KeptCommand(string book) =>
        new(KeptSql)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = book },
                new NpgsqlParameter<string> { TypedValue = $"{AccountBalancesProjection.ProjectionName}:%:{book}" },
            },
        };

    private sealed class Run(
        ReplayOptions options,
        Func<ReplayProgress, CancellationToken, Task> report,
        Stopwatch watch
    )
    {
        private readonly BalanceComparison comparison = new();
        private readonly TrialBalance known = new();
        private long eventsRead;
        private long accounts;
        private long sequencesBefore;
        private bool balanced = true;

        public long SequencesTotal { get; set; }

        public RuleSetReplayReport? RuleSets { get; set; }

        public async Task Decisions(RuleSetReplay decisions, string book, long end, CancellationToken cancellation)
        {
            await decisions.BookAsync(book, end, (read, token) => Tell(Math.Min(read, end), token), cancellation);
            sequencesBefore += end;
            await Tell(0, cancellation);
        }

        public async Task Book(
            IQuerySession session,
            Func<IQuerySession> open,
            string book,
            long end,
            CancellationToken cancellation
        )
        {
            var sums = new Dictionary<string, AccountBalances>();
            var trial = new TrialBalance();
            await Fold(session, book, 0, end, sums, trial, cancellation);
            await using var command = KeptCommand(book);
            await using var kept = await session.ExecuteReaderAsync(command, cancellation);
            var caughtUp = false;
            while (await kept.ReadAsync(cancellation))
            {
                if (!caughtUp)
                {
                    await using var other = open();
                    await Fold(other, book, end, kept.GetInt64(0), sums, trial, cancellation);
                    accounts += sums.Count;
                    caughtUp = true;
                }

                if (!kept.IsDBNull(1))
                {
                    var stored = JsonSerializer.Deserialize<AccountBalances>(kept.GetString(2), LedgerJson.Options)!;
                    stored.Version = kept.GetInt64(3);
                    sums.Remove(kept.GetString(1), out var recomputed);
                    comparison.Compare(kept.GetString(1), stored, recomputed);
                }
            }

            foreach (var (accountId, recomputed) in sums)
            {
                comparison.Compare(accountId, null, recomputed);
            }

            balanced &= trial.Lines().All(line => line.Total.IsZero);
            sequencesBefore += end;
            await Tell(0, cancellation);
        }

        public ReplayReport Report(int books) =>
            new()
            {
                Books = books,
                EventsRead = eventsRead,
                Accounts = accounts,
                FiguresCompared = comparison.FiguresCompared,
                DifferenceCount = comparison.DifferenceCount,
                Differences = comparison.Differences,
                TrialBalanceIsZero = balanced,
                KnownAt = options.KnownAt,
                KnownThen = options.KnownAt is null ? null : known.Lines(),
                RuleSets = RuleSets,
                Seconds = Math.Round((decimal)watch.Elapsed.TotalSeconds, 2),
            };

        private async Task Fold(
            IQuerySession session,
            string book,
            long after,
            long through,
            Dictionary<string, AccountBalances> sums,
            TrialBalance trial,
            CancellationToken cancellation
        )
        {
            await foreach (var read in LedgerReader.Read(session, book, after, through, cancellation))
            {
                if (++eventsRead % EventsBetweenReports == 0)
                {
                    await Tell(Math.Min(read.Sequence, through), cancellation);
                }

                if (read.Data is null)
                {
                    continue;
                }

                if (!sums.TryGetValue(read.StreamId!, out var balances))
                {
                    balances = new AccountBalances { Id = read.StreamId! };
                    sums.Add(read.StreamId!, balances);
                }

                balances.Add(read.Data);
                balances.Version = read.Version;
                trial.Add(read.Data);
                if (read.RecordedAt <= options.KnownAt)
                {
                    known.Add(read.Data);
                }
            }
        }

        private Task Tell(long sequenceInBook, CancellationToken cancellation) =>
            report(
                new ReplayProgress(
                    eventsRead,
                    Math.Min(sequencesBefore + sequenceInBook, SequencesTotal),
                    SequencesTotal,
                    (decimal)watch.Elapsed.TotalSeconds
                ),
                cancellation
            );
    }
}

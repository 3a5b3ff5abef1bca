using System.Diagnostics;
using CreditBank.Api.Accounts;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Ledger.Journal;
using Marten;
using Npgsql;

namespace CreditBank.Api.Audit;

/// <summary>
/// Recomputes every balance from the events, book by book, and compares it with what storage keeps, what the pages of
/// the streams bring forward too. Documents and the progress of their projections are read in one snapshot of the
/// database, and the events are taken up to that very progress: so a replay of a living ledger compares like with like.
/// </summary>
public static class ReplayRunner
{
    private const long EventsBetweenReports = 50_000;

    // Both kinds and the progress of both, in one snapshot.
    private const string KeptSql = $"""
        select p.balances, p.pages, d.kind, d.id, d.data, d.version
        from (select coalesce(max(last_seq_id) filter (where name like $2), 0) as balances,
                     coalesce(max(last_seq_id) filter (where name like $3), 0) as pages
              from {Storage.Schema}.mt_event_progression) p
        left join (
            select 0 as kind, id, data, mt_version::bigint as version
            from {Storage.Schema}.mt_doc_accountbalances where tenant_id = $1
            union all
            select 1, id, data, 0 from {Storage.Schema}.mt_doc_broughtforward where tenant_id = $1
        ) d on true
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
        var ends = new Dictionary<string, Progress>();
        foreach (var book in books.All)
        {
            await using var session = books.Read(book);
            ends[book] = await ProgressOf(session, book, cancellation);
        }

        run.SequencesTotal =
            ends.Values.Sum(end => end.First)
            + (options.Other is null ? 0 : books.Learners.Sum(book => ends[book].Balances));
        foreach (var book in books.All)
        {
            await using var session = books.Read(book);
            await run.Book(session, () => books.Read(book), book, ends[book].First, cancellation);
        }

        if (options.Other is { } other)
        {
            var decisions = new RuleSetReplay(books, other, options.KnownAt);
            foreach (var book in books.Learners)
            {
                await run.Decisions(decisions, book, ends[book].Balances, cancellation);
            }

            run.RuleSets = decisions.Report();
        }

        return run.Report(books.All.Count);
    }

    private static async Task<Progress> ProgressOf(IQuerySession session, string book, CancellationToken cancellation)
    {
        await using var command = KeptCommand(book);
        command.CommandText += " limit 1";
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        await reader.ReadAsync(cancellation);
        return new Progress(reader.GetInt64(0), reader.GetInt64(1));
    }

    private static NpgsqlCommand KeptCommand(string book) =>
        new(KeptSql)
        {
            Parameters =
            {
                new NpgsqlParameter<string> { TypedValue = book },
                new NpgsqlParameter<string> { TypedValue = $"{AccountBalancesProjection.ProjectionName}:%:{book}" },
                new NpgsqlParameter<string> { TypedValue = $"{EveryEvent.ProjectionName}:%:{book}" },
            },
        };

    /// <summary>Up to which sequence number of a book each projection is.</summary>
    private readonly record struct Progress(long Balances, long Pages)
    {
        public long First => Math.Min(Balances, Pages);

        public long Last => Math.Max(Balances, Pages);
    }

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
            var sums = new BookSums();
            var trial = new TrialBalance();
            await Fold(session, book, 0, new Progress(end, end), sums, trial, cancellation);
            await using var command = KeptCommand(book);
            await using var kept = await session.ExecuteReaderAsync(command, cancellation);
            var caughtUp = false;
            while (await kept.ReadAsync(cancellation))
            {
                if (!caughtUp)
                {
                    await using var other = open();
                    var progress = new Progress(kept.GetInt64(0), kept.GetInt64(1));
                    await Fold(other, book, end, progress, sums, trial, cancellation);
                    accounts += sums.AccountCount;
                    caughtUp = true;
                }

                if (!kept.IsDBNull(3))
                {
                    sums.CompareTo(kept, comparison);
                }
            }

            sums.CompareRest(comparison);
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
            Progress through,
            BookSums sums,
            TrialBalance trial,
            CancellationToken cancellation
        )
        {
            await foreach (var read in LedgerReader.Read(session, book, after, through.Last, cancellation))
            {
                if (++eventsRead % EventsBetweenReports == 0)
                {
                    await Tell(Math.Min(read.Sequence, through.Last), cancellation);
                }

                if (read.Sequence <= through.Pages)
                {
                    sums.AddToPages(read);
                }

                if (read.Data is null || read.Sequence > through.Balances)
                {
                    continue;
                }

                sums.AddToAccount(read);
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

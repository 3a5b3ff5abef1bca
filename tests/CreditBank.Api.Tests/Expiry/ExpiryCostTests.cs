using CreditBank.Api.Expiry;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CreditBank.Api.Tests.Expiry;

/// <summary>A day costs what expires on it: read from the database's own statistics.</summary>
public sealed class ExpiryCostTests(TimedLedger ledger) : IClassFixture<TimedLedger>
{
    private const string Tables = "relname like 'mt_doc_expiryentry%'";

    /// <summary>What the database tidies up by itself would count as read.</summary>
    private const string NobodyElseReads = """
        do $$
        declare leaf regclass;
        begin
            for leaf in select relid from pg_partition_tree('ledger.mt_doc_expiryentry') where isleaf
            loop
                execute format('alter table %s set (autovacuum_enabled = off)', leaf);
            end loop;
        end $$
        """;

    private NodaTime.LocalDate Today => BankCalendar.DayOf(ledger.Clock.GetCurrentInstant());

    [Fact]
    public async Task a_sweep_reads_what_is_due_and_not_what_will_be()
    {
        var scene = await TransferScene.Open(ledger.Service, "expiry-cost");
        var book = ledger.Books.BookOf(scene.Account);
        var sweep = ledger.Service.Services.GetRequiredService<ExpirySweep>();
        await OwnWorkIsDone();
        await Execute(NobodyElseReads);
        await Deposit(scene, TransferScene.Maths, endsIn: 95);
        await Later(40_000, "to_char(date '2080-01-01' + n % 3000, 'YYYY-MM-DD')", warned: 0);
        await Later(10_000, $"to_char(date '{Today:uuuu-MM-dd}' + 10 + n % 15, 'YYYY-MM-DD')", warned: 2);
        await Execute("vacuum analyze ledger.mt_doc_expiryentry");

        var nothing = new List<(int Seen, long Scans, long Blocks)>();
        var expires = new List<(int Seen, long Scans, long Blocks)>();
        foreach (var course in (string[])[TransferScene.Programming, TransferScene.Databases, TransferScene.Philosophy])
        {
            nothing.Add(await Cost(() => sweep.RunAsync(book, Today, CancellationToken.None)));
            await Deposit(scene, course, endsIn: 1);
            ledger.Clock.Advance(1);
            expires.Add(await Cost(() => sweep.RunAsync(book, Today, CancellationToken.None)));
        }

        // What others read is told late and adds to a count, never takes away from it: the least is the sweep's own.
        Assert.All(nothing, one => Assert.Equal(0, one.Seen));
        Assert.All(expires, one => Assert.Equal(1, one.Seen));
        Assert.Equal((0, 0), (nothing.Min(one => one.Scans), expires.Min(one => one.Scans)));
        Assert.InRange(nothing.Min(one => one.Blocks), 1, 40);
        Assert.InRange(expires.Min(one => one.Blocks), 1, 100);
    }

    /// <summary>The service has done its first day's work by itself, and sweeps nothing more before midnight.</summary>
    private async Task OwnWorkIsDone()
    {
        foreach (var book in ledger.Books.Learners)
        {
            await Eventually.Get(async () =>
            {
                await using var session = ledger.Books.Read(book);
                var work = await session.LoadAsync<DailyWork>(DailyWork.Key);
                return work?.DoneOn;
            });
        }
    }

    /// <summary>What a sweep saw, how often it read a whole table, and how many blocks of tables and indexes.</summary>
    private async Task<(int Seen, long Scans, long Blocks)> Cost(Func<Task<int>> sweep)
    {
        await Reported(_ => true);
        var (scans, blocks, looks) = await Statistics();
        var seen = await sweep();
        await Reported(now => now.Looks > looks);
        var after = await Statistics();
        return (seen, after.Scans - scans, after.Blocks - blocks);
    }

    /// <summary>A connection tells what it did when it ends.</summary>
    private Task<string> Reported(Func<(long Scans, long Blocks, long Looks), bool> isThere) =>
        Eventually.Get(async () =>
        {
            NpgsqlConnection.ClearAllPools();
            return isThere(await Statistics()) ? "reported" : null;
        });

    private async Task<(long Scans, long Blocks, long Looks)> Statistics()
    {
        await using var connection = new NpgsqlConnection(ledger.Service.OwnersConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"""
            select sum(seq_scan)::bigint, sum(coalesce(idx_scan, 0))::bigint,
                   (select sum(coalesce(heap_blks_hit, 0) + coalesce(heap_blks_read, 0)
                       + coalesce(idx_blks_hit, 0) + coalesce(idx_blks_read, 0))::bigint
                    from pg_statio_user_tables where {Tables})
            from pg_stat_user_tables where {Tables}
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(2), reader.GetInt64(1));
    }

    /// <summary>An online course whose two years end in so many days.</summary>
    private async Task Deposit(TransferScene scene, string course, int endsIn)
    {
        scene.Record = ("onlineCourse", $"{Today.PlusDays(endsIn).PlusYears(-2):uuuu-MM-dd}");
        await scene.Deposit(course);
    }

    /// <summary>Entries of outcomes that end on other days, in the book of the one that there is.</summary>
    private Task Later(int count, string expiresOn, int warned) =>
        Execute(
            $"""
            insert into ledger.mt_doc_expiryentry
            select (jsonb_populate_record(one, jsonb_build_object('id', key, 'data', one.data || jsonb_build_object(
                'id', key, 'expiresOn', day, 'warned', {warned})))).*
            from ledger.mt_doc_expiryentry one,
                 lateral (
                     select 'later-{warned}-' || n as key, {expiresOn} as day from generate_series(1, {count}) n
                 ) later
            where one.id = (select min(id) from ledger.mt_doc_expiryentry)
            """
        );

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(ledger.Service.OwnersConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

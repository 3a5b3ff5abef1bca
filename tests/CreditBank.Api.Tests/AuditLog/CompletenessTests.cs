using CreditBank.Api.Infrastructure.Storage;
using Npgsql;

namespace CreditBank.Api.Tests.AuditLog;

public sealed class CompletenessTests
{
    private const string Book = "book01";

    [Fact]
    public async Task a_transaction_that_is_still_open_holds_the_log_up_and_nothing_is_skipped()
    {
        await using var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit, Book, 1, 1);
        await audit.CatchUpAsync();
        await using var slow = await OpenAppendAsync(audit, number: 2);
        await SampleEvents.LearnerAsync(audit, Book, 3, 1);

        var catchingUp = audit.CatchUpAsync();
        await using (var look = new SettledLook(audit))
        {
            Assert.Equal(3, await look.SettledAsync());
            Assert.False(catchingUp.IsCompleted);
        }

        await slow.CommitAsync();
        await catchingUp;

        Assert.Equal(9, (await audit.CheckpointAsync(Book)).Size);
        Assert.Empty(await audit.SweepAsync(Book));
        Assert.Equal(0, audit.Status.Of(Book).LateEvents);
    }

    [Fact]
    public async Task a_gap_of_a_transaction_that_was_rolled_back_is_passed()
    {
        await using var audit = await AuditService.StartAsync();
        await using (var slow = await OpenAppendAsync(audit, number: 2))
        {
            await SampleEvents.LearnerAsync(audit, Book, 3, 1);
            await slow.RollbackAsync();
        }

        await audit.CatchUpAsync();

        Assert.Equal(3, (await audit.CheckpointAsync(Book)).Size);
        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectHolds();
    }

    [Fact]
    public async Task an_event_that_comes_late_is_appended_and_reported()
    {
        await using var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit, Book, 1, 1);
        await audit.SqlAsync($"select nextval('ledger.mt_events_sequence_{Book}')");
        await SampleEvents.LearnerAsync(audit, Book, 2, 1);
        await audit.CatchUpAsync();

        // Somebody took the number in one transaction and uses it in another.
        await audit.SqlAsync(
            $"""
            insert into ledger.mt_streams (tenant_id, id, version) values ('{Book}', 'acc-01-00000000000000000009', 1);
            insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            select 4, gen_random_uuid(), 'acc-01-00000000000000000009', 1,
                   jsonb_set(data, '{"{accountId}"}', '"acc-01-00000000000000000009"'), type, now(), tenant_id
            from ledger.mt_events where tenant_id = '{Book}' and seq_id = 1
            """
        );
        await SampleEvents.LearnerAsync(audit, Book, 3, 1);
        await audit.CatchUpAsync();

        Assert.Equal(10, (await audit.CheckpointAsync(Book)).Size);
        Assert.Equal(1, audit.Status.Of(Book).LateEvents);
        Assert.Empty(await audit.SweepAsync(Book));
        var answer = (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectHolds();
        Assert.Equal(1, answer.Report!["books"]!.AsArray().Sum(book => (long)book!["lateEvents"]!));
    }

    [Fact]
    public async Task many_writers_at_once_lose_no_event()
    {
        await using var audit = await AuditService.StartAsync();
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async writer =>
                {
                    for (var i = 0; i < 12; i++)
                    {
                        await SampleEvents.LearnerAsync(audit, Book, writer * 100 + i, 2);
                    }
                })
        );

        await audit.CatchUpAsync();

        Assert.Equal(8 * 12 * 5, (await audit.CheckpointAsync(Book)).Size);
        Assert.Empty(await audit.SweepAsync(Book));
        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectHolds();
    }

    /// <summary>
    /// After a crash the database plans without statistics, as one does that was just made. A plan that compares every
    /// event with every leaf takes longer for these events than a command may.
    /// </summary>
    [Fact]
    public async Task a_database_without_statistics_compares_events_and_leaves_as_well()
    {
        await using var audit = await AuditService.StartAsync();
        await Task.WhenAll(
            Enumerable.Range(1, 18).Select(number => SampleEvents.LearnerAsync(audit, Book, number, 500))
        );
        await audit.CatchUpAsync();

        Assert.Empty(await audit.SweepAsync(Book));
        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectHolds();
    }

    [Fact]
    public async Task two_nodes_seal_a_book_once()
    {
        await using var first = await AuditService.StartAsync();
        await using var second = await AuditService.StartAsync(sameAs: first);
        await SampleEvents.LearnerAsync(first, Book, 1, 50);
        await SampleEvents.LearnerAsync(second, Book, 2, 50);

        await first.CatchUpAsync();
        await second.CatchUpAsync();

        Assert.Equal(202, (await first.CheckpointAsync(Book)).Size);
        (await Export.VerifyAsync(await Export.WriteAsync(second))).ExpectHolds();
    }

    [Fact]
    public async Task an_auditor_asks_for_a_whole_sweep()
    {
        await using var audit = await AuditService.StartAsync();

        (await audit.Service.As("auditor").Post("/v1/audit/sweeps", new { })).Expect(
            System.Net.HttpStatusCode.Accepted
        );
        (await audit.Service.As("operator").Post("/v1/audit/sweeps", new { })).Expect(
            System.Net.HttpStatusCode.Forbidden
        );
    }

    [Fact]
    public async Task an_alarm_goes_when_its_cause_is_gone()
    {
        await using var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit, Book, 1, 3);
        await audit.CatchUpAsync();
        await audit.SqlAsync(
            $"update ledger.mt_events set user_name = user_name || 'x' where tenant_id = '{Book}' and seq_id = 2"
        );
        Assert.Single(await audit.SweepAsync(Book));

        await audit.SqlAsync(
            $"update ledger.mt_events set user_name = rtrim(user_name, 'x') where tenant_id = '{Book}' and seq_id = 2"
        );

        Assert.Empty(await audit.SweepAsync(Book));
        Assert.Empty(audit.Status.Of(Book).Alarms);
    }

    /// <summary>An append that has taken its numbers and not committed.</summary>
    private static async Task<OpenAppend> OpenAppendAsync(AuditService audit, int number)
    {
        var connection = new NpgsqlConnection(audit.Service.OwnersConnection);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        var options = Marten.Services.SessionOptions.ForTransaction(transaction);
        options.TenantId = Book;
        var session = audit.Books.Store.LightweightSession(options);
        var account = SampleEvents.AccountOf(audit.Books, Book, number);
        session.Events.StartStream(account, SampleEvents.EventsOf(audit, account, 1));
        await session.SaveChangesAsync();
        return new OpenAppend(connection, transaction, session);
    }

    private sealed record OpenAppend(
        NpgsqlConnection Connection,
        NpgsqlTransaction Transaction,
        Marten.IDocumentSession Session
    ) : IAsyncDisposable
    {
        public Task CommitAsync() => Transaction.CommitAsync();

        public Task RollbackAsync() => Transaction.RollbackAsync();

        public async ValueTask DisposeAsync()
        {
            await Session.DisposeAsync();
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }

    /// <summary>Looks by itself at what is settled.</summary>
    private sealed class SettledLook(AuditService audit) : IAsyncDisposable
    {
        private readonly NpgsqlConnection connection = new(audit.Service.OwnersConnection);
        private readonly SettledSequences sequences = new([Book]);

        public async Task<long> SettledAsync()
        {
            await connection.OpenAsync();
            await sequences.LookAsync(connection, CancellationToken.None);
            var settled = await sequences.LookAsync(connection, CancellationToken.None);
            return settled.GetValueOrDefault(Book, 3);
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();
    }
}

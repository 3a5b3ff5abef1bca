using CreditBank.Api.AuditLog;
using CreditBank.Ledger.Audit;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>
/// What somebody with the database's password can do to the past, and who finds it. Each attack is SQL on a real
/// database; the verifier must name the place from the export alone, and the sweep in the service too where it looks
/// there.
/// </summary>
public sealed class AttackTests
{
    private const string Book = "book01";

    [Theory]
    [InlineData("a byte of the payload", "data = jsonb_set(data, '{record,title}', '\"高等数学 II\"')", 1)]
    [InlineData("an amount", "data = jsonb_set(data, '{record,credits}', '\"30\"')", 1)]
    [InlineData("the actor", "user_name = 'somebody-else'", 1)]
    [InlineData("the request", "correlation_id = 'request-0'", 2)]
    [InlineData("what caused it", "causation_id = 'request-0'", 2)]
    [InlineData("the stream", "stream_id = 'acc-01-somebody-else'", 2)]
    [InlineData("the time", "timestamp = timestamp - interval '1 day'", 3)]
    [InlineData("the kind", "type = 'outcome_withdrawn'", 4)]
    [InlineData("the order in the stream", "version = 99", 5)]
    public async Task a_changed_event_is_found(string what, string change, int index)
    {
        await using var audit = await LedgerAsync();

        Assert.Equal(1, await audit.SqlAsync(Update(change, index)));

        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectFirst("verify.leaf.changed", Book, index);
        var alarm = Assert.Single(await audit.SweepAsync(Book));
        Assert.True((AuditAlarms.Changed, index + 1) == (alarm.Code, alarm.Place), what);
        await ExpectDegraded(audit);
    }

    [Fact]
    public async Task a_guard_that_is_switched_off_and_on_around_a_change_hides_nothing()
    {
        await using var audit = await LedgerAsync();
        var change = Update("user_name = 'somebody-else'", 3);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => audit.GuardedSqlAsync(change));

        await audit.SqlAsync(change);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => audit.GuardedSqlAsync(change));

        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectFirst("verify.leaf.changed", Book, 3);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(20)]
    public async Task a_deleted_event_is_found_in_the_middle_and_at_the_end(int index)
    {
        await using var audit = await LedgerAsync();

        await audit.SqlAsync($"delete from ledger.mt_events where tenant_id = '{Book}' and seq_id = {index + 1}");

        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectFirst("verify.leaf.missing", Book, index);
        var alarms = await audit.SweepAsync(Book);
        Assert.Contains(alarms, alarm => alarm.Code == AuditAlarms.Missing && alarm.Place == index + 1);
        await ExpectDegraded(audit);
    }

    [Fact]
    public async Task an_event_deleted_from_events_and_log_alike_is_found()
    {
        await using var audit = await LedgerAsync();

        await audit.SqlAsync($"delete from ledger.mt_events where tenant_id = '{Book}' and seq_id = 5");
        await audit.SqlAsync(
            $"""
            update ledger.audit_run set seq_ids = seq_ids[:4] || seq_ids[6:], event_ids = event_ids[:4] || event_ids[6:]
            where log = '{Book}' and first_index = 0
            """
        );

        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectFirst("verify.tile.changed", Book, 4);
    }

    [Fact]
    public async Task an_inserted_event_is_found()
    {
        await using var audit = await LedgerAsync();

        // A number that the sequence never gave, in a stream of its own, as old as its neighbours.
        await audit.SqlAsync(
            $"""
            insert into ledger.mt_events
              (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, user_name)
            select 0, gen_random_uuid(), stream_id, 900, data, type, now() - interval '2 days', tenant_id, user_name
            from ledger.mt_events where tenant_id = '{Book}' and seq_id = 2;
            update ledger.audit_tree set settled_through = settled_through where log = '{Book}'
            """
        );
        await audit.SqlAsync($"update ledger.mt_events set seq_id = 900 where tenant_id = '{Book}' and seq_id = 0");
        await audit.SqlAsync($"select setval('ledger.mt_events_sequence_{Book}', 1000)");
        await audit.SqlAsync($"update ledger.audit_tree set settled_through = 1000 where log = '{Book}'");

        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectFirst("verify.event.unlogged", Book);
        var alarms = await audit.SweepAsync(Book);
        Assert.Contains(alarms, alarm => alarm.Code == AuditAlarms.Extra && alarm.Place == 900);
    }

    [Fact]
    public async Task two_swapped_events_are_found()
    {
        await using var audit = await LedgerAsync();

        await audit.SqlAsync(
            $"""
            update ledger.mt_events set seq_id = -1 where tenant_id = '{Book}' and seq_id = 4;
            update ledger.mt_events set seq_id = 4 where tenant_id = '{Book}' and seq_id = 6;
            update ledger.mt_events set seq_id = 6 where tenant_id = '{Book}' and seq_id = -1;
            update ledger.audit_run set seq_ids[4] = 6, seq_ids[6] = 4 where log = '{Book}' and first_index = 0
            """
        );

        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectFirst("verify.leaf.changed", Book, 3);
        Assert.Contains(await audit.SweepAsync(Book), alarm => alarm.Code == AuditAlarms.Changed);
    }

    [Fact]
    public async Task a_flipped_byte_in_a_tile_is_found()
    {
        await using var audit = await LedgerAsync();

        await audit.SqlAsync(
            $"""
            update ledger.audit_tile set hashes = set_byte(hashes, 70, get_byte(hashes, 70) # 1)
            where log = '{Book}' and level = 0
            """
        );

        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectFirst("verify.tile.changed", Book, 2);
        Assert.Contains(await audit.SweepAsync(Book), alarm => alarm.Code == AuditAlarms.Changed && alarm.Place == 3);
    }

    [Fact]
    public async Task a_changed_event_whose_tiles_are_made_to_fit_is_found()
    {
        await using var audit = await LedgerAsync();
        await audit.SqlAsync(Update("user_name = 'somebody-else'", 3));

        // The attacker seals everything again, but has no key.
        await audit.SqlAsync(
            $"delete from ledger.audit_tile where log = '{Book}'; delete from ledger.audit_run where log = '{Book}';"
                + $"update ledger.audit_tree set size = 0, settled_through = 0 where log = '{Book}'"
        );
        await audit.CatchUpAsync();
        Assert.NotNull(audit.Status.Of(Book).Broken);
        await audit.CatchUpAsync();

        Assert.Contains("is not the beginning", audit.Status.Of(Book).Broken, StringComparison.Ordinal);
        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectFirst("verify.checkpoint.root", Book);
        await ExpectDegraded(audit);
    }

    [Fact]
    public async Task history_signed_anew_with_an_old_key_is_found()
    {
        await using var old = await AuditService.StartAsync(settings =>
            settings with
            {
                Seeds = [AuditService.Seed(9)],
            }
        );
        await SampleEvents.LearnerAsync(old, Book, 1, 10);
        await old.CatchUpAsync();
        var oldKeys = old.Logs.All.SelectMany(old.Logs.KeysOf).ToList();
        var signer = old.Logs.SignersOf(Book)[0];
        await old.DisposeAsync();
        await using var audit = await AuditService.StartAsync(sameAs: old);
        await SampleEvents.LearnerAsync(audit, Book, 2, 10);
        var policy = await PolicyAsync(audit);
        var retired = Path.Combine(audit.Folder, "retired");
        await File.WriteAllLinesAsync(retired, oldKeys.Select(key => $"{key} 21"));
        var honest = await Export.OfAllAsync(audit);
        (await Export.VerifyAsync(honest, "--policy", policy, "--retired", retired)).ExpectHolds();

        // Whoever has the old key signs another history with it.
        var checkpoint = await audit.CheckpointAsync(Book);
        var forged = (checkpoint with { Root = MerkleHash.OfLeaf("another history"u8) }).Sign(signer);
        await audit.SqlAsync(
            $"update ledger.audit_checkpoint set note = '{forged.Note}' "
                + $"where log = '{Book}' and size = {checkpoint.Size}"
        );

        (
            await Export.VerifyAsync(await Export.WriteAsync(audit), "--policy", policy, "--retired", retired)
        ).ExpectFirst("verify.checkpoint.signature", Book, checkpoint.Size);
    }

    [Fact]
    public async Task a_book_rolled_back_to_an_older_backup_is_found()
    {
        await using var audit = await LedgerAsync();
        var known = Path.Combine(audit.Folder, "known");
        await BackUp(audit);
        await SampleEvents.LearnerAsync(audit, Book, 2, 10);
        (await Export.VerifyAsync(await Export.OfAllAsync(audit), "--known", known)).ExpectHolds();

        await Restore(audit);
        await audit.CatchUpAsync();
        Assert.NotNull(audit.Status.Of(Book).Broken);
        await audit.CatchUpAsync();

        Assert.Contains("a restored backup", audit.Status.Of(Book).Broken, StringComparison.Ordinal);
        await ExpectDegraded(audit);
        var rolledBack = await Export.WriteAsync(audit);
        (await Export.VerifyAsync(rolledBack)).ExpectFirst("verify.log.rolled-back", Book);
        (await Export.VerifyAsync(rolledBack, "--known", known)).ExpectFirst("verify.log.rolled-back", Book);
    }

    [Fact]
    public async Task a_book_that_went_another_way_after_a_restore_is_found()
    {
        await using var audit = await LedgerAsync();
        var known = Path.Combine(audit.Folder, "known");
        await BackUp(audit);
        await SampleEvents.LearnerAsync(audit, Book, 2, 10);
        (await Export.VerifyAsync(await Export.OfAllAsync(audit), "--known", known)).ExpectHolds();
        await Restore(audit);
        await SampleEvents.LearnerAsync(audit, Book, 3, 30);
        await audit.CatchUpAsync();
        await audit.CatchUpAsync();
        Assert.Contains("is not the beginning", audit.Status.Of(Book).Broken, StringComparison.Ordinal);

        // Without the folder outside the database the service cannot know; the auditor's own memory does.
        await audit.DisposeAsync();
        await audit.SqlAsync("delete from ledger.audit_top_entry; delete from ledger.audit_tree where log = 'top'");
        await audit.SqlAsync("delete from ledger.audit_checkpoint where log = 'top'");
        await audit.SqlAsync("delete from ledger.audit_tile where log = 'top'");
        var elsewhere = Directory.CreateTempSubdirectory("creditbank-forgot-").FullName;
        await using var forgetful = await AuditService.StartAsync(
            settings => settings with { Folder = elsewhere, TilesFolder = null },
            audit
        );
        var fork = await Export.OfAllAsync(forgetful);
        (await Export.VerifyAsync(fork)).ExpectHolds();
        (await Export.VerifyAsync(fork, "--known", known)).ExpectFinding("verify.log.forked", Book);
    }

    [Fact]
    public async Task a_changed_rule_set_document_is_found()
    {
        await using var audit = await LedgerAsync();

        await audit.SqlAsync(
            """
            update ledger.mt_doc_rulesettext
            set data = jsonb_set(data, '{canonicalJson}', to_jsonb(replace(data->>'canonicalJson', '2016', '2017')))
            """
        );

        (await Export.VerifyAsync(await Export.WriteAsync(audit))).ExpectFirst("verify.rule-set.changed", "registry");
    }

    [Fact]
    public async Task a_recognition_that_the_rules_do_not_give_is_found_though_it_was_signed()
    {
        await using var audit = await LedgerAsync();
        await using (var session = audit.Books.Write(Book, Infrastructure.Storage.Actor.Bank))
        {
            var account = SampleEvents.AccountOf(audit.Books, Book, 2);
            var events = SampleEvents.EventsOf(audit, account, 1).ToList();
            var recognised = (Ledger.Events.OutcomeRecognised)events[^1];
            var more = recognised.Value with { Standard = new Kernel.Credits(30) };
            events[^1] = recognised with { Value = more };
            session.Events.StartStream(account, events);
            await session.SaveChangesAsync();
        }

        (await Export.VerifyAsync(await Export.OfAllAsync(audit))).ExpectFirst("verify.recognition.differs", Book, 23);
    }

    [Fact]
    public async Task a_conversion_that_the_rules_do_not_give_is_found_though_it_was_signed()
    {
        await using var audit = await AuditService.StartAsync();
        var journey = new LedgerJourney(audit.Service);
        await journey.WalkAsync();
        var book = audit.Books.BookOf(journey.Account);

        // Sealed only afterwards: the log is right, the ledger is not.
        await audit.SqlAsync(
            $$"""
            update ledger.mt_events
            set data = jsonb_set(data, '{lines,0,grants,0,amount}', '"5"')
            where tenant_id = '{{book}}' and stream_id = '{{journey.Account}}' and type = 'credit_converted'
            """
        );
        await ForgetLog(audit);

        await using var again = await AuditService.StartAsync(settings => settings with { TilesFolder = null }, audit);
        (await Export.VerifyAsync(await Export.OfAllAsync(again))).ExpectFirst("verify.conversion.differs", book);
    }

    private static async Task<AuditService> LedgerAsync()
    {
        var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit, Book, 1, 10);
        (await Export.VerifyAsync(await Export.OfAllAsync(audit))).ExpectHolds();
        return audit;
    }

    private static string Update(string change, int index) =>
        $"update ledger.mt_events set {change} where tenant_id = '{Book}' and seq_id = {index + 1}";

    private static async Task<string> PolicyAsync(AuditService audit)
    {
        var path = Path.Combine(audit.Folder, "policy");
        var keys = audit.Logs.All.SelectMany(audit.Logs.KeysOf).Select(key => $"log {key}\n");
        await File.WriteAllTextAsync(path, string.Concat(keys) + "quorum none\n");
        return path;
    }

    private static async Task ExpectDegraded(AuditService audit)
    {
        var ready = (await audit.Service.Anonymous().Get("/health/ready")).Expect(System.Net.HttpStatusCode.OK);
        Assert.Equal("degraded", (string?)ready.Json["checks"]!["auditLog"]!["status"]);
    }

    private static async Task BackUp(AuditService audit)
    {
        foreach (var (table, column) in Tables)
        {
            await audit.SqlAsync(
                $"create table backup_{table} as select * from ledger.{table} where {column} = '{Book}'"
            );
        }
    }

    private static async Task Restore(AuditService audit)
    {
        foreach (var (table, column) in Tables.Reverse())
        {
            await audit.SqlAsync($"delete from ledger.{table} where {column} = '{Book}'");
        }

        foreach (var (table, _) in Tables)
        {
            await audit.SqlAsync($"insert into ledger.{table} select * from backup_{table}");
        }

        await audit.SqlAsync($"select setval('ledger.mt_events_sequence_{Book}', 21)");
    }

    private static async Task ForgetLog(AuditService audit)
    {
        await audit.DisposeAsync();
        foreach (
            var table in (string[])["audit_tree", "audit_run", "audit_tile", "audit_checkpoint", "audit_top_entry"]
        )
        {
            await audit.SqlAsync($"delete from ledger.{table}");
        }

        Directory.Delete(Path.Combine(audit.Folder, "signed"), recursive: true);
    }

    private static readonly (string Table, string Column)[] Tables =
    [
        ("mt_streams", "tenant_id"),
        ("mt_events", "tenant_id"),
        ("audit_run", "log"),
        ("audit_tile", "log"),
        ("audit_tree", "log"),
        ("audit_checkpoint", "log"),
    ];
}

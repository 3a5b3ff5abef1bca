using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Accounts;
using CreditBank.Api.Audit;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Accounts;
using CreditBank.Api.Tests.Support;
using CreditBank.Ledger.Journal;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CreditBank.Api.Tests.Audit;

/// <summary>A ledger of its own: what an audit counts must not change under it.</summary>
public sealed class AuditLedger : IAsyncLifetime
{
    public const int Accounts = 30;

    public TestService Service { get; private set; } = null!;

    public List<string> AccountIds { get; } = [];

    public LedgerBooks Books => Service.Services.GetRequiredService<LedgerBooks>();

    /// <summary>An account of several pages.</summary>
    public string LongAccountId { get; private set; } = string.Empty;

    public long EventCount { get; private set; }

    public async Task InitializeAsync()
    {
        Service = await TestService.StartAsync();
        for (var seed = 0; seed < Accounts; seed++)
        {
            var accountId = OpenAccountEndpoint.NewAccountId();
            var events = Life.Random(seed, accountId);
            await Life.Append(Service, accountId, [.. events]);
            AccountIds.Add(accountId);
            EventCount += events.Count;
        }

        LongAccountId = await Life.Begin(Service, id => [.. Life.Random(Accounts, id, 200).Skip(1)]);

        await CaughtUp();
    }

    /// <summary>Returns when the projections have seen every event.</summary>
    public Task CaughtUp() => Projections.CaughtUp(Books);

    public async Task DisposeAsync() => await Service.DisposeAsync();
}

public sealed class AuditTests(AuditLedger ledger) : IClassFixture<AuditLedger>
{
    private static readonly Func<ReplayProgress, CancellationToken, Task> Unheard = (_, _) => Task.CompletedTask;

    [Fact]
    public async Task a_replay_over_http_finds_no_difference()
    {
        var auditor = ledger.Service.As("auditor");

        var asked = (await auditor.Post("/v1/audit/replays", new { })).Expect(HttpStatusCode.Accepted);

        var location = asked.Headers.Location!.ToString();
        var done = await Eventually.Get(async () =>
        {
            var reply = (await auditor.Get(location)).Expect(HttpStatusCode.OK);
            return reply.Json["state"]!.GetValue<string>() is "completed" or "failed" ? reply : null;
        });
        Assert.Equal("completed", done.Json["state"]!.GetValue<string>());
        var report = done.Json["report"]!;
        Assert.True(report["eventsRead"]!.GetValue<long>() >= ledger.EventCount);
        Assert.True(report["figuresCompared"]!.GetValue<long>() > AuditLedger.Accounts * 9);
        Assert.Equal(0, report["differenceCount"]!.GetValue<long>());
        Assert.True(report["trialBalanceIsZero"]!.GetValue<bool>());
        Assert.Equal(1, done.Json["attempts"]!.GetValue<int>());
    }

    [Fact]
    public async Task a_balance_that_was_tampered_with_is_found()
    {
        var accountId = await Life.Begin(ledger.Service, id => Life.Deposit(id, "uni-a", "tampered", 3));
        await ledger.CaughtUp();
        await Execute(
            "update ledger.mt_doc_accountbalances set data = jsonb_set(data, '{standard,available}', '\"99\"') "
                + "where id = $1",
            accountId
        );

        var report = await ReplayRunner.RunAsync(ledger.Books, new ReplayOptions(null), Unheard, default);

        await Execute(
            "update ledger.mt_doc_accountbalances set data = jsonb_set(data, '{standard,available}', '\"3\"') "
                + "where id = $1",
            accountId
        );
        var difference = Assert.Single(report.Differences);
        Assert.Equal(new ReplayDifference(accountId, "available", DoubleEntry.StandardUnit, "99", "3"), difference);
        Assert.Equal(1, report.DifferenceCount);
        Assert.Contains("stored 99, recomputed 3", report.ToText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{standard,available}", "\"9999\"", "available")]
    [InlineData("{lastVersion}", "70", "version")]
    [InlineData("{latestMicroseconds}", "1", "latest")]
    public async Task a_page_that_was_tampered_with_is_found(string member, string value, string figure)
    {
        var key = $"{ledger.LongAccountId}/64";
        await using var source = NpgsqlDataSource.Create(ledger.Service.OwnersConnection);
        var kept = await Content(source, key);
        await Execute(
            $"update ledger.mt_doc_broughtforward set data = jsonb_set(data, '{member}', '{value}') where id = $1",
            key
        );

        var report = await ReplayRunner.RunAsync(ledger.Books, new ReplayOptions(null), Unheard, default);

        await Execute($"update ledger.mt_doc_broughtforward set data = '{kept}' where id = $1", key);
        var difference = Assert.Single(report.Differences);
        Assert.Equal((ledger.LongAccountId, $"page 64 {figure}"), (difference.AccountId, difference.Figure));
        Assert.NotNull(difference.Recomputed);
    }

    [Fact]
    public async Task a_page_that_is_gone_is_found()
    {
        var key = $"{ledger.LongAccountId}/64";
        await using var source = NpgsqlDataSource.Create(ledger.Service.OwnersConnection);
        var kept = await Content(source, key);
        await Execute("update ledger.mt_doc_broughtforward set id = id || '0000' where id = $1", key);

        var report = await ReplayRunner.RunAsync(ledger.Books, new ReplayOptions(null), Unheard, default);

        await Execute("update ledger.mt_doc_broughtforward set id = $1 where id = $1 || '0000'", key);
        Assert.Equal(kept, await Content(source, key));
        Assert.Contains(
            new ReplayDifference(ledger.LongAccountId, "page 64", null, null, "recorded"),
            report.Differences
        );
        Assert.Contains(
            new ReplayDifference(ledger.LongAccountId, "page 640000", null, "kept", null),
            report.Differences
        );
    }

    [Fact]
    public async Task a_replay_adds_up_what_was_known_then()
    {
        var known = await ReadAccountTests.Settled(ledger.Service, ledger.AccountIds[0]);
        var instant = NodaTime.Text.InstantPattern.ExtendedIso.Parse(known).Value;
        await Life.Begin(ledger.Service, id => Life.Deposit(id, "uni-a", "later", 3, unit: "unit-of-later"));
        await ledger.CaughtUp();

        var report = await ReplayRunner.RunAsync(ledger.Books, new ReplayOptions(instant), Unheard, default);

        Assert.Equal(0, report.DifferenceCount);
        Assert.DoesNotContain(report.KnownThen!, line => line.Unit == "unit-of-later");
        Assert.All(report.KnownThen!, line => Assert.True(line.Total.IsZero));
    }

    [Fact]
    public async Task the_trial_balance_is_zero_in_every_book_and_unit()
    {
        var auditor = ledger.Service.As("auditor");
        foreach (var query in new[] { "", "?effectiveOn=2019-01-01" })
        {
            var reply = (await auditor.Get($"/v1/audit/trial-balance{query}")).Expect(HttpStatusCode.OK);

            Assert.True(reply.Json["balanced"]!.GetValue<bool>());
            var lines = reply.Json["books"]!.AsArray().SelectMany(book => book!["lines"]!.AsArray()).ToList();
            Assert.NotEmpty(lines);
            Assert.All(lines, line => Assert.Equal(0m, line!["total"]!.GetValue<decimal>()));
        }
    }

    [Fact]
    public async Task events_stream_in_order_and_by_index()
    {
        var auditor = ledger.Service.As("auditor");
        var book = ledger.Books.BookOf(ledger.AccountIds[0]);
        var all = await Lines(auditor, $"/v1/audit/events?book={book}");

        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(line => line["index"]!.GetValue<int>()));
        Assert.All(
            all.Where(line => line["stream"]!.GetValue<string>() == ledger.AccountIds[0])
                .Select((line, index) => (line, index)),
            pair => Assert.Equal(pair.index + 1, pair.line["version"]!.GetValue<int>())
        );
        var part = await Lines(auditor, $"/v1/audit/events?book={book}&from=3&to=8");
        Assert.Equal(all.Skip(3).Take(5).Select(Text), part.Select(Text));
        Assert.Empty(await Lines(auditor, $"/v1/audit/events?book={book}&from=5&to=5"));
    }

    [Fact]
    public async Task audits_are_for_auditors()
    {
        string[] paths = ["/v1/audit/events?book=book00", "/v1/audit/trial-balance", "/v1/audit/replays/rep-1"];
        foreach (var path in paths)
        {
            (await ledger.Service.As("operator").Get(path)).Expect(HttpStatusCode.Forbidden);
            (await ledger.Service.Anonymous().Get(path)).Expect(HttpStatusCode.Unauthorized);
        }

        var auditor = ledger.Service.As("auditor");
        (await ledger.Service.As("operator").Post("/v1/audit/replays", new { })).Expect(HttpStatusCode.Forbidden);
        Assert.Equal("replay.unknown", (await auditor.Get("/v1/audit/replays/rep-1")).Code);
        Assert.Equal("book.unknown", (await auditor.Get("/v1/audit/events?book=nowhere")).Code);
        Assert.Equal("query.range", (await auditor.Get("/v1/audit/events?book=book00&from=5&to=4")).Code);
        Assert.Equal("replay.ruleSet", (await auditor.Post("/v1/audit/replays", new { ruleSet = "none-1" })).Code);
    }

    private async Task Execute(string sql, string parameter)
    {
        await using var source = NpgsqlDataSource.Create(ledger.Service.OwnersConnection);
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> Content(NpgsqlDataSource source, string key)
    {
        await using var command = source.CreateCommand(
            "select data::text from ledger.mt_doc_broughtforward where id = $1"
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static string Text(JsonNode node) => node.ToJsonString();

    private static async Task<List<JsonNode>> Lines(TestCaller caller, string path)
    {
        var reply = (await caller.Get(path)).Expect(HttpStatusCode.OK);
        Assert.Equal("application/x-ndjson", reply.MediaType);
        return [.. reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}

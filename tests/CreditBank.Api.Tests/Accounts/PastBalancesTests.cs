using System.Net;
using System.Text.Json;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Audit;
using CreditBank.Api.Tests.Support;
using CreditBank.Ledger.Events;
using CreditBank.Ledger.Journal;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace CreditBank.Api.Tests.Accounts;

/// <summary>
/// Balances of a past instant are added from what pages of the stream bring forward. They are always what folding the
/// stream gives: however far the projection is, and in whatever order transactions began.
/// </summary>
public sealed class PastBalancesTests(PastLedger ledger) : IClassFixture<PastLedger>
{
    private static readonly JsonSerializerOptions AsAnswered = Options();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task a_past_balance_is_the_fold_of_what_was_known_however_far_the_projection_is(int seed)
    {
        var chance = new Random(seed);
        var accountId = await LongLife(seed);
        await Projections.CaughtUp(ledger.Books);
        var events = await Stream(accountId);
        await Compare(accountId, events, 25);
        await Stamp(accountId, events, chance);
        events = await Stream(accountId);
        Assert.Contains(events.Zip(events.Skip(1)), pair => pair.First.Timestamp > pair.Second.Timestamp);
        foreach (var seen in (int[])[0, 31, 32, 100, chance.Next(events.Count), events.Count - 1, events.Count])
        {
            await Keep(accountId, events, seen);
            await Compare(accountId, events, 5 + chance.Next(5));
        }
    }

    [Fact]
    public async Task an_instant_in_the_middle_of_a_microsecond_belongs_to_the_one_before()
    {
        foreach (var (ticks, microseconds) in ((long, long)[])[(19, 1), (20, 2), (-1, -1), (-20, -2)])
        {
            Assert.Equal(microseconds, StoredInstant.ToMicroseconds(Instant.FromUnixTimeTicks(ticks)));
        }

        var accountId = await LongLife(4);
        var (first, auditor) = ((await Stream(accountId))[0].Timestamp, ledger.Service.As("auditor"));
        await ReadAccountTests.Settled(ledger.Service, accountId);
        foreach (var (ticks, status) in ((int, HttpStatusCode)[])[(-1, NotFound), (0, Ok), (9, Ok)])
        {
            var at = InstantPattern.ExtendedIso.Format(Instant.FromDateTimeOffset(first).PlusTicks(ticks));
            (await auditor.Get($"/v1/accounts/{accountId}/balances?knownAt={at}")).Expect(status);
        }

        (await auditor.Get($"/v1/accounts/{accountId}/balances?knownAt=-0500-01-01T00:00:00Z")).Expect(NotFound);
    }

    [Fact]
    public async Task pages_that_are_gone_do_not_spoil_those_that_come()
    {
        var accountId = await LongLife(5);
        await Projections.CaughtUp(ledger.Books);
        var seen = (await Stream(accountId)).Count;
        await Keep(accountId, [], 0);

        await Life.Append(ledger.Service, accountId, Life.Deposit(accountId, "shou", "much-later", 2));
        for (var number = 0; number < StreamPage.Length; number++)
        {
            await Life.Append(ledger.Service, accountId, Consent($"{accountId}-later-{number}"));
        }

        await Projections.CaughtUp(ledger.Books);
        var events = await Stream(accountId);
        await using var session = ledger.Books.Read(ledger.Books.BookOf(accountId));
        var kept = await session.Query<BroughtForward>().Where(page => page.AccountId == accountId).ToListAsync();
        var foot = StreamPage.FootBefore(events.Count + 1);
        Assert.InRange(foot, seen + 1, events.Count);
        var page = Assert.Single(kept, page => page.LastVersion == foot);
        var all = Balances.Of(events.Take((int)foot).Select(e => e.Data));
        Assert.Equal(JsonSerializer.Serialize(all), JsonSerializer.Serialize<Balances>(page));
        await Compare(accountId, events, 20);
    }

    private const HttpStatusCode NotFound = HttpStatusCode.NotFound;
    private const HttpStatusCode Ok = HttpStatusCode.OK;

    /// <summary>Asks about instants all over the account's past: exactly at events, just before, just after.</summary>
    private async Task Compare(string accountId, IReadOnlyList<IEvent> events, int step)
    {
        await ReadAccountTests.Settled(ledger.Service, accountId);
        var auditor = ledger.Service.As("auditor");
        var facts = AccountFacts.Of(events);
        var instants = events.Select(e => Instant.FromDateTimeOffset(e.Timestamp)).Distinct().Order().ToList();
        for (var number = 0; number < instants.Count; number += step)
        {
            foreach (var ticks in (int[])[-10, 0, 7])
            {
                var at = instants[number].PlusTicks(ticks);
                var known = facts.KnownAt(at);
                var query = $"knownAt={InstantPattern.ExtendedIso.Format(at)}";
                var reply = await auditor.Get($"/v1/accounts/{accountId}/balances?{query}");
                if (known.Count == 0)
                {
                    reply.Expect(NotFound);
                    continue;
                }

                var body = BalancesBody.Of(accountId, Balances.Of(known.Select(fact => fact.Data)));
                Assert.Equal(JsonSerializer.Serialize(body, AsAnswered), reply.Expect(Ok).Text);
            }
        }
    }

    /// <summary>Some hundred events; now and then one that moves no credit, in a transaction of its own.</summary>
    private async Task<string> LongLife(int seed)
    {
        var accountId = OpenAccountEndpoint.NewAccountId();
        var number = 0;
        foreach (var some in Life.Random(seed, accountId, 220).Chunk(11))
        {
            await Life.Append(ledger.Service, accountId, some);
            await Life.Append(ledger.Service, accountId, Consent($"{accountId}-{number++}"));
        }

        return accountId;
    }

    private static ConsentGranted Consent(string id) => new(id, "shou", "account", new LocalDate(2020, 1, 1), null);

    /// <summary>
    /// Gives every event another instant: mostly later than the one before, sometimes the same or earlier. A record and
    /// its recognition keep the same.
    /// </summary>
    private async Task Stamp(string accountId, IReadOnlyList<IEvent> events, Random chance)
    {
        var clock = StoredInstant.ToMicroseconds(Instant.FromUtc(2026, 1, 1, 0, 0));
        var stamps = new long[events.Count];
        foreach (var (index, e) in events.Index())
        {
            clock += chance.Next(3);
            var isPair = index > 0 && events[index - 1].Data is OutcomeRecorded && e.Data is OutcomeRecognised;
            stamps[index] = isPair ? stamps[index - 1] : clock - (chance.Next(5) == 0 ? chance.Next(40) : 0);
        }

        await using var source = NpgsqlDataSource.Create(ledger.Service.OwnersConnection);
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("set session_replication_role = replica"));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(
                "update ledger.mt_events set timestamp = timestamptz 'epoch' "
                    + "+ ($2::bigint[])[version] * interval '1us' where stream_id = $1"
            )
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = accountId },
                    new NpgsqlParameter<long[]> { TypedValue = stamps },
                },
            }
        );
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Leaves what a projection keeps that has seen the stream up to a version.</summary>
    private async Task Keep(string accountId, IReadOnlyList<IEvent> events, int seen)
    {
        await using var session = ledger.Books.Write(ledger.Books.BookOf(accountId), Actor.Bank);
        session.DeleteWhere<BroughtForward>(kept => kept.AccountId == accountId);
        await session.SaveChangesAsync();
        var sums = new BroughtForward { AccountId = accountId };
        foreach (var e in events.Take(seen).Where(e => BroughtForward.Reads(e.EventType, e.Version)))
        {
            sums.Take(e.Data, e.Version, Instant.FromDateTimeOffset(e.Timestamp));
            if (StreamPage.IsFoot(e.Version))
            {
                session.Store(sums.Copy());
            }
        }

        await session.SaveChangesAsync();
    }

    private async Task<IReadOnlyList<IEvent>> Stream(string accountId)
    {
        await using var session = ledger.Books.Read(ledger.Books.BookOf(accountId));
        return await session.Events.FetchStreamAsync(accountId);
    }

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions();
        CreditBank.Api.Composition.Service.ConfigureJson(options);
        return options;
    }
}

/// <summary>A ledger whose stored events and sums a test may change.</summary>
public sealed class PastLedger : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;

    public LedgerBooks Books => Service.Services.GetRequiredService<LedgerBooks>();

    public async Task InitializeAsync() => Service = await TestService.StartAsync();

    public async Task DisposeAsync() => await Service.DisposeAsync();
}

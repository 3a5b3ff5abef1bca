using System.Net;
using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Merges;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.Tests.Merges;

/// <summary>The day's work and a merge of the same accounts at the same moment.</summary>
public sealed class MergeAgainstExpiryTests(TimedLedger ledger) : IClassFixture<TimedLedger>
{
    private const string Maths = TransferScene.Maths;
    private const int Rounds = 12;

    private LocalDate Today => BankCalendar.DayOf(ledger.Clock.GetCurrentInstant());

    [Fact]
    public async Task an_outcome_that_moves_while_the_book_is_swept_still_expires_once()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var absorbed = await TransferScene.Open(ledger.Service, $"swept-{round}");
            absorbed.Record = ("onlineCourse", $"{Today.PlusYears(-2):uuuu-MM-dd}");
            await absorbed.Deposit(Maths);
            var survivor = await InTheSameBook(absorbed, round);
            var scene = new MergeScene(survivor, absorbed);
            var mergeId = await scene.Propose();

            var merging = scene.Confirm(mergeId);
            while (!merging.IsCompleted)
            {
                await Sweep(absorbed);
            }

            await Sweep(absorbed);
            Assert.True((await merging).Status == HttpStatusCode.OK, (await merging).Text);
            var figures = (await scene.Read(survivor, "/balances"))["lines"]![0]!;
            Assert.Equal((0m, 5m), ((decimal)figures["available"]!, (decimal)figures["expired"]!));
            Assert.Equal(0m, await scene.Total(absorbed, "available"));
        }
    }

    /// <summary>
    /// The sweep has read where the outcome is, and waits for the account's events; meanwhile the outcome's entry goes
    /// along to another account, as in a merge.
    /// </summary>
    [Fact]
    public async Task an_entry_that_moved_after_it_was_read_is_not_taken_off_the_list_for_nothing()
    {
        var survivor = OpenAccountEndpoint.NewAccountId();
        var book = ledger.Books.BookOf(survivor);
        var absorbed = Enumerable
            .Range(0, 10_000)
            .Select(_ => OpenAccountEndpoint.NewAccountId())
            .First(id => ledger.Books.BookOf(id) == book);
        var events = Life.Deposit(survivor, "fudan", "moved", 3, Today.PlusYears(-2));
        events[1] = (OutcomeRecognised)events[1] with { ExpiresOn = Today };
        await Life.Append(ledger.Service, survivor, [Life.Opened(survivor), .. events]);
        await Life.Append(ledger.Service, absorbed, Life.Opened(absorbed));
        await Keep(book, absorbed, events);
        var merges = await MergeGuard.CountAsync(ledger.Books, CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(ledger.Service.OwnersConnection);
        await using var owner = await source.OpenConnectionAsync();
        await using var watcher = await source.OpenConnectionAsync();
        await using var blocking = await owner.BeginTransactionAsync();
        await Run(owner, "lock table ledger.mt_events in access exclusive mode");

        var sweeping = ledger
            .Service.Services.GetRequiredService<ExpirySweep>()
            .RunAsync(book, Today, CancellationToken.None);
        await Eventually.Get<object>(async () => await Run(watcher, WaitingSql) > 0 ? this : null);
        await Keep(book, survivor, events, session => MergeGuard.CountOneMore(session, merges));
        await blocking.CommitAsync();
        await sweeping;

        await using var session = ledger.Books.Read(book);
        var account = (await session.Events.AggregateStreamAsync<Account>(survivor))!;
        Assert.Equal(3m, account.Outcomes.Values.Single().Expired.Amount.Value);
    }

    private const string WaitingSql = """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query ilike '%stream_id%any%'
        """;

    private static async Task<long> Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }

    private async Task Keep(string book, string account, object[] events, Action<IDocumentSession>? more = null)
    {
        await using var session = ledger.Books.Write(book, Actor.Bank);
        ExpiryEntry.Keep(session, account, events);
        more?.Invoke(session);
        await session.SaveChangesAsync();
    }

    private async Task<TransferScene> InTheSameBook(TransferScene other, int round)
    {
        for (var number = 0; ; number++)
        {
            var scene = await TransferScene.Open(ledger.Service, $"sweeping-{round}-{number}");
            if (ledger.Books.BookOf(scene.Account) == ledger.Books.BookOf(other.Account))
            {
                return scene;
            }
        }
    }

    private Task<int> Sweep(TransferScene scene) =>
        ledger
            .Service.Services.GetRequiredService<ExpirySweep>()
            .RunAsync(ledger.Books.BookOf(scene.Account), Today, CancellationToken.None);
}

using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Xunit.Abstractions;

namespace CreditBank.Api.Tests.Expiry;

public sealed class ExpirySweepTests(TimedLedger ledger, ITestOutputHelper output) : IClassFixture<TimedLedger>
{
    private const string Maths = TransferScene.Maths;

    private LocalDate Today => BankCalendar.DayOf(ledger.Clock.GetCurrentInstant());

    [Fact]
    public async Task a_learner_is_warned_twice_and_then_the_credit_expires_once_on_its_day()
    {
        var scene = await Deposited("expiry-day", endsIn: 100);
        var ends = Today.PlusDays(100);
        await Passes(scene, 0);
        Assert.Equal(0, await Count<ExpiryWarned>(scene));

        await Passes(scene, 10);
        Assert.Equal(1, await Count<ExpiryWarned>(scene));
        await Passes(scene, 60);
        Assert.Equal(2, await Count<ExpiryWarned>(scene));
        await Passes(scene, 29);
        Assert.Equal(("5", "0"), await Figures(scene));
        await Passes(scene, 1);

        Assert.Equal(("0", "5"), await Figures(scene));
        Assert.Equal((1, 2), (await Count<CreditExpired>(scene), await Count<ExpiryWarned>(scene)));
        Assert.Equal(("5", "0"), await Figures(scene, $"?effectiveOn={ends.PlusDays(-1):uuuu-MM-dd}"));
        var outcome = (await scene.Learner.Get($"/v1/accounts/{scene.Account}/outcomes")).Json["items"]![0]!;
        Assert.Equal($"{ends:uuuu-MM-dd}", (string?)outcome["expiresOn"]);
        var statement = (await scene.Learner.Get($"/v1/accounts/{scene.Account}/statement")).Json["items"]!.AsArray();
        Assert.Equal("expiry", (string?)statement[^1]!["kind"]);
        Assert.Equal("shelf-life-online", (string?)statement[^1]!["clauses"]![0]!["clause"]);
        var history = await scene.Learner.Get($"/v1/accounts/{scene.Account}/history");
        Assert.Contains($"A warning: this can no longer be used: 5 cn-credit from {ends:uuuu-MM-dd} on.", history.Text);
    }

    [Fact]
    public async Task a_transfer_that_is_open_protects_what_it_holds_and_a_return_lets_it_expire()
    {
        var scene = await Deposited("expiry-held", endsIn: 5);
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";
        await Passes(scene, 5);
        Assert.Equal("0/5/0/0", await scene.Position(Maths));

        (await scene.Approver.Post($"{path}/return", new { reason = "材料不全" })).Expect(HttpStatusCode.OK);

        Assert.Equal(("0", "5"), await Figures(scene));
        var again = await scene.Learner.Post("/v1/transfers", scene.Request(Maths));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.Status);
    }

    [Fact]
    public async Task what_is_held_past_its_day_can_still_be_approved()
    {
        var scene = await Deposited("expiry-approved", endsIn: 5);
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";
        await Passes(scene, 6);

        (await scene.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);

        Assert.Equal("0/0/4/1", await scene.Position(Maths));
        Assert.Equal(0, await Count<CreditExpired>(scene));
    }

    [Fact]
    public async Task a_record_that_comes_too_late_is_there_and_expired_at_once()
    {
        var scene = await Deposited("expiry-late", endsIn: -30);

        Assert.Equal(("0", "5"), await Figures(scene));
        await Passes(scene, 0);
        Assert.Equal(1, await Count<CreditExpired>(scene));
    }

    [Fact]
    public async Task what_is_recorded_shortly_before_its_end_gets_one_warning()
    {
        var scene = await Deposited("expiry-short", endsIn: 20);

        await Passes(scene, 0);
        await Passes(scene, 1);

        Assert.Equal(1, await Count<ExpiryWarned>(scene));
    }

    [Fact]
    public async Task a_certificate_expires_after_the_last_day_of_its_validity()
    {
        var scene = await TransferScene.Open(ledger.Service, "expiry-certificate");
        var until = Today.PlusDays(3);
        var claim = new JsonObject
        {
            ["recordId"] = "certificate-1",
            ["learner"] = new JsonObject { ["accountId"] = scene.Account },
            ["kind"] = "xCertificate",
            ["certificate"] = new JsonObject
            {
                ["number"] = "NO-1",
                ["code"] = "web-frontend",
                ["title"] = "Web 前端开发",
                ["level"] = "intermediate",
                ["issuerId"] = "fudan",
                ["issuedOn"] = "2025-06-30",
                ["validUntil"] = $"{until:uuuu-MM-dd}",
            },
        };
        var claimed = (await scene.Learner.Post("/v1/certificate-claims", claim)).Expect(HttpStatusCode.Created);
        (
            await ledger
                .Service.As("verifier", subject: "verifier")
                .Post(
                    $"/v1/certificate-claims/{claimed.Json["claimId"]}/verification",
                    new { decision = "verified", reason = "与原件核对" }
                )
        ).Expect(HttpStatusCode.OK);

        await Passes(scene, 3);
        var (available, expired) = await Figures(scene);
        Assert.NotEqual("0", available);
        Assert.Equal("0", expired);
        await Passes(scene, 1);

        Assert.Equal(("0", available), await Figures(scene));
    }

    /// <summary>
    /// A slice; <c>CREDITBANK_EXPIRING=10000</c> is the size of the promise, for a machine that does nothing else.
    /// </summary>
    [Fact]
    public async Task many_outcomes_expire_within_ten_seconds_and_a_day_on_which_nothing_does_costs_nothing()
    {
        var outcomes = int.Parse(Environment.GetEnvironmentVariable("CREDITBANK_EXPIRING") ?? "1000", null);
        var ends = Today.PlusDays(1);
        await Append(outcomes, ends);
        ledger.Clock.Advance(1);

        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var seen = await Sweep();
        var took = watch.Elapsed;
        process.Refresh();
        var worked = process.TotalProcessorTime - before;
        watch.Restart();
        var nothing = await Sweep();

        output.WriteLine(
            $"{seen} outcomes in {took.TotalSeconds:0.0} s, {worked.TotalSeconds:0.0} s of them on the processor; "
                + $"nothing in {watch.Elapsed.TotalSeconds:0.000} s"
        );
        Assert.True(seen >= outcomes, $"{seen}");
        Assert.Equal(0, nothing);
        Assert.True(took < TimeSpan.FromSeconds(10), $"{took}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed}");
    }

    private async Task Append(int count, LocalDate ends)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(500))
        {
            foreach (var book in chunk.GroupBy(number => ledger.Books.Learners[number % ledger.Books.Learners.Count]))
            {
                await using var session = ledger.Books.Write(book.Key, new Actor("actor-1", null));
                foreach (var number in book)
                {
                    var accountId = Enumerable
                        .Repeat(0, 1000)
                        .Select(_ => OpenAccountEndpoint.NewAccountId())
                        .First(id => ledger.Books.BookOf(id) == book.Key);
                    var events = Life.Deposit(accountId, "fudan", $"r-{number}", 3, ends.PlusDays(-700));
                    events[1] = (OutcomeRecognised)events[1] with { ExpiresOn = ends };
                    session.Events.StartStream<Account>(accountId, [Life.Opened(accountId), .. events]);
                    ExpiryEntry.Keep(session, accountId, events);
                }

                await session.SaveChangesAsync();
            }
        }
    }

    /// <summary>An online course of 5 credits whose two years end in so many days.</summary>
    private async Task<TransferScene> Deposited(string id, int endsIn)
    {
        var scene = await TransferScene.Open(ledger.Service, id);
        scene.Record = ("onlineCourse", $"{Today.PlusDays(endsIn).PlusYears(-2):uuuu-MM-dd}");
        await scene.Deposit(Maths);
        return scene;
    }

    /// <summary>Days pass, and the book does twice what they bring about.</summary>
    private async Task Passes(TransferScene scene, int days)
    {
        ledger.Clock.Advance(days);
        var book = ledger.Books.BookOf(scene.Account);
        var sweep = ledger.Service.Services.GetRequiredService<ExpirySweep>();
        await Task.WhenAll(
            sweep.RunAsync(book, Today, CancellationToken.None),
            sweep.RunAsync(book, Today, CancellationToken.None)
        );
    }

    private async Task<int> Sweep()
    {
        var seen = 0;
        foreach (var book in ledger.Books.Learners)
        {
            var sweep = ledger.Service.Services.GetRequiredService<ExpirySweep>();
            seen += await sweep.RunAsync(book, Today, CancellationToken.None);
        }

        return seen;
    }

    private static async Task<(string Available, string Expired)> Figures(TransferScene scene, string query = "")
    {
        var balances = (await scene.Learner.Get($"/v1/accounts/{scene.Account}/balances{query}")).Json;
        var line = balances["lines"]![0]!;
        return (line["available"]!.ToString(), line["expired"]!.ToString());
    }

    private async Task<int> Count<T>(TransferScene scene)
    {
        await using var session = ledger.Books.Read(ledger.Books.BookOf(scene.Account));
        return (await session.Events.FetchStreamAsync(scene.Account)).Count(@event => @event.Data is T);
    }
}

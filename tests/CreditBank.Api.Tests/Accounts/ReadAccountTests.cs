using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.Tests.Accounts;

public sealed class ReadAccountTests
{
    private static readonly string[] Views = ["", "/outcomes", "/balances", "/statement", "/history"];

    [Fact]
    public async Task a_read_right_after_a_write_shows_the_write()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(service);
        var learner = service.As("learner", account: account);
        for (var number = 1; number <= 10; number++)
        {
            await Life.Append(service, account, Life.Deposit(account, "uni-a", $"r-{number}", 1.5m));

            var balances = (await learner.Get($"/v1/accounts/{account}/balances")).Expect(HttpStatusCode.OK);

            Assert.Equal(1.5m * number, balances.Json["totals"]!["available"]!.GetValue<decimal>());
        }
    }

    [Fact]
    public async Task balances_that_have_not_changed_are_not_sent_again()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(service, id => Life.Deposit(id, "uni-a", "r-1", 3));
        var first = (await service.As("learner", account: account).Get($"/v1/accounts/{account}/balances")).Expect(
            HttpStatusCode.OK
        );

        var again = await service
            .As("learner", account: account)
            .With("If-None-Match", first.Headers.ETag!.ToString())
            .Get($"/v1/accounts/{account}/balances");

        again.Expect(HttpStatusCode.NotModified);
        Assert.False(first.Headers.ETag.IsWeak);
    }

    [Fact]
    public async Task an_account_without_credit_has_balances_of_nothing()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(service);

        var balances = await service.As("learner", account: account).Get($"/v1/accounts/{account}/balances");

        Assert.Equal(0m, balances.Expect(HttpStatusCode.OK).Json["totals"]!["recorded"]!.GetValue<decimal>());
        Assert.Empty(balances.Json["lines"]!.AsArray());
    }

    [Fact]
    public async Task two_clocks_are_answered_on_every_view()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(service, id => Life.Deposit(id, "uni-a", "r-1", 3, new LocalDate(2021, 1, 1)));
        var between = await Settled(service, account);
        await Life.Append(service, account, Life.Deposit(account, "uni-a", "r-2", 4, new LocalDate(2019, 1, 1)));
        await Settled(service, account);
        var auditor = service.As("auditor");

        async Task<decimal> Available(string query) =>
            (await auditor.Get($"/v1/accounts/{account}/balances?{query}")).Expect(HttpStatusCode.OK).Json["totals"]![
                "available"
            ]!.GetValue<decimal>();

        Assert.Equal(3m, await Available($"knownAt={between}"));
        Assert.Equal(4m, await Available("effectiveOn=2020-01-01"));
        Assert.Equal(0m, await Available($"knownAt={between}&effectiveOn=2020-01-01"));
        Assert.Equal(7m, await Available("effectiveOn=2021-01-01"));
        Assert.Single(Items(await auditor.Get($"/v1/accounts/{account}/outcomes?knownAt={between}")));
        Assert.Single(Items(await auditor.Get($"/v1/accounts/{account}/outcomes?effectiveOn=2020-01-01")));
        Assert.Equal(2, Items(await auditor.Get($"/v1/accounts/{account}/statement?knownAt={between}")).Count);
        Assert.Equal(3, Items(await auditor.Get($"/v1/accounts/{account}/history?knownAt={between}")).Count);
        var then = await auditor.Get($"/v1/accounts/{account}?knownAt={between}");
        Assert.Equal(1, then.Json["outcomeCount"]!.GetValue<int>());
    }

    [Fact]
    public async Task an_instant_that_is_not_settled_is_refused_with_the_one_that_is()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(service);
        foreach (var view in Views)
        {
            var refused = await service
                .As("learner", account: account)
                .Get($"/v1/accounts/{account}{view}?knownAt=2199-01-01T00:00:00Z");

            refused.Expect(HttpStatusCode.UnprocessableEntity);
            Assert.Equal("time.notSettled", refused.Code);
            Assert.True(InstantPattern.ExtendedIso.Parse(refused.Json["state"]!.GetValue<string>()).Success);
        }
    }

    [Fact]
    public async Task a_running_transaction_keeps_its_past_open()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(service);
        var books = service.Services.GetRequiredService<LedgerBooks>();
        await using var writer = books.Write(books.BookOf(account), Actor.Bank);
        await writer.BeginTransactionAsync(CancellationToken.None);
        await writer.QueryAsync<int>("select 1");
        var begun = InstantPattern.ExtendedIso.Format(
            SystemClock.Instance.GetCurrentInstant() + Duration.FromMilliseconds(1)
        );

        var refused = await service.As("auditor").Get($"/v1/accounts/{account}?knownAt={begun}");

        Assert.Equal("time.notSettled", refused.Expect(HttpStatusCode.UnprocessableEntity).Code);
    }

    [Fact]
    public async Task wrong_clocks_limits_and_cursors_are_named()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(service);
        var learner = service.As("learner", account: account);

        Assert.Equal("query.knownAt", (await learner.Get($"/v1/accounts/{account}?knownAt=today")).Code);
        Assert.Equal("query.effectiveOn", (await learner.Get($"/v1/accounts/{account}?effectiveOn=2020-13-01")).Code);
        Assert.Equal("query.limit", (await learner.Get($"/v1/accounts/{account}/outcomes?limit=0")).Code);
        Assert.Equal("query.cursor", (await learner.Get($"/v1/accounts/{account}/statement?cursor=AAAA")).Code);
        Assert.Equal("query.cursor", (await learner.Get($"/v1/accounts/{account}/history?cursor=YWJj")).Code);
    }

    [Fact]
    public async Task who_may_not_know_of_an_account_learns_nothing()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(service, id => Life.Deposit(id, "uni-a", "r-1", 3));
        var other = await Life.Begin(service);
        TestCaller[] strangers =
        [
            service.As("learner", account: other),
            service.As("registry", "uni-stranger"),
            service.As("verifier"),
        ];
        foreach (var stranger in strangers)
        {
            foreach (var view in Views)
            {
                var refused = await stranger.Get($"/v1/accounts/{account}{view}");
                Assert.Equal("account.unknown", refused.Expect(HttpStatusCode.NotFound).Code);
            }
        }

        (await service.Anonymous().Get($"/v1/accounts/{account}")).Expect(HttpStatusCode.Unauthorized);
        (await service.As("auditor").Get("/v1/accounts/nonsense/balances")).Expect(HttpStatusCode.NotFound);
        (await service.As("operator").Get($"/v1/accounts/{account}")).Expect(HttpStatusCode.OK);
        (await service.As("operator").Get($"/v1/accounts/{account}/balances")).Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task an_issuer_sees_its_own_rows_until_the_learner_allows_more()
    {
        var service = await TestService.SharedAsync();
        await service.As("operator").Post("/v1/institutions", Sample.Institution("reads-own"));
        var account = await Life.Begin(
            service,
            id => Life.Deposit(id, "reads-own", "r-1", 3),
            id => Life.Deposit(id, "uni-b", "r-2", 4)
        );
        var issuer = service.As("registry", "reads-own");
        var learner = service.As("learner", account: account);

        var own = await issuer.Get($"/v1/accounts/{account}/balances");
        Assert.Equal(3m, own.Expect(HttpStatusCode.OK).Json["totals"]!["available"]!.GetValue<decimal>());
        Assert.Single(Items(await issuer.Get($"/v1/accounts/{account}/outcomes")));

        var consent = await learner.Post(
            $"/v1/accounts/{account}/consents",
            new { institutionId = "reads-own", scope = "account" }
        );
        consent.Expect(HttpStatusCode.Created);
        var all = await issuer.Get($"/v1/accounts/{account}/balances");
        Assert.Equal(7m, all.Expect(HttpStatusCode.OK).Json["totals"]!["available"]!.GetValue<decimal>());

        var consentId = consent.Json["consentId"]!.GetValue<string>();
        (await learner.Delete($"/v1/accounts/{account}/consents/{consentId}")).Expect(HttpStatusCode.OK);
        Assert.Single(Items(await issuer.Get($"/v1/accounts/{account}/outcomes")));
        var again = await learner.Delete($"/v1/accounts/{account}/consents/{consentId}");
        Assert.Equal("consent.withdrawn", again.Expect(HttpStatusCode.Conflict).Code);
        Assert.Single(Items(await learner.Get($"/v1/accounts/{account}/consents")));
    }

    [Fact]
    public async Task only_the_learner_gives_consent_and_only_to_an_institution()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(service, id => Life.Deposit(id, "uni-a", "r-1", 3));
        var body = new { institutionId = "reads-nobody", scope = "account" };

        var unknown = await service.As("learner", account: account).Post($"/v1/accounts/{account}/consents", body);
        var auditor = await service.As("auditor").Post($"/v1/accounts/{account}/consents", body);
        var issuer = await service.As("registry", "uni-a").Post($"/v1/accounts/{account}/consents", body);

        Assert.Equal("consent.institution", unknown.Expect(HttpStatusCode.UnprocessableEntity).Code);
        auditor.Expect(HttpStatusCode.Forbidden);
        issuer.Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task lists_are_paged_without_gaps_or_repeats()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(
            service,
            id => [.. Enumerable.Range(1, 25).SelectMany(number => Life.Deposit(id, "uni-a", $"r-{number}", 1))]
        );
        var learner = service.As("learner", account: account);
        foreach (var (view, count) in new[] { ("outcomes", 25), ("statement", 50), ("history", 51) })
        {
            var seen = new List<string>();
            string? cursor = null;
            do
            {
                var query = cursor is null ? "limit=7" : $"limit=7&cursor={cursor}";
                var page = (await learner.Get($"/v1/accounts/{account}/{view}?{query}")).Expect(HttpStatusCode.OK);
                seen.AddRange(Items(page).Select(item => item!.ToJsonString()));
                cursor = page.Json["nextCursor"]?.GetValue<string>();
            } while (cursor is not null);

            Assert.Equal(count, seen.Count);
            Assert.Equal(count, seen.Distinct().Count());
        }
    }

    [Fact]
    public async Task words_come_in_the_language_asked_for()
    {
        var service = await TestService.SharedAsync();
        var account = await Life.Begin(service, id => Life.Deposit(id, "uni-a", "r-1", 3));

        var zh = await service
            .As("learner", account: account)
            .With("Accept-Language", "zh-CN")
            .Get($"/v1/accounts/{account}/history");
        var en = await service.As("learner", account: account).Get($"/v1/accounts/{account}/history");

        Assert.Equal("开户。", Items(zh)[0]!["text"]!.GetValue<string>());
        Assert.Equal("The account was opened.", Items(en)[0]!["text"]!.GetValue<string>());
        Assert.Equal("actor-1", Items(en)[0]!["actorId"]!.GetValue<string>());
    }

    private static JsonArray Items(Reply reply) => reply.Expect(HttpStatusCode.OK).Json["items"]!.AsArray();

    /// <summary>An instant after everything recorded so far that the service answers for.</summary>
    internal static async Task<string> Settled(TestService service, string account)
    {
        var now = InstantPattern.ExtendedIso.Format(SystemClock.Instance.GetCurrentInstant());
        var auditor = service.As("auditor");
        await Eventually.Get(async () =>
        {
            var reply = await auditor.Get($"/v1/accounts/{account}?knownAt={now}");
            return reply.Status == HttpStatusCode.OK ? reply : null;
        });
        return now;
    }
}

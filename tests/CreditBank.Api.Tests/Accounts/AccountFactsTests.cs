using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Tests.Support;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Accounts;

public sealed class AccountFactsTests
{
    private const string AccountId = "acc-00-00000000000000000000";
    private static readonly LocalDate Today = new(2026, 3, 1);

    [Fact]
    public void what_was_known_is_always_a_prefix()
    {
        var facts = BalancesPropertyTests.FactsOf(Life.Random(7, AccountId));
        var cut = facts[facts.Count / 2].RecordedAt;

        var known = facts.KnownAt(cut);

        Assert.Equal(facts.Take(known.Count), known);
        Assert.Equal(facts.Count / 2 + 1, known.Count);
        Assert.Empty(facts.KnownAt(facts[0].RecordedAt - Duration.Epsilon));
    }

    [Fact]
    public void a_consent_of_the_account_opens_all_of_it_while_it_holds()
    {
        var granted = new ConsentGranted("con-1", "uni-2", ConsentScopes.Account, Today, Today.PlusDays(10));

        Assert.Equal(Sight.OwnRows, SightOn(Today.PlusDays(-1), granted));
        Assert.Equal(Sight.Whole, SightOn(Today, granted));
        Assert.Equal(Sight.Whole, SightOn(Today.PlusDays(9), granted));
        Assert.Equal(Sight.OwnRows, SightOn(Today.PlusDays(10), granted));
        Assert.Equal(
            Sight.OwnRows,
            SightOn(Today.PlusDays(5), granted, new ConsentWithdrawn("con-1", Today.PlusDays(5)))
        );
    }

    [Fact]
    public void a_consent_of_the_outcomes_opens_the_outcomes_only()
    {
        var granted = new ConsentGranted("con-1", "uni-2", ConsentScopes.Outcomes, Today, null);
        var facts = BalancesPropertyTests.FactsOf([Life.Opened(AccountId), granted]);

        Assert.Equal(Sight.Whole, See(facts, ConsentScopes.Outcomes, Today));
        Assert.Equal(Sight.OwnRows, See(facts, ConsentScopes.Account, Today));
    }

    [Fact]
    public void a_statement_cites_the_clause_behind_each_figure()
    {
        var facts = BalancesPropertyTests.FactsOf([
            Life.Opened(AccountId),
            .. Life.Deposit(AccountId, "uni-1", "r-1", 3),
        ]);

        var lines = Statement.Of(facts, null).ToList();

        Assert.Equal([StatementKind.Deposit, StatementKind.Recognition], lines.Select(line => line.Kind));
        Assert.Equal(Credits.Zero, lines[0].Available);
        Assert.Equal(new Credits(3), lines[1].StandardAvailable);
        Assert.Equal([new Citation("sqf-2016.1", "RK-01")], lines[1].Clauses);
        Assert.Equal("Course r-1", lines[1].Title);
    }

    [Fact]
    public void every_event_of_an_account_has_words()
    {
        foreach (var @event in Life.Random(11, AccountId, length: 200))
        {
            var words = HistoryTexts.Of(@event);
            Assert.NotEqual("Another change.", words.En);
            Assert.NotEqual("其他变更。", words.Zh);
        }
    }

    [Fact]
    public void a_consent_is_taken_back_once()
    {
        var consent = new ConsentState(new("con-1", "uni-1", ConsentScopes.Account, Today, null), null);

        Assert.True(WithdrawConsentEndpoint.Decide(consent, Today).Is(out var withdrawn, out _));
        Assert.Equal(new ConsentWithdrawn("con-1", Today), withdrawn);
        Assert.Equal(
            "consent.withdrawn",
            WithdrawConsentEndpoint.Decide(consent with { WithdrawnOn = Today }, Today).Refusal?.Code
        );
        Assert.Equal("consent.unknown", WithdrawConsentEndpoint.Decide(null, Today).Refusal?.Code);
    }

    private static Sight SightOn(LocalDate on, params object[] consents) =>
        See(BalancesPropertyTests.FactsOf([Life.Opened(AccountId), .. consents]), ConsentScopes.Account, on);

    private static Sight See(IReadOnlyList<AccountFact> facts, string scope, LocalDate on)
    {
        var caller = new Caller("actor", new HashSet<string> { CallerRoles.Registry }, "uni-2", null);
        return AccountReading.See(AccountId, facts, caller, Sight.OwnRows, scope, on).Sight;
    }
}

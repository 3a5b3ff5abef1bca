using CreditBank.Api.Accounts;
using CreditBank.Api.Tests.Support;
using CreditBank.Kernel;
using CreditBank.Ledger.Journal;
using FsCheck;
using FsCheck.Xunit;
using NodaTime;

namespace CreditBank.Api.Tests.Accounts;

public sealed class BalancesPropertyTests
{
    private const string AccountId = "acc-00-00000000000000000000";

    [Property(MaxTest = 60)]
    public void every_prefix_on_every_day_is_in_balance(DoNotSize<int> seed)
    {
        var events = Life.Random(seed.Item, AccountId);
        foreach (var length in Enumerable.Range(0, events.Count + 1))
        {
            foreach (var on in new LocalDate?[] { null, new(2016, 6, 1), new(2020, 6, 1) })
            {
                var trial = new TrialBalance();
                foreach (var @event in events.Take(length))
                {
                    trial.Add(@event, on);
                }

                Assert.All(trial.Lines(), line => Assert.Equal(Credits.Zero, line.Total));
            }
        }
    }

    [Property(MaxTest = 60)]
    public void recorded_is_the_sum_of_where_credit_is(DoNotSize<int> seed)
    {
        var balances = new Balances();
        foreach (var @event in Life.Random(seed.Item, AccountId))
        {
            balances.Add(@event);
            foreach (var sums in balances.Units.Append(balances.Standard))
            {
                Assert.Equal(
                    sums.Recorded,
                    sums.Figures().Where(figure => figure.Name != "recorded").Sum(figure => figure.Amount)
                );
            }
        }
    }

    [Property(MaxTest = 60)]
    public void the_balances_are_what_decisions_see(DoNotSize<int> seed)
    {
        var events = Life.Random(seed.Item, AccountId);
        var account = new Account();
        foreach (var @event in events)
        {
            account.Apply((dynamic)@event);
        }

        var balances = Balances.Of(events);

        Assert.Equal(account.Outcomes.Values.Sum(outcome => outcome.Available.Standard), balances.Standard.Available);
        Assert.Equal(account.Outcomes.Values.Sum(outcome => outcome.Held.Standard), balances.Standard.Held);
        Assert.Equal(account.Outcomes.Values.Sum(outcome => outcome.Converted.Standard), balances.Standard.Converted);
        Assert.Equal(account.Outcomes.Values.Sum(outcome => outcome.Forfeited.Standard), balances.Standard.Forfeited);
        Assert.Equal(account.Outcomes.Values.Sum(outcome => outcome.Revoked.Standard), balances.Standard.Revoked);
    }

    [Property(MaxTest = 60)]
    public void outcomes_add_up_to_the_account(DoNotSize<int> seed)
    {
        var facts = FactsOf(Life.Random(seed.Item, AccountId));
        foreach (var on in new LocalDate?[] { null, new(2020, 6, 1) })
        {
            var whole = Balances.Of(facts.Select(fact => fact.Data), on);
            var outcomes = OutcomeView.Fold(facts, on);

            Assert.Equal(whole.Standard.Recorded, outcomes.Sum(outcome => outcome.Balances.Standard.Recorded));
            if (on is null)
            {
                Assert.Equal(whole.Standard.Available, outcomes.Sum(outcome => outcome.Balances.Standard.Available));
                Assert.Equal(whole.Standard.Converted, outcomes.Sum(outcome => outcome.Balances.Standard.Converted));
            }
        }
    }

    [Property(MaxTest = 60)]
    public void a_statement_ends_at_the_balances(DoNotSize<int> seed)
    {
        var facts = FactsOf(Life.Random(seed.Item, AccountId));
        foreach (var on in new LocalDate?[] { null, new(2020, 6, 1) })
        {
            var last = Statement.Of(facts, on).LastOrDefault();
            var whole = Balances.Of(facts.Select(fact => fact.Data), on);

            Assert.Equal(whole.Standard.Available, last?.StandardAvailable ?? Credits.Zero);
            Assert.Equal(whole.Standard.Held, last?.StandardHeld ?? Credits.Zero);
        }
    }

    [Property(MaxTest = 60)]
    public void own_rows_of_all_issuers_are_all_of_the_credit(DoNotSize<int> seed)
    {
        var facts = FactsOf(Life.Random(seed.Item, AccountId));
        var whole = Balances.Of(facts.Select(fact => fact.Data));
        var parts = Enumerable
            .Range(0, 3)
            .Select(number => Balances.Of(facts.OwnRowsOf($"uni-{number}").Select(fact => fact.Data)))
            .ToList();

        foreach (var (name, amount) in whole.Standard.Figures())
        {
            Assert.Equal(amount, parts.Sum(part => part.Standard.Figures().Single(sum => sum.Name == name).Amount));
        }

        Assert.Equal(
            whole.Granted.Sum(granted => granted.Amount),
            parts.Sum(part => part.Granted.Sum(granted => granted.Amount))
        );
    }

    internal static IReadOnlyList<AccountFact> FactsOf(IEnumerable<object> events) =>
        [
            .. events.Select(
                (data, index) =>
                    new AccountFact(
                        index + 1,
                        Guid.Empty,
                        data,
                        Instant.FromUnixTimeSeconds(1_700_000_000 + index),
                        "a"
                    )
            ),
        ];
}

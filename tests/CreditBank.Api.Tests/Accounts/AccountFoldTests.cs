using CreditBank.Api.Accounts;
using CreditBank.Api.Awards;
using CreditBank.Api.Tests.Support;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Accounts;

public sealed class AccountFoldTests
{
    private const string AccountId = "acc-00-00000000000000000000";
    private static readonly LocalDate Today = new(2026, 3, 1);

    [Fact]
    public void an_account_that_was_loaded_with_many_knows_its_awards_and_who_conferred_them()
    {
        var conferred = new AwardConferred(
            "awd-1",
            "shou",
            "cs",
            1,
            "学位",
            "sqf-2016.1",
            [],
            [],
            ["o"],
            [],
            null,
            Today
        );
        IEvent[] events =
        [
            new Event<AccountOpened>(Life.Opened(AccountId)) { Version = 1 },
            new Event<AwardConferred>(conferred) { Version = 2, UserName = "the dean" },
            new Event<AwardReviewOpened>(new AwardReviewOpened("awd-1", "shou", "o", "revoked", Today)) { Version = 3 },
        ];

        var account = AccountFold.Of(AccountId, events);

        var award = Assert.Single(account.Awards).Value;
        Assert.Equal((3, AwardStates.UnderReview, "the dean"), (account.Version, award.State, award.ConferredBy));
    }

    [Fact]
    public void what_would_be_leaves_the_account_as_it_is()
    {
        var account = new Account { Id = AccountId };
        foreach (var one in Life.Random(11, AccountId))
        {
            AccountFold.Apply(account, one);
        }

        var before = Words(account);
        var outcome = account.Outcomes.Values.First(position => !position.Available.IsNothing);
        var copy = account.After([
            new CreditHeld("trf-new", [new HeldLine(outcome.OutcomeId, outcome.Available)], Today),
        ]);

        Assert.Equal(before, Words(account));
        Assert.Equal(before, Words(account.After([])));
        Assert.NotEqual(before, Words(copy));
    }

    private static string Words(Account account) =>
        string.Join(
            '\n',
            account.Outcomes.Values.Select(position =>
                $"{position.OutcomeId} {position.Status} {position.Available} {position.Held} {position.Converted} "
                + $"{position.Forfeited} {position.Expired} {position.Revoked} {position.MovedOn} "
                + string.Join(',', position.Holds)
            )
        ) + string.Join('\n', account.Conversions.Select(conversion => conversion.TransferId));
}

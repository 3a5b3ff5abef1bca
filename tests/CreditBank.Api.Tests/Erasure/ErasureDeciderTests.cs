using CreditBank.Api.Accounts;
using CreditBank.Api.Awards;
using CreditBank.Api.Erasure;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Erasure;

public sealed class ErasureDeciderTests
{
    private static readonly LocalDate Conferred = new(2020, 2, 29);

    [Theory]
    [InlineData(AwardStates.Conferred, 10, "2030-02-28", "request", "erasure.retained")]
    [InlineData(AwardStates.UnderReview, 10, "2030-02-28", "purposeMet", "erasure.retained")]
    [InlineData(AwardStates.Conferred, 10, "2030-03-01", "retentionOver", null)]
    [InlineData(AwardStates.Rescinded, 10, "2021-01-01", "request", null)]
    [InlineData(AwardStates.Conferred, 0, "2021-01-01", "request", null)]
    [InlineData(AwardStates.Conferred, 10, "2021-01-01", "unlawful", null)]
    public void whose_award_stands_is_known_for_the_term_that_the_operator_sets(
        string state,
        int years,
        string today,
        string reason,
        string? code
    )
    {
        var account = new Account { Id = "acc-07-00000000000000000000" };
        var award = new AwardConferred(
            "awd-1",
            "shou",
            "cs",
            1,
            "计算机",
            "sqf-2016.1",
            [],
            [],
            [],
            [],
            null,
            Conferred
        );
        account.Awards["awd-1"] = new Award(award, state, "somebody");
        var on = NodaTime.Text.LocalDatePattern.Iso.Parse(today).Value;

        var refusal = ErasureDecider.Erase(account, reason, [], new RetentionTerms { Years = years }, on).Refusal;

        Assert.Equal(code, refusal?.Code);
        Assert.Equal(code is null ? null : "2030-02-28", refusal?.State);
    }
}

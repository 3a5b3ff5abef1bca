using CreditBank.Api.Accounts;
using CreditBank.Api.Awards;
using CreditBank.Api.Outcomes;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Outcomes;

public sealed class OutcomeDeciderTests
{
    private const string OutcomeId = "out-07-00000000000000000000";
    private static readonly LocalDate Completed = new(2025, 6, 30);
    private static readonly LocalDate Held = new(2025, 9, 1);
    private static readonly LocalDate Posted = new(2025, 10, 1);
    private static readonly LocalDate Today = new(2026, 3, 1);

    private static readonly OutcomeRecord Record = new()
    {
        InstitutionId = "uni",
        RecordId = "r-1",
        Revision = 1,
        Kind = "academicCourse",
        CourseCode = "C1",
        Title = "程序设计",
        Credits = new Credits(4),
        Unit = "cn-credit",
        Result = "passed",
        CompletedOn = Completed,
    };

    [Fact]
    public void a_withdrawal_takes_what_is_available_from_the_day_it_was_true()
    {
        var account = Folded();

        var withdrawn = Assert.IsType<OutcomeWithdrawn>(
            Assert.Single(OutcomeDecider.Withdraw(Standing(account), "issuerError", "note-1", Today).Value!.OfAccount)
        );

        Assert.Equal(Worth(4), withdrawn.Removed);
        Assert.Equal(Completed, withdrawn.EffectiveOn);
        account.Apply(withdrawn);
        Assert.True(account.Outcomes[OutcomeId].Available.IsNothing);
    }

    [Fact]
    public void what_was_converted_is_taken_back_on_its_own_day_and_named()
    {
        var account = Folded();
        account.Apply(new CreditHeld("trf-2", [new HeldLine(OutcomeId, Worth(2))], Held));
        account.Apply(Conversion("trf-2", 2));
        var position = account.Outcomes[OutcomeId];

        var events = OutcomeDecider.Revoke(Standing(account), "fraud", null, Today).Value!;
        var body = OutcomeChangeBody.Of(account, position, events.OfAccount);

        var reversed = Assert.IsType<ConversionReversed>(events.OfAccount[0]);
        Assert.Equal((Posted, OutcomeId), (reversed.EffectiveOn, reversed.CausedBy));
        var revoked = Assert.IsType<OutcomeRevoked>(events.OfAccount[1]);
        Assert.Equal((Worth(4), Posted), (revoked.Revoked, revoked.EffectiveOn));
        Assert.Equal([1], Assert.Single(events.OfTransfers).Lines);
        Assert.Equal("revoked", body.State);
        Assert.Equal(new Credits(2), body.AvailableBefore.Amount);
        Assert.True(body.Available.Amount.IsZero);
        Assert.Equal(
            [("trf-2", "reversed", new Credits(2))],
            body.Dependents.Select(dependent => (dependent.TransferId, dependent.State, dependent.Debited.Amount))
        );
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(0, true)]
    public void a_correction_takes_a_conversion_back_only_when_it_is_worth_less_than_was_used(int credits, bool unwinds)
    {
        var account = Folded();
        account.Apply(new CreditHeld("trf-2", [new HeldLine(OutcomeId, Worth(2))], Held));
        account.Apply(Conversion("trf-2", 2));

        var events = CorrectionDecider.Decide(
            Standing(account),
            new OutcomeCorrected(OutcomeId, Record with { Revision = 2 }, "creditChange", null, null),
            new OutcomeRecognised(OutcomeId, "sqf-2016.1", [], "5", Worth(credits), Worth(4), "uni", Completed),
            Today
        );

        Assert.Equal(unwinds, events.OfAccount[0] is ConversionReversed);
        foreach (var one in events.OfAccount)
        {
            AccountFold.Apply(account, one);
        }

        var position = account.Outcomes[OutcomeId];
        Assert.Equal(Worth(unwinds ? credits : credits - 2), position.Available);
        Assert.Equal(unwinds ? 0 : 1, account.Conversions.Count);
        Assert.Equal(Posted, position.Recognition!.ReplacesOn);
    }

    [Theory]
    [InlineData("nothing", 4, false)]
    [InlineData("title", 4, false)]
    [InlineData("nothing", 5, false)]
    [InlineData("nothing", 3, true)]
    [InlineData("grade", 4, true)]
    [InlineData("course", 5, true)]
    [InlineData("day", 4, true)]
    public void a_correction_of_what_an_award_counts_opens_its_review(string change, int credits, bool isReviewed)
    {
        var account = Folded();
        var award = new AwardConferred(
            "awd-07-1",
            "shou",
            "cs",
            1,
            "计算机",
            "sqf-2016.1",
            [],
            [],
            [OutcomeId],
            [],
            null,
            Today
        );
        account.Awards["awd-07-1"] = new Award(award, AwardStates.Conferred, "somebody");
        var record = change switch
        {
            "title" => Record with { Title = "编程" },
            "grade" => Record with { GradeScale = "percent", GradeValue = "60" },
            "course" => Record with { CourseCode = "C2" },
            "day" => Record with { CompletedOn = Completed.PlusDays(1) },
            _ => Record,
        };

        var events = CorrectionDecider.Decide(
            Standing(account),
            new OutcomeCorrected(OutcomeId, record with { Revision = 2 }, "issuerError", null, null),
            new OutcomeRecognised(OutcomeId, "sqf-2016.1", [], "5", Worth(credits), Worth(4), "uni", Completed),
            Today
        );

        var reviews = events.OfAccount.OfType<AwardReviewOpened>().Select(review => (review.AwardId, review.Cause));
        Assert.Equal(isReviewed ? [("awd-07-1", UnwindingCauses.Corrected)] : [], reviews);
    }

    [Fact]
    public void an_outcome_ends_once()
    {
        var account = Folded();
        var withdrawn = OutcomeDecider.Withdraw(Standing(account), "other", null, Today).Value!.OfAccount[0];
        account.Apply((OutcomeWithdrawn)withdrawn);

        var second = OutcomeDecider.Withdraw(Standing(account), "other", null, Today).Refusal;

        Assert.Equal("outcome.ended", second?.Code);
        Assert.Equal("withdrawn", second?.State);
        Assert.Equal("outcome.ended", OutcomeDecider.Revoke(Standing(account), "fraud", null, Today).Refusal?.Code);
    }

    private static OutcomeStanding Standing(Account account) =>
        new(account, account.Outcomes[OutcomeId], new Dictionary<string, Transfer>());

    private static Account Folded()
    {
        var account = new Account { Id = "acc-07-00000000000000000000" };
        account.Apply(new OutcomeRecorded(OutcomeId, Record, new OutcomeSource("transcript", "t")));
        account.Apply(new OutcomeRecognised(OutcomeId, "sqf-2016.1", [], "5", Worth(4), null, "uni", Completed));
        return account;
    }

    private static CreditConverted Conversion(string transferId, int credits) =>
        new(
            transferId,
            "uni",
            "se",
            [
                new ConvertedLine(
                    1,
                    "sqf-2016.1",
                    [],
                    [new Debit(OutcomeId, Worth(credits), Ledger.Events.Worth.Nothing("cn-credit"))],
                    []
                ),
            ],
            Posted
        );

    private static Worth Worth(int credits) => new(new Credits(credits), "cn-credit", new Credits(credits));
}

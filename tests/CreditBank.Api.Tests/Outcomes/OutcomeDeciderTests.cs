using CreditBank.Api.Accounts;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Outcomes;

public sealed class OutcomeDeciderTests
{
    private const string OutcomeId = "out-07-00000000000000000000";
    private static readonly LocalDate Completed = new(2025, 6, 30);

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
            Assert.Single(OutcomeDecider.Withdraw(account.Outcomes[OutcomeId], "issuerError", "note-1").Value!)
        );

        Assert.Equal(Worth(4), withdrawn.Removed);
        Assert.Equal(Completed, withdrawn.EffectiveOn);
        account.Apply(withdrawn);
        Assert.True(account.Outcomes[OutcomeId].Available.IsNothing);
    }

    [Fact]
    public void what_is_held_or_converted_stays_and_is_named()
    {
        var account = Folded();
        account.Apply(new CreditHeld("trf-1", [new HeldLine(OutcomeId, Worth(1))], Completed));
        account.Apply(new CreditHeld("trf-2", [new HeldLine(OutcomeId, Worth(2))], Completed));
        account.Apply(Conversion("trf-2", 2));
        var position = account.Outcomes[OutcomeId];

        var events = OutcomeDecider.Revoke(position, "fraud", null).Value!;
        var body = OutcomeChangeBody.Of(account, position, events);

        Assert.Equal(Worth(1), Assert.IsType<OutcomeRevoked>(Assert.Single(events)).Revoked);
        Assert.Equal("revoked", body.State);
        Assert.Equal(new Credits(1), body.AvailableBefore.Amount);
        Assert.True(body.Available.Amount.IsZero);
        Assert.Equal(
            [("trf-1", "held", new Credits(1)), ("trf-2", "converted", new Credits(2))],
            body.Dependents.Select(dependent => (dependent.TransferId, dependent.State, dependent.Debited.Amount))
        );
    }

    [Fact]
    public void an_outcome_ends_once()
    {
        var account = Folded();
        var position = account.Outcomes[OutcomeId];
        account.Apply((OutcomeWithdrawn)OutcomeDecider.Withdraw(position, "other", null).Value![0]);

        var second = OutcomeDecider.Withdraw(position, "other", null).Refusal;

        Assert.Equal("outcome.ended", second?.Code);
        Assert.Equal("withdrawn", second?.State);
        Assert.Equal("outcome.ended", OutcomeDecider.Revoke(position, "fraud", null).Refusal?.Code);
    }

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
            Completed
        );

    private static Worth Worth(int credits) => new(new Credits(credits), "cn-credit", new Credits(credits));
}

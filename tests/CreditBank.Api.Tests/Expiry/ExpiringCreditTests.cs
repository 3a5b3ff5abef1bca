using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
using CreditBank.Api.Outcomes;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Api.Transfers;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Expiry;

public sealed class ExpiringCreditTests
{
    private const string Maths = TransferScene.Maths;
    private const string Programming = TransferScene.Programming;

    /// <summary>The first day on which what <see cref="Folded"/> deposits cannot be used any more.</summary>
    private static readonly LocalDate Ends = new LocalDate(2024, 1, 10).PlusDays(1000);

    private readonly Folded folded = new Folded { ShelfDays = 1000 }
        .With(Maths, 5)
        .With(Programming, 3);

    [Fact]
    public void what_is_available_expires_on_its_day_and_once()
    {
        Assert.Empty(ExpiringCredit.Due(folded.Account, [Maths], Ends.PlusDays(-1)));

        var expired = Assert.IsType<CreditExpired>(Assert.Single(Due(Maths, Ends)));

        Assert.Equal((Ends, "5 cn-credit"), (expired.EffectiveOn, Words(Assert.Single(expired.Lines).Expired)));
        Assert.Equal("0/0/0/0", folded.Position(Maths));
        Assert.Equal(5, folded.Account.Outcomes[Maths].Expired.Amount.Value);
        Assert.Empty(ExpiringCredit.Due(folded.Account, [Maths], Ends.PlusDays(100)));
    }

    [Fact]
    public void an_expiry_that_is_caught_up_has_the_day_it_was_due()
    {
        var expired = Assert.IsType<CreditExpired>(Assert.Single(Due(Maths, Ends.PlusDays(40))));

        Assert.Equal(Ends, expired.EffectiveOn);
    }

    [Fact]
    public void what_is_held_is_protected_until_it_is_released_and_then_expires_in_the_same_commit()
    {
        var (transfer, _) = folded.Submit(outcomes: [Maths]);
        Assert.Empty(Due(Maths, Ends));
        var released = Ends.PlusDays(7);
        var closing = TransferDecider.Withdraw(transfer, folded.Account, released);
        Assert.True(closing.Is(out var events, out _));

        var following = ExpiringCredit.Following(folded.Account, events.OfAccount, released);

        var expired = Assert.IsType<CreditExpired>(Assert.Single(following));
        Assert.Equal((released, "5 cn-credit"), (expired.EffectiveOn, Words(Assert.Single(expired.Lines).Expired)));
        Assert.Empty(ExpiringCredit.Following(folded.Account, events.OfAccount, Ends.PlusDays(-1)));
    }

    [Fact]
    public void what_was_converted_stays()
    {
        var submitted = folded.Submit(outcomes: [Programming]);
        folded.Take(submitted, folded.TryApprove(submitted), Folded.Approver);

        Assert.Empty(Due(Programming, Ends));
        Assert.Equal("0/0/3/0", folded.Position(Programming));
    }

    [Fact]
    public void what_expired_comes_back_when_a_correction_gives_it_a_later_end()
    {
        Due(Maths, Ends);
        var later = Corrected(Ends.PlusDays(-10));

        Assert.Equal(
            [typeof(ExpiryReversed), typeof(OutcomeCorrected), typeof(OutcomeRecognised)],
            later.Select(one => one.GetType())
        );
        Fold(later);
        Assert.Equal("5/0/0/0", folded.Position(Maths));
        Assert.True(folded.Account.Outcomes[Maths].Expired.IsNothing);
    }

    [Fact]
    public void what_expired_expires_again_with_a_correction_that_leaves_its_end()
    {
        Due(Maths, Ends);
        Fold(Corrected(new LocalDate(2024, 1, 9)));

        Assert.Equal("0/0/0/0", folded.Position(Maths));
        Assert.Equal(5, folded.Account.Outcomes[Maths].Expired.Amount.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void of_an_outcome_that_ended_nothing_is_expired_any_more(bool withdraws)
    {
        Due(Maths, Ends);
        var standing = new OutcomeStanding(
            folded.Account,
            folded.Account.Outcomes[Maths],
            new Dictionary<string, Transfer>()
        );
        var decision = withdraws
            ? OutcomeDecider.Withdraw(standing, "issuerError", null, Ends.PlusDays(3))
            : OutcomeDecider.Revoke(standing, "fraud", null, Ends.PlusDays(3));
        Assert.True(decision.Is(out var events, out _));
        Fold(events.OfAccount);

        var position = folded.Account.Outcomes[Maths];
        Assert.True(position.Expired.IsNothing && position.Available.IsNothing);
        Assert.Equal(withdraws ? 0 : 5, position.Revoked.Amount.Value);
    }

    [Fact]
    public void a_warning_names_what_is_available_or_held_and_nothing_that_is_over()
    {
        folded.Submit(outcomes: [Maths]);
        var before = Ends.PlusDays(-30);

        var warned = Assert.IsType<ExpiryWarned>(
            Assert.Single(ExpiringCredit.Warning(folded.Account, [Maths, Programming, "unknown"], before))
        );

        Assert.Equal(before, warned.WarnedOn);
        Assert.Equal(
            [$"{Programming} 3 cn-credit {Ends:uuuu-MM-dd}", $"{Maths} 5 cn-credit {Ends:uuuu-MM-dd}"],
            warned.Lines.Select(line => $"{line.OutcomeId} {Words(line.Expiring)} {line.ExpiresOn:uuuu-MM-dd}")
        );
        Assert.Empty(ExpiringCredit.Warning(folded.Account, [Maths], Ends));
    }

    private IReadOnlyList<object> Due(string outcomeId, LocalDate today)
    {
        var events = ExpiringCredit.Due(folded.Account, [outcomeId], today);
        Fold(events);
        return events;
    }

    private IReadOnlyList<object> Corrected(LocalDate completedOn)
    {
        var position = folded.Account.Outcomes[Maths];
        var record = position.Record with { Revision = 2, CompletedOn = completedOn };
        var recognised = folded.Recognise(Maths, record) with { Replaces = position.Recognition!.Value };
        var standing = new OutcomeStanding(folded.Account, position, new Dictionary<string, Transfer>());
        var corrected = new OutcomeCorrected(Maths, record, "issuerError", null, null);
        return CorrectionDecider.Decide(standing, corrected, recognised, Ends.PlusDays(5)).OfAccount;
    }

    private void Fold(IEnumerable<object> events)
    {
        foreach (var one in events)
        {
            AccountFold.Apply(folded.Account, one);
        }
    }

    private static string Words(Worth worth) => $"{worth.Amount} {worth.Unit}";
}

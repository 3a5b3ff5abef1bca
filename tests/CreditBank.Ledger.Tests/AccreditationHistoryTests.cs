using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;
using Period = CreditBank.Kernel.Period;

namespace CreditBank.Ledger.Tests;

public sealed class AccreditationHistoryTests
{
    private static readonly LocalDate Begin = new(2000, 1, 1);
    private static readonly LocalDate Middle = new(2020, 1, 1);
    private static readonly LocalDate End = new(2030, 1, 1);

    [Fact]
    public void what_never_changed_holds_in_its_own_period()
    {
        AccreditationHistory history = Of(["training"], Begin, End);

        Assert.Equal([new Period(Begin, End)], history.PeriodsFor("training"));
        Assert.Empty(history.PeriodsFor("leisure"));
    }

    [Fact]
    public void a_kind_that_is_taken_away_ends_on_that_day()
    {
        var history = new AccreditationHistory(
            Of(["training", "leisure"], Begin, null),
            [Change(Of(["leisure"], Begin, null), Middle)]
        );

        Assert.Equal([new Period(Begin, Middle)], history.PeriodsFor("training"));
        Assert.Equal([new Period(Begin, null)], history.PeriodsFor("leisure"));
        Assert.Contains("training", history.On(Middle.PlusDays(-1)).Kinds);
        Assert.DoesNotContain("training", history.On(Middle).Kinds);
    }

    [Fact]
    public void a_kind_that_is_given_begins_on_that_day_and_not_before_its_period()
    {
        var history = new AccreditationHistory(
            Of(["leisure"], Begin, null),
            [Change(Of(["training"], Middle.PlusYears(1), End), Middle)]
        );

        Assert.Equal([new Period(Middle.PlusYears(1), End)], history.PeriodsFor("training"));
    }

    [Fact]
    public void of_two_changes_for_one_day_the_later_one_holds()
    {
        var history = new AccreditationHistory(
            Of(["leisure"], Begin, null),
            [Change(Of(["training"], Begin, null), Middle), Change(Of(["leisure"], Begin, null), Middle)]
        );

        Assert.Empty(history.PeriodsFor("training"));
        Assert.Equal([new Period(Begin, null)], history.PeriodsFor("leisure"));
    }

    private static Accreditation Of(IReadOnlyList<string> kinds, LocalDate from, LocalDate? to) =>
        new(kinds, [], from, to);

    private static AccreditationChanged Change(Accreditation accreditation, LocalDate on) =>
        new("i", accreditation, on, new BilingualText("变更", "change"));
}

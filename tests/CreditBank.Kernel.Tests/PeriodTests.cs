using FsCheck.Xunit;
using NodaTime;

namespace CreditBank.Kernel.Tests;

public sealed class PeriodTests
{
    private static readonly LocalDate Day = new(2016, 9, 1);

    [Fact]
    public void the_first_day_is_inside_and_the_last_is_not()
    {
        var period = new Period(Day, Day.PlusDays(2));
        Assert.False(period.Contains(Day.PlusDays(-1)));
        Assert.True(period.Contains(Day));
        Assert.True(period.Contains(Day.PlusDays(1)));
        Assert.False(period.Contains(Day.PlusDays(2)));
    }

    [Fact]
    public void a_missing_end_is_open()
    {
        Assert.True(Period.Always.Contains(LocalDate.MinIsoValue));
        Assert.True(Period.Always.Contains(LocalDate.MaxIsoValue));
        Assert.True(new Period(Day, null).Contains(LocalDate.MaxIsoValue));
        Assert.False(new Period(Day, null).Contains(Day.PlusDays(-1)));
        Assert.True(new Period(null, Day).Contains(LocalDate.MinIsoValue));
        Assert.False(new Period(null, Day).Contains(Day));
    }

    [Fact]
    public void periods_that_only_touch_do_not_overlap()
    {
        Assert.False(new Period(null, Day).Overlaps(new Period(Day, null)));
        Assert.True(new Period(null, Day.PlusDays(1)).Overlaps(new Period(Day, null)));
        Assert.True(Period.Always.Overlaps(Period.Always));
    }

    [Fact]
    public void an_empty_period_overlaps_nothing()
    {
        foreach (var empty in new[] { new Period(Day, Day), new Period(Day, Day.PlusDays(-5)) })
        {
            Assert.True(empty.IsEmpty);
            Assert.False(empty.Overlaps(Period.Always));
            Assert.False(Period.Always.Overlaps(empty));
            Assert.False(empty.Overlaps(empty));
        }
    }

    [Property(MaxTest = 500)]
    public bool overlap_means_that_a_day_is_inside_both(sbyte? from, sbyte? to, sbyte? otherFrom, sbyte? otherTo)
    {
        var (one, other) = (new Period(At(from), At(to)), new Period(At(otherFrom), At(otherTo)));
        var shared = Enumerable.Range(-200, 400).Any(day => one.Contains(At(day)) && other.Contains(At(day)));
        return one.Overlaps(other) == shared && other.Overlaps(one) == shared;
    }

    private static LocalDate? At(sbyte? day) => day is { } offset ? At((int)offset) : null;

    private static LocalDate At(int day) => Day.PlusDays(day);
}

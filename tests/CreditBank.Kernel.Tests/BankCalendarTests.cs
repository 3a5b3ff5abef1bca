using FsCheck.Xunit;
using NodaTime;

namespace CreditBank.Kernel.Tests;

public sealed class BankCalendarTests
{
    [Fact]
    public void the_day_changes_at_midnight_in_shanghai()
    {
        var midnight = Instant.FromUtc(2026, 8, 31, 16, 0);
        Assert.Equal(new LocalDate(2026, 9, 1), BankCalendar.DayOf(midnight));
        Assert.Equal(new LocalDate(2026, 8, 31), BankCalendar.DayOf(midnight - Duration.Epsilon));
    }

    [Fact]
    public void the_summer_time_of_1988_counts()
    {
        Assert.Equal(new LocalDate(1988, 7, 2), BankCalendar.DayOf(Instant.FromUtc(1988, 7, 1, 15, 0)));
        Assert.Equal(new LocalDate(1988, 12, 1), BankCalendar.DayOf(Instant.FromUtc(1988, 12, 1, 15, 0)));
    }

    [Property]
    public bool microseconds_are_rounded_down_on_both_sides_of_1970(long microseconds, byte nanoseconds)
    {
        var whole = Instant.FromUnixTimeTicks(microseconds % 1_000_000_000_000_000 * 10);
        return BankCalendar.ToMicroseconds(whole) == whole
            && BankCalendar.ToMicroseconds(whole.PlusNanoseconds(nanoseconds * 3)) == whole;
    }
}

using NodaTime;

namespace CreditBank.Kernel.Tests;

public sealed class WorkingCalendarTests
{
    [Fact]
    public void fifteen_working_days_are_three_weeks_when_nothing_is_free() =>
        Assert.Equal(
            new LocalDate(2026, 3, 23),
            WorkingCalendar.Shanghai.DueOn(new LocalDate(2026, 3, 2), workingDays: 15)
        );

    [Fact]
    public void a_term_that_starts_on_a_weekend_counts_from_monday() =>
        Assert.Equal(new LocalDate(2026, 3, 9), WorkingCalendar.Shanghai.DueOn(new LocalDate(2026, 3, 7), 1));

    [Fact]
    public void holidays_do_not_count_and_exchanged_weekends_do()
    {
        // 10 February 2026 is a Tuesday; the 14th, a Saturday, is worked, and the 15th to 23rd are free.
        var calendar = WorkingCalendar.Shanghai;

        Assert.Equal(new LocalDate(2026, 2, 14), calendar.DueOn(new LocalDate(2026, 2, 10), 4));
        Assert.Equal(new LocalDate(2026, 2, 24), calendar.DueOn(new LocalDate(2026, 2, 10), 5));
        Assert.True(calendar.IsWorkingDay(new LocalDate(2026, 2, 28)));
    }

    [Theory]
    [InlineData(2026, 1, 1)]
    [InlineData(2026, 10, 7)]
    [InlineData(2026, 9, 27)]
    [InlineData(2030, 5, 4)]
    public void free_days_are_free(int year, int month, int day) =>
        Assert.False(WorkingCalendar.Shanghai.IsWorkingDay(new LocalDate(year, month, day)));

    [Theory]
    [InlineData("2026-01-01,2026-01-01,free,x")]
    [InlineData("2026-01-01,off")]
    public void a_broken_line_is_an_error(string line) =>
        Assert.Throws<FormatException>(() => WorkingCalendar.Read(new StringReader(line)));

    [Fact]
    public void it_ends_with_the_last_year_that_is_listed_and_says_so_sixty_days_ahead()
    {
        const string Lines = "2025-10-01,2025-10-07,off,National Day\n2026-01-01,2026-01-01,off,New Year";
        var calendar = WorkingCalendar.Read(new StringReader(Lines));

        Assert.Equal(new LocalDate(2026, 12, 31), calendar.EndsOn);
        Assert.False(calendar.EndsSoon(new LocalDate(2026, 10, 31)));
        Assert.True(calendar.EndsSoon(new LocalDate(2026, 11, 1)));
        Assert.True(calendar.EndsSoon(new LocalDate(2030, 1, 1)));
        Assert.True(WorkingCalendar.Read(new StringReader(string.Empty)).EndsSoon(new LocalDate(2026, 1, 1)));
    }

    [Fact]
    public void every_term_ends_on_a_working_day()
    {
        for (var day = new LocalDate(2024, 1, 1); day.Year < 2028; day = day.PlusDays(1))
        {
            Assert.True(WorkingCalendar.Shanghai.IsWorkingDay(WorkingCalendar.Shanghai.DueOn(day, 15)));
        }
    }
}

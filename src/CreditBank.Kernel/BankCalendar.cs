using NodaTime;

namespace CreditBank.Kernel;

/// <summary>The bank's calendar: a day is a day in Shanghai, wherever the servers stand.</summary>
public static class BankCalendar
{
    /// <summary>The first day the bank accepts on a record; older learning is a typing error.</summary>
    public static readonly LocalDate EarliestOn = new(1900, 1, 1);

    /// <summary>Asia/Shanghai, from the time zone data that ships with NodaTime.</summary>
    public static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Asia/Shanghai"];

    /// <summary>The day in Shanghai at an instant.</summary>
    public static LocalDate DayOf(Instant at) => at.InZone(Zone).Date;

    /// <summary>The first instant of a day in Shanghai.</summary>
    public static Instant StartOf(LocalDate day) => day.AtStartOfDayInZone(Zone).ToInstant();

    /// <summary>
    /// The instant with what PostgreSQL keeps of it: whole microseconds, rounded down (before 1970 too).
    /// </summary>
    public static Instant ToMicroseconds(Instant at)
    {
        var ticks = at.ToUnixTimeTicks();
        return Instant.FromUnixTimeTicks(ticks - (ticks % 10 + 10) % 10);
    }
}

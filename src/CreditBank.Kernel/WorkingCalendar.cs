using NodaTime;
using NodaTime.Text;

namespace CreditBank.Kernel;

/// <summary>
/// The working days of the bank: Monday to Friday, without public holidays, with the weekend days that the State
/// Council makes working days in exchange. Pure; the data lie in <c>specs/calendar</c>.
/// </summary>
public sealed class WorkingCalendar
{
    /// <summary>How many days ahead the end of the calendar is told.</summary>
    public const int SoonDays = 60;

    private readonly HashSet<LocalDate> off = [];
    private readonly HashSet<LocalDate> on = [];

    private static readonly Lazy<WorkingCalendar> Embedded = new(ReadEmbedded);

    /// <summary>The calendar that ships with the bank.</summary>
    public static WorkingCalendar Shanghai => Embedded.Value;

    /// <summary>
    /// Reads a calendar: lines of from, to (both inclusive), <c>off</c> or <c>on</c>, name; <c>#</c> comments.
    /// </summary>
    /// <exception cref="FormatException">A line is none of these.</exception>
    public static WorkingCalendar Read(TextReader text)
    {
        var calendar = new WorkingCalendar();
        while (text.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                calendar.Take(line);
            }
        }

        return calendar;
    }

    /// <summary>
    /// The last day that is known: the end of the last year that is listed. Later days count as plain weekdays.
    /// </summary>
    public LocalDate EndsOn =>
        new(off.Concat(on).Select(day => day.Year).DefaultIfEmpty(BankCalendar.EarliestOn.Year).Max(), 12, 31);

    /// <summary>Whether what is known ends within <see cref="SoonDays"/> days, inclusive, or has ended.</summary>
    public bool EndsSoon(LocalDate today) => EndsOn <= today.PlusDays(SoonDays);

    /// <summary>Whether the bank works on that day.</summary>
    public bool IsWorkingDay(LocalDate day) =>
        on.Contains(day) || day.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) && !off.Contains(day);

    /// <summary>The last day of a term of working days; the day it starts from does not count.</summary>
    /// <param name="from">The day it starts from.</param>
    /// <param name="workingDays">1 or more.</param>
    public LocalDate DueOn(LocalDate from, int workingDays)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workingDays, 1);
        var day = from;
        for (var left = workingDays; left > 0; left -= IsWorkingDay(day) ? 1 : 0)
        {
            day = day.PlusDays(1);
        }

        return day;
    }

    private void Take(string line)
    {
        var parts = line.Split(',');
        if (parts.Length != 4 || parts[2] is not ("off" or "on"))
        {
            throw new FormatException($"Not a line of a working calendar: {line}");
        }

        var to = LocalDatePattern.Iso.Parse(parts[1]).Value;
        for (var day = LocalDatePattern.Iso.Parse(parts[0]).Value; day <= to; day = day.PlusDays(1))
        {
            (parts[2] == "off" ? off : on).Add(day);
        }
    }

    private static WorkingCalendar ReadEmbedded()
    {
        const string Name = "CreditBank.Kernel.cn-working-days.csv";
        using var stream =
            typeof(WorkingCalendar).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"{Name} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return Read(reader);
    }
}

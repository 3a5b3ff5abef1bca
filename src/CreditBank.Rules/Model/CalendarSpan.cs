using NodaTime;

namespace CreditBank.Rules;

/// <summary>
/// A span of the calendar: years, months or days. Adding years or months to a day that the month does not have
/// gives the month's last day (29 February plus seven years is 28 February).
/// </summary>
/// <param name="Unit"><c>year</c>, <c>month</c> or <c>day</c>.</param>
/// <param name="Count">How many, 1 to 1,200.</param>
public sealed record CalendarSpan(string Unit, int Count)
{
    /// <summary>The day that lies the span after another.</summary>
    public LocalDate After(LocalDate on) =>
        Unit switch
        {
            "year" => on.PlusYears(Count),
            "month" => on.PlusMonths(Count),
            _ => on.PlusDays(Count),
        };

    /// <summary>The form a rule set is written in: <c>8 years</c>.</summary>
    public override string ToString() => $"{Count} {Unit}{(Count == 1 ? "" : "s")}";
}

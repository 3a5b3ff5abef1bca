using CreditBank.Ledger.Events;
using NodaTime;
using Period = CreditBank.Kernel.Period;

namespace CreditBank.Ledger;

/// <summary>
/// What an institution may issue, day by day: the first accreditation, and each change from its day on.
/// </summary>
/// <param name="first">What it was registered with.</param>
/// <param name="changes">The changes, in the order in which they were recorded.</param>
public sealed class AccreditationHistory(Accreditation first, IReadOnlyList<AccreditationChanged> changes)
{
    /// <summary>What holds on a day: of the changes whose day has come, the one that was recorded last.</summary>
    public Accreditation On(LocalDate day)
    {
        var found = first;
        foreach (var change in changes)
        {
            if (change.FromOn <= day)
            {
                found = change.Accreditation;
            }
        }

        return found;
    }

    /// <summary>The days on which a kind may be issued, in order; empty when never.</summary>
    public IReadOnlyList<Period> PeriodsFor(string kind)
    {
        LocalDate?[] starts = [null, .. changes.Select(change => (LocalDate?)change.FromOn).Distinct().Order()];
        var periods = new List<Period>();
        for (var index = 0; index < starts.Length; index++)
        {
            var (from, to) = (starts[index], index + 1 < starts.Length ? starts[index + 1] : null);
            var holds = from is { } day ? On(day) : first;
            var period = new Period(Later(from, holds.FromOn), Earlier(to, holds.ToOn));
            if (holds.Kinds.Contains(kind) && !period.IsEmpty)
            {
                Join(periods, period);
            }
        }

        return periods;
    }

    /// <summary>An accreditation that never changed.</summary>
    public static implicit operator AccreditationHistory(Accreditation accreditation) => new(accreditation, []);

    /// <summary>
    /// Two spans without a day between them are one, so that a change of something else changes nothing.
    /// </summary>
    private static void Join(List<Period> periods, Period next)
    {
        if (periods.Count > 0 && periods[^1].ToOn is { } end && end == next.FromOn)
        {
            periods[^1] = periods[^1] with { ToOn = next.ToOn };
        }
        else
        {
            periods.Add(next);
        }
    }

    private static LocalDate Later(LocalDate? left, LocalDate right) =>
        left is { } day ? LocalDate.Max(day, right) : right;

    private static LocalDate? Earlier(LocalDate? left, LocalDate? right) =>
        left is not { } day ? right
        : right is { } other ? LocalDate.Min(day, other)
        : day;
}

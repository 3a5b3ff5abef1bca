using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Ledger.Journal;

/// <summary>
/// The sums of entries by chart account, for each measure and unit. In every measure and unit they add up to zero, at
/// any prefix of the events and on any effective day. Changes in place.
/// </summary>
public sealed class TrialBalance
{
    private readonly Dictionary<(Measure Measure, string Unit, ChartAccount Account), Credits> sums = [];

    /// <summary>Adds an event's entries.</summary>
    /// <param name="event">Any event of the ledger.</param>
    /// <param name="effectiveOn">Only entries true on that day, inclusive, count; none counts all.</param>
    public void Add(object @event, LocalDate? effectiveOn = null)
    {
        foreach (var entry in DoubleEntry.EntriesOf(@event))
        {
            if (effectiveOn is null || entry.EffectiveOn <= effectiveOn)
            {
                var key = (entry.Measure, entry.Unit, entry.Account);
                sums[key] = sums.GetValueOrDefault(key) + entry.Amount;
            }
        }
    }

    /// <summary>A line for each measure and unit, ordered by both.</summary>
    public IReadOnlyList<TrialBalanceLine> Lines() =>
        [
            .. sums.GroupBy(sum => (sum.Key.Measure, sum.Key.Unit))
                .OrderBy(group => group.Key.Measure)
                .ThenBy(group => group.Key.Unit, StringComparer.Ordinal)
                .Select(group => new TrialBalanceLine(
                    group.Key.Measure,
                    group.Key.Unit,
                    [
                        .. group
                            .OrderBy(sum => sum.Key.Account)
                            .Select(sum => new ChartAccountSum(sum.Key.Account, sum.Value)),
                    ]
                )),
        ];
}

/// <summary>The chart of accounts in one measure and unit.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Unit">The unit of every amount.</param>
/// <param name="Accounts">The sums, debits positive, in the chart's order.</param>
public sealed record TrialBalanceLine(Measure Measure, string Unit, IReadOnlyList<ChartAccountSum> Accounts)
{
    /// <summary>All sums together; anything but zero is a fault of the ledger.</summary>
    public Credits Total => Accounts.Sum(sum => sum.Sum);
}

/// <summary>The sum of one account of the chart.</summary>
/// <param name="Account">The account.</param>
/// <param name="Sum">Debits minus credits.</param>
public sealed record ChartAccountSum(ChartAccount Account, Credits Sum);

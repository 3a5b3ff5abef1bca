using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Ledger.Journal;

/// <summary>
/// The sums of an account's entries: by source unit, in standard credit, and what programmes granted. Grows with the
/// number of units and programmes, never with the number of outcomes. Changes in place.
/// </summary>
public class Balances
{
    /// <summary>The sums of each source unit, in the order in which units first appeared.</summary>
    public List<UnitBalance> Units { get; init; } = [];

    /// <summary>The same in standard credit.</summary>
    public UnitBalance Standard { get; init; } = new() { Unit = DoubleEntry.StandardUnit };

    /// <summary>What programmes granted, in the order in which they first did.</summary>
    public List<GrantedBalance> Granted { get; init; } = [];

    /// <summary>Adds an event's entries.</summary>
    /// <param name="event">Any event of the ledger; one that moves no credit changes nothing.</param>
    /// <param name="effectiveOn">Only entries true on that day, inclusive, count; none counts all.</param>
    public void Add(object @event, LocalDate? effectiveOn = null)
    {
        foreach (var entry in DoubleEntry.EntriesOf(@event))
        {
            if (effectiveOn is null || entry.EffectiveOn <= effectiveOn)
            {
                Add(entry, @event is OutcomeWithdrawn);
            }
        }
    }

    /// <summary>Adds the sums of other events.</summary>
    public void Add(Balances other)
    {
        Standard.Add(other.Standard);
        foreach (var sums in other.Units)
        {
            UnitOf(sums.Unit).Add(sums);
        }

        foreach (var granted in other.Granted)
        {
            Grant(granted.Programme, granted.Unit, granted.Amount);
        }
    }

    /// <summary>The sums of events, in any order.</summary>
    public static Balances Of(IEnumerable<object> events, LocalDate? effectiveOn = null)
    {
        var balances = new Balances();
        foreach (var @event in events)
        {
            balances.Add(@event, effectiveOn);
        }

        return balances;
    }

    private void Add(JournalEntry entry, bool withdraws)
    {
        var sums = entry.Measure == Measure.Standard ? Standard : UnitOf(entry.Unit);
        switch (entry.Account)
        {
            case ChartAccount.Available:
                sums.Available += entry.Amount;
                break;
            case ChartAccount.Held:
                sums.Held += entry.Amount;
                break;
            case ChartAccount.Forfeited:
                sums.Forfeited += entry.Amount;
                break;
            case ChartAccount.Expired:
                sums.Expired += entry.Amount;
                break;
            case ChartAccount.Revoked:
                sums.Revoked += entry.Amount;
                break;
            case ChartAccount.Issued when withdraws:
                sums.Withdrawn += entry.Amount;
                break;
            case ChartAccount.Issued:
            case ChartAccount.Merged:
                sums.Recorded -= entry.Amount;
                break;
            case ChartAccount.Exchange:
                sums.Converted += entry.Amount;
                break;
            case ChartAccount.Granted:
                // The exchange holds converted minus granted; adding what was granted leaves what was converted.
                sums.Converted += entry.Amount;
                Grant(entry.Owner, entry.Unit, entry.Amount);
                break;
            default:
                throw new InvalidOperationException($"No balance is kept for {entry.Account}.");
        }
    }

    private UnitBalance UnitOf(string unit)
    {
        foreach (var sums in Units)
        {
            if (sums.Unit == unit)
            {
                return sums;
            }
        }

        var added = new UnitBalance { Unit = unit };
        Units.Add(added);
        return added;
    }

    private void Grant(string programme, string unit, Credits amount)
    {
        var granted = Granted.Find(sum => sum.Programme == programme && sum.Unit == unit);
        if (granted is null)
        {
            granted = new GrantedBalance { Programme = programme, Unit = unit };
            Granted.Add(granted);
        }

        granted.Amount += amount;
    }
}

/// <summary>
/// The sums in one unit. Recorded = available + held + converted + forfeited + expired + revoked + withdrawn.
/// </summary>
public sealed class UnitBalance
{
    /// <summary>The unit of every amount.</summary>
    public required string Unit { get; init; }

    /// <summary>What issuers recorded and the rules recognised, corrections and merges applied.</summary>
    public Credits Recorded { get; set; }

    /// <summary>May be asked for in a transfer.</summary>
    public Credits Available { get; set; }

    /// <summary>Set aside for transfers.</summary>
    public Credits Held { get; set; }

    /// <summary>Became credit of programmes.</summary>
    public Credits Converted { get; set; }

    /// <summary>Lost by rule in a conversion.</summary>
    public Credits Forfeited { get; set; }

    /// <summary>Ended by time.</summary>
    public Credits Expired { get; set; }

    /// <summary>Revoked by issuers.</summary>
    public Credits Revoked { get; set; }

    /// <summary>Taken back by issuers: it should not have been posted.</summary>
    public Credits Withdrawn { get; set; }

    /// <summary>The figures by name, in a fixed order.</summary>
    public IEnumerable<(string Name, Credits Amount)> Figures()
    {
        yield return ("recorded", Recorded);
        yield return ("available", Available);
        yield return ("held", Held);
        yield return ("converted", Converted);
        yield return ("forfeited", Forfeited);
        yield return ("expired", Expired);
        yield return ("revoked", Revoked);
        yield return ("withdrawn", Withdrawn);
    }

    /// <summary>Adds every figure of sums in the same unit.</summary>
    internal void Add(UnitBalance other)
    {
        Recorded += other.Recorded;
        Available += other.Available;
        Held += other.Held;
        Converted += other.Converted;
        Forfeited += other.Forfeited;
        Expired += other.Expired;
        Revoked += other.Revoked;
        Withdrawn += other.Withdrawn;
    }

    /// <summary>Whether every figure is nothing.</summary>
    public bool IsNothing => Figures().All(figure => figure.Amount.IsZero);
}

/// <summary>What one programme granted in one unit.</summary>
public sealed class GrantedBalance
{
    /// <summary>Institution and programme: <c>institutionId/programmeId</c>.</summary>
    public required string Programme { get; init; }

    /// <summary>The programme's unit.</summary>
    public required string Unit { get; init; }

    /// <summary>How much, in <see cref="Unit"/>.</summary>
    public Credits Amount { get; set; }
}

using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;
using Worth = CreditBank.Ledger.Events.Worth;

namespace CreditBank.Api.Transfers;

/// <summary>Moves credit between available, held and converted for one transfer, without a remainder. Pure.</summary>
public static class TransferHolds
{
    /// <summary>The events after which exactly what the lines would debit is held.</summary>
    public static IReadOnlyList<object> Adjust(
        Account account,
        string transferId,
        IEnumerable<ProposedLine> lines,
        LocalDate on
    )
    {
        var held = account.HeldFor(transferId).ToDictionary(line => line.OutcomeId, line => line.Held);
        var wanted = lines
            .SelectMany(line => line.Holds)
            .GroupBy(hold => hold.OutcomeId)
            .ToDictionary(group => group.Key, group => group.Sum(hold => hold.Held.Amount));
        var more = new List<HeldLine>();
        var less = new List<HeldLine>();
        foreach (var outcomeId in held.Keys.Union(wanted.Keys).Order(StringComparer.Ordinal))
        {
            var position = account.Outcomes[outcomeId];
            var now = held.GetValueOrDefault(outcomeId) ?? Worth.Nothing(position.Available.Unit);
            var then = wanted.GetValueOrDefault(outcomeId);
            if (then > now.Amount)
            {
                more.Add(new HeldLine(outcomeId, position.PartOfAvailable(then - now.Amount)));
            }
            else if (then < now.Amount)
            {
                less.Add(new HeldLine(outcomeId, now - OutcomePosition.PartOf(now, then)));
            }
        }

        return Events(transferId, more, less, on);
    }

    /// <summary>
    /// The event that makes everything the transfer holds available again; none when it holds nothing.
    /// </summary>
    public static IReadOnlyList<object> ReleaseAll(Account account, string transferId, LocalDate on) =>
        Events(transferId, [], [.. account.HeldFor(transferId)], on);

    /// <summary>
    /// The events that post approved lines from what is held, hold more where a later version debits more, and
    /// release
    /// the rest.
    /// </summary>
    public static IReadOnlyList<object> Post(
        Account account,
        Transfer transfer,
        IReadOnlyList<ProposedLine> approved,
        LocalDate on
    )
    {
        var held = account.HeldFor(transfer.Id).ToDictionary(line => line.OutcomeId, line => line.Held);
        var more = new List<HeldLine>();
        var converted = new List<ConvertedLine>();
        foreach (var line in approved)
        {
            var debits = new List<Debit>();
            foreach (var debit in line.Debits)
            {
                var position = account.Outcomes[debit.OutcomeId];
                var now = held.GetValueOrDefault(debit.OutcomeId) ?? Worth.Nothing(position.Available.Unit);
                if (debit.Total.Amount > now.Amount)
                {
                    var extra = position.PartOfAvailable(debit.Total.Amount - now.Amount);
                    more.Add(new HeldLine(debit.OutcomeId, extra));
                    now += extra;
                }

                var total = OutcomePosition.PartOf(now, debit.Total.Amount);
                debits.Add(TransferLines.Split(debit.OutcomeId, total, debit.Converted.Amount));
                held[debit.OutcomeId] = now - total;
            }

            converted.Add(new ConvertedLine(line.Line, line.RuleSetVersion, line.Clauses, debits, line.Grants));
        }

        var rest = held.Where(pair => !pair.Value.IsNothing)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new HeldLine(pair.Key, pair.Value))
            .ToList();
        var submitted = transfer.Submitted;
        return
        [
            .. Events(transfer.Id, more, [], on),
            new CreditConverted(transfer.Id, submitted.InstitutionId, submitted.ProgrammeId, converted, on),
            .. Events(transfer.Id, [], rest, on),
        ];
    }

    private static List<object> Events(string transferId, List<HeldLine> more, List<HeldLine> less, LocalDate on)
    {
        var events = new List<object>();
        if (more.Count > 0)
        {
            events.Add(new CreditHeld(transferId, more, on));
        }

        if (less.Count > 0)
        {
            events.Add(new HoldReleased(transferId, less, on));
        }

        return events;
    }
}

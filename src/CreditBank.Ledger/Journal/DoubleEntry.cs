using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Ledger.Journal;

/// <summary>
/// Turns a ledger event into balanced entries: a pure function of the event alone. Every balance, statement and trial
/// balance is a sum of these entries. Events that move no credit have none.
/// </summary>
public static class DoubleEntry
{
    /// <summary>The unit under which standard credit is booked.</summary>
    public const string StandardUnit = "standard-credit";

    /// <summary>The kinds of event that can have entries. Every other kind has none, ever.</summary>
    public static readonly IReadOnlyList<Type> MovingTypes =
    [
        typeof(OutcomeRecognised),
        typeof(OutcomeWithdrawn),
        typeof(OutcomeRevoked),
        typeof(CreditHeld),
        typeof(HoldReleased),
        typeof(CreditConverted),
        typeof(ConversionReversed),
        typeof(OutcomeHandedOver),
        typeof(OutcomeTakenOver),
        typeof(ConversionHandedOver),
        typeof(ConversionTakenOver),
        typeof(CreditExpired),
        typeof(ExpiryReversed),
    ];

    /// <summary>The entries of an event, in a fixed order; zero amounts are left out.</summary>
    public static IReadOnlyList<JournalEntry> EntriesOf(object @event)
    {
        var posting = new Posting();
        switch (@event)
        {
            case OutcomeRecognised recognised:
                Recognise(posting, recognised);
                break;
            case OutcomeWithdrawn withdrawn:
                posting.On(withdrawn.EffectiveOn);
                posting.Move(
                    withdrawn.Removed,
                    (ChartAccount.Available, withdrawn.OutcomeId),
                    (ChartAccount.Issued, withdrawn.InstitutionId)
                );
                break;
            case OutcomeRevoked revoked:
                posting.On(revoked.EffectiveOn);
                posting.Move(
                    revoked.Revoked,
                    (ChartAccount.Available, revoked.OutcomeId),
                    (ChartAccount.Revoked, revoked.OutcomeId)
                );
                break;
            case CreditHeld held:
                posting.On(held.EffectiveOn);
                MoveEach(posting, held.Lines, ChartAccount.Available, ChartAccount.Held);
                break;
            case HoldReleased released:
                posting.On(released.EffectiveOn);
                MoveEach(posting, released.Lines, ChartAccount.Held, ChartAccount.Available);
                break;
            case CreditConverted converted:
                Convert(posting, converted);
                break;
            case ConversionReversed reversed:
                Reverse(posting, reversed);
                break;
            case CreditExpired expired:
                posting.On(expired.EffectiveOn);
                Expire(posting, expired.Lines);
                break;
            case ExpiryReversed reversed:
                posting.On(reversed.EffectiveOn);
                posting.Move(
                    reversed.Restored,
                    (ChartAccount.Expired, reversed.OutcomeId),
                    (ChartAccount.Available, reversed.OutcomeId)
                );
                break;
            default:
                Merging.Post(posting, @event);
                break;
        }

        return posting.Entries;
    }

    private static void Recognise(Posting posting, OutcomeRecognised recognised)
    {
        var learner = (ChartAccount.Available, recognised.OutcomeId);
        var issuer = (ChartAccount.Issued, recognised.InstitutionId);
        if (recognised.Replaces is { } before)
        {
            posting.On(recognised.ReplacesOn ?? recognised.EffectiveOn);
            posting.Move(before, learner, issuer);
        }

        posting.On(recognised.EffectiveOn);
        posting.Move(recognised.Value, issuer, learner);
    }

    private static void MoveEach(Posting posting, IReadOnlyList<HeldLine> lines, ChartAccount from, ChartAccount to)
    {
        foreach (var line in lines)
        {
            posting.Move(line.Held, (from, line.OutcomeId), (to, line.OutcomeId));
        }
    }

    private static void Expire(Posting posting, IReadOnlyList<ExpiredLine> lines)
    {
        foreach (var line in lines)
        {
            posting.Move(
                line.Expired,
                (ChartAccount.Available, line.OutcomeId),
                (ChartAccount.Expired, line.OutcomeId)
            );
        }
    }

    private static void Convert(Posting posting, CreditConverted converted)
    {
        posting.On(converted.EffectiveOn);
        var exchange = (ChartAccount.Exchange, converted.TransferId);
        var programme = (ChartAccount.Granted, $"{converted.InstitutionId}/{converted.ProgrammeId}");
        foreach (var line in converted.Lines)
        {
            foreach (var debit in line.Debits)
            {
                posting.Move(debit.Converted, (ChartAccount.Held, debit.OutcomeId), exchange);
                posting.Move(
                    debit.Forfeited,
                    (ChartAccount.Held, debit.OutcomeId),
                    (ChartAccount.Forfeited, debit.OutcomeId)
                );
            }

            foreach (var grant in line.Grants)
            {
                posting.Move(Measure.Source, grant.Unit, grant.Amount, exchange, programme);
            }
        }
    }

    /// <summary>The same in the other direction, past the hold: what comes back is available.</summary>
    private static void Reverse(Posting posting, ConversionReversed reversed)
    {
        posting.On(reversed.EffectiveOn);
        var exchange = (ChartAccount.Exchange, reversed.TransferId);
        var programme = (ChartAccount.Granted, $"{reversed.InstitutionId}/{reversed.ProgrammeId}");
        foreach (var line in reversed.Lines)
        {
            foreach (var debit in line.Debits)
            {
                var learner = (ChartAccount.Available, debit.OutcomeId);
                posting.Move(debit.Converted, exchange, learner);
                posting.Move(debit.Forfeited, (ChartAccount.Forfeited, debit.OutcomeId), learner);
            }

            foreach (var grant in line.Grants)
            {
                posting.Move(Measure.Source, grant.Unit, grant.Amount, programme, exchange);
            }
        }
    }

    internal sealed class Posting
    {
        private readonly List<JournalEntry> entries = [];
        private LocalDate effectiveOn;

        public IReadOnlyList<JournalEntry> Entries => entries;

        public void On(LocalDate on) => effectiveOn = on;

        public void Move(Worth worth, (ChartAccount, string) from, (ChartAccount, string) to)
        {
            Move(Measure.Source, worth.Unit, worth.Amount, from, to);
            Move(Measure.Standard, StandardUnit, worth.Standard, from, to);
        }

        public void Move(
            Measure measure,
            string unit,
            Credits amount,
            (ChartAccount Account, string Owner) from,
            (ChartAccount Account, string Owner) to
        )
        {
            if (amount.IsZero)
            {
                return;
            }

            entries.Add(new JournalEntry(to.Account, to.Owner, measure, unit, amount, effectiveOn));
            entries.Add(new JournalEntry(from.Account, from.Owner, measure, unit, -amount, effectiveOn));
        }
    }
}

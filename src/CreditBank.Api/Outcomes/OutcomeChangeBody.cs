using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;

namespace CreditBank.Api.Outcomes;

/// <summary>What a correction, withdrawal or revocation caused.</summary>
public sealed record OutcomeChangeBody
{
    /// <summary>The outcome.</summary>
    public required string OutcomeId { get; init; }

    /// <summary><c>recorded</c>, <c>withdrawn</c> or <c>revoked</c>.</summary>
    public required string State { get; init; }

    /// <summary>The revision that stands.</summary>
    public required int Revision { get; init; }

    /// <summary>What was available before.</summary>
    public required WorthBody AvailableBefore { get; init; }

    /// <summary>What is available now.</summary>
    public required WorthBody Available { get; init; }

    /// <summary>The transfers that held or had converted credit of it, and what became of that.</summary>
    public required IReadOnlyList<DependentBody> Dependents { get; init; }

    /// <summary>What the events make of an outcome.</summary>
    /// <param name="account">The account before them.</param>
    /// <param name="position">The outcome before them.</param>
    /// <param name="events">The events.</param>
    public static OutcomeChangeBody Of(Account account, OutcomePosition position, IReadOnlyList<object> events)
    {
        var (status, record, available) = (position.Status, position.Record, position.Available);
        foreach (var @event in events)
        {
            switch (@event)
            {
                case OutcomeCorrected corrected:
                    record = corrected.Record;
                    break;
                case OutcomeRecognised recognised when recognised.Value.Unit == available.Unit:
                    available = available - (recognised.Replaces ?? Worth.Nothing(available.Unit)) + recognised.Value;
                    break;
                case OutcomeRecognised recognised:
                    available = recognised.Value;
                    break;
                case ConversionReversed reversed:
                    available += Returned(reversed, position.OutcomeId);
                    break;
                case HoldReleased released:
                    available = released
                        .Lines.Where(line => line.OutcomeId == position.OutcomeId)
                        .Aggregate(available, (sum, line) => sum + line.Held);
                    break;
                case ExpiryReversed reversed:
                    available += reversed.Restored;
                    break;
                case CreditExpired expired:
                    available = expired
                        .Lines.Where(line => line.OutcomeId == position.OutcomeId)
                        .Aggregate(available, (sum, line) => sum - line.Expired);
                    break;
                case OutcomeWithdrawn withdrawn:
                    (status, available) = (OutcomeStatus.Withdrawn, available - withdrawn.Removed);
                    break;
                case OutcomeRevoked revoked:
                    (status, available) = (OutcomeStatus.Revoked, available - revoked.Revoked);
                    break;
            }
        }

        return new OutcomeChangeBody
        {
            OutcomeId = position.OutcomeId,
            State = OutcomeDecider.StateOf(status),
            Revision = record.Revision,
            AvailableBefore = WorthBody.Of(position.Available),
            Available = WorthBody.Of(available),
            Dependents = DependentsOf(account, position, events),
        };
    }

    private static Worth Returned(ConversionReversed reversed, string outcomeId) =>
        reversed
            .Lines.SelectMany(line => line.Debits)
            .Where(debit => debit.OutcomeId == outcomeId)
            .Select(debit => debit.Total)
            .Aggregate((sum, worth) => sum + worth);

    private static List<DependentBody> DependentsOf(
        Account account,
        OutcomePosition position,
        IReadOnlyList<object> events
    )
    {
        var isReleased = events.OfType<HoldReleased>().Any();
        var isReversed = events.OfType<ConversionReversed>().Any();
        var held = position
            .Holds.OrderBy(hold => hold.Key, StringComparer.Ordinal)
            .Select(hold => new DependentBody(
                hold.Key,
                isReleased ? DependentBody.Released : DependentBody.Held,
                WorthBody.Of(hold.Value)
            ));
        var converted = account.Conversions.SelectMany(conversion =>
            conversion
                .Lines.SelectMany(line => line.Debits)
                .Where(debit => debit.OutcomeId == position.OutcomeId)
                .Select(debit => new DependentBody(
                    conversion.TransferId,
                    isReversed ? DependentBody.Reversed : DependentBody.Converted,
                    WorthBody.Of(debit.Total)
                ))
        );
        return [.. held, .. converted];
    }
}

/// <summary>A transfer that rests, or rested, on an outcome.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="State">
/// <c>held</c> or <c>converted</c> where it stands; <c>released</c> or <c>reversed</c> where it was taken back.
/// </param>
/// <param name="Debited">How much of the outcome it has, or had.</param>
public sealed record DependentBody(string TransferId, string State, WorthBody Debited)
{
    internal const string Held = "held";
    internal const string Converted = "converted";
    internal const string Released = "released";
    internal const string Reversed = "reversed";
}

/// <summary>An amount in the source's unit, and the same in standard credit.</summary>
/// <param name="Amount">In <paramref name="Unit"/>.</param>
/// <param name="Unit">The source's unit.</param>
/// <param name="StandardCredits">In standard credit.</param>
public sealed record WorthBody(Credits Amount, string Unit, Credits StandardCredits)
{
    /// <summary>The body of a worth.</summary>
    public static WorthBody Of(Worth worth) => new(worth.Amount, worth.Unit, worth.Standard);
}

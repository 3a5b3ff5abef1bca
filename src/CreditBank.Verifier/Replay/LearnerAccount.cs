using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;
using Worth = CreditBank.Ledger.Events.Worth;

namespace CreditBank.Verifier;

/// <summary>
/// A learner's account, folded from its events by this program and not by the service's. Unknown outcomes are made up
/// as they come: what is wrong then shows as a balance below nothing.
/// </summary>
/// <param name="keepsRecords">Whether records are kept; evaluating anew needs them, balances do not.</param>
internal sealed class LearnerAccount(bool keepsRecords)
{
    /// <summary>The outcomes, by id.</summary>
    public Dictionary<string, LearnerOutcome> Outcomes { get; } = [];

    /// <summary>What was converted, in order, without the lines that were reversed.</summary>
    public List<CreditConverted> Conversions { get; } = [];

    /// <summary>The transfers of every award that stands, by award.</summary>
    private readonly Dictionary<string, IReadOnlyList<string>> awards = [];

    /// <summary>Whether an award stands for which a conversion was used up.</summary>
    public bool IsConferred(string transferId) => awards.Values.Any(transfers => transfers.Contains(transferId));

    /// <summary>Folds an event of the account's stream.</summary>
    /// <returns>The first outcome whose available or held credit fell below nothing; none when all is well.</returns>
    /// <exception cref="InvalidOperationException">Amounts of different units meet.</exception>
    public string? Apply(object @event)
    {
        switch (@event)
        {
            case OutcomeRecorded recorded:
                Outcomes[recorded.OutcomeId] = new LearnerOutcome(recorded.OutcomeId)
                {
                    Record = keepsRecords ? recorded.Record : null,
                };
                return null;
            case OutcomeCorrected corrected:
                Of(corrected.OutcomeId).Record = keepsRecords ? corrected.Record : null;
                return null;
            case OutcomeRecognised recognised:
                return Below(Of(recognised.OutcomeId).Recognise(recognised, keepsRecords));
            case OutcomeWithdrawn withdrawn:
                return Below(Of(withdrawn.OutcomeId).End(withdrawn.Removed));
            case OutcomeRevoked revoked:
                return Below(Of(revoked.OutcomeId).End(revoked.Revoked));
            case CreditHeld held:
                return First(held.Lines, line => Of(line.OutcomeId).Hold(held.TransferId, line.Held));
            case HoldReleased released:
                return First(released.Lines, line => Of(line.OutcomeId).Release(released.TransferId, line.Held));
            case CreditConverted converted:
                Conversions.Add(converted);
                return First(
                    converted.Lines.SelectMany(line => line.Debits),
                    debit => Of(debit.OutcomeId).Convert(converted.TransferId, debit)
                );
            case ConversionReversed reversed:
                return Reverse(reversed);
            case OutcomeHandedOver handed:
                return HandOver(handed);
            case OutcomeTakenOver taken:
                Outcomes[taken.OutcomeId] = new LearnerOutcome(taken);
                return Below(Outcomes[taken.OutcomeId]);
            case ConversionHandedOver handed:
                Drop(handed.TransferId, handed.Lines);
                return null;
            case ConversionTakenOver taken:
                Conversions.Add(
                    new CreditConverted(
                        taken.TransferId,
                        taken.InstitutionId,
                        taken.ProgrammeId,
                        taken.Lines,
                        taken.EffectiveOn
                    )
                );
                return null;
            case CreditExpired expired:
                return First(expired.Lines, line => Of(line.OutcomeId).Expire(line.Expired, expired.EffectiveOn));
            case ExpiryReversed reversed:
                return Below(Of(reversed.OutcomeId).Restore(reversed.Restored));
            default:
                Award(@event);
                return null;
        }
    }

    private void Award(object @event)
    {
        switch (@event)
        {
            case AwardConferred conferred:
                awards[conferred.AwardId] = conferred.TransferIds;
                break;
            case AwardTakenOver { State: not "rescinded" } taken:
                awards[taken.AwardId] = taken.Conferred.TransferIds;
                break;
            case AwardRescinded rescinded:
                awards.Remove(rescinded.AwardId);
                break;
            case AwardHandedOver handed:
                awards.Remove(handed.AwardId);
                break;
        }
    }

    /// <exception cref="InvalidOperationException">A line was never converted, or was reversed before.</exception>
    private void Drop(string transferId, IReadOnlyList<ConvertedLine> lines)
    {
        foreach (var line in lines)
        {
            var index = Conversions.FindIndex(conversion =>
                conversion.TransferId == transferId && conversion.Lines.Any(other => other.Line == line.Line)
            );
            if (index < 0)
            {
                throw new InvalidOperationException($"Line {line.Line} of {transferId} does not stand.");
            }

            var left = Conversions[index].Lines.Where(other => other.Line != line.Line).ToList();
            Conversions[index] = Conversions[index] with { Lines = left };
        }
    }

    /// <summary>What is handed over must be exactly what is there, and nothing of it may be held.</summary>
    /// <exception cref="InvalidOperationException">Something else is there.</exception>
    private string? HandOver(OutcomeHandedOver handed)
    {
        var outcome = Of(handed.OutcomeId);
        var isWhole =
            outcome.Available == handed.Available || outcome.Available.IsNothing && handed.Available.IsNothing;
        if (outcome.Holds.Count > 0 || !isWhole)
        {
            throw new InvalidOperationException($"{handed.OutcomeId} is handed over, but not all of it.");
        }

        Outcomes.Remove(handed.OutcomeId);
        return null;
    }

    private string? Reverse(ConversionReversed reversed)
    {
        Drop(reversed.TransferId, reversed.Lines);
        return First(reversed.Lines.SelectMany(line => line.Debits), debit => Of(debit.OutcomeId).Reverse(debit));
    }

    private LearnerOutcome Of(string outcomeId)
    {
        if (!Outcomes.TryGetValue(outcomeId, out var outcome))
        {
            outcome = new LearnerOutcome(outcomeId);
            Outcomes.Add(outcomeId, outcome);
        }

        return outcome;
    }

    private static string? Below(LearnerOutcome outcome) => outcome.IsBelowNothing ? outcome.OutcomeId : null;

    private static string? First<T>(IEnumerable<T> lines, Func<T, LearnerOutcome> apply)
    {
        string? first = null;
        foreach (var line in lines)
        {
            first ??= Below(apply(line));
        }

        return first;
    }
}

/// <summary>One outcome of an account: what it is worth and where that is.</summary>
internal sealed class LearnerOutcome(string outcomeId)
{
    private static readonly Worth Unknown = Worth.Nothing("");

    // Most outcomes are never held.
    private Dictionary<string, Worth>? holds;

    /// <summary>An outcome as another account of the same person handed it over.</summary>
    public LearnerOutcome(OutcomeTakenOver taken)
        : this(taken.OutcomeId)
    {
        (Record, Recognition, Available) = (taken.Record, taken.Recognition, taken.Available);
        Expired = taken.Expired ?? Unknown;
        ExpiresOn = taken.Recognition.ExpiresOn;
        HasEnded = taken.State != "recorded";
    }

    /// <summary>Its id.</summary>
    public string OutcomeId => outcomeId;

    /// <summary>The newest revision; none for an outcome that was never recorded.</summary>
    public OutcomeRecord? Record { get; set; }

    /// <summary>The newest recognition.</summary>
    public OutcomeRecognised? Recognition { get; private set; }

    /// <summary>Whether it was withdrawn or revoked.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>May be asked for.</summary>
    public Worth Available { get; private set; } = Unknown;

    /// <summary>The first day on which it cannot be used; none when it never expires.</summary>
    public LocalDate? ExpiresOn { get; private set; }

    /// <summary>Ended by time.</summary>
    public Worth Expired { get; private set; } = Unknown;

    /// <summary>Set aside, by transfer.</summary>
    public Dictionary<string, Worth> Holds => holds ??= [];

    /// <summary>Whether anything of it is less than nothing, in either measure.</summary>
    public bool IsBelowNothing => IsBelow(Available) || (holds?.Values.Any(IsBelow) ?? false);

    /// <summary>What is free for a transfer: what is available and what it holds itself.</summary>
    public Worth FreeFor(string transferId) => Holds.TryGetValue(transferId, out var own) ? Available + own : Available;

    public LearnerOutcome Recognise(OutcomeRecognised recognised, bool keepsIt)
    {
        var before = recognised.Replaces is { } replaced ? Plus(Available, replaced, -1) : Available;
        Available = before.IsNothing ? recognised.Value : before + recognised.Value;
        Recognition = keepsIt ? recognised : null;
        ExpiresOn = recognised.ExpiresOn;
        return this;
    }

    public LearnerOutcome End(Worth removed)
    {
        HasEnded = true;
        Available = Plus(Available, removed, -1);
        return this;
    }

    public LearnerOutcome Hold(string transferId, Worth worth)
    {
        Available = Plus(Available, worth, -1);
        Holds[transferId] = Plus(Holds.GetValueOrDefault(transferId, Worth.Nothing(worth.Unit)), worth, 1);
        return this;
    }

    public LearnerOutcome Release(string transferId, Worth worth)
    {
        Available = Plus(Available, worth, 1);
        return Take(transferId, worth);
    }

    public LearnerOutcome Convert(string transferId, Debit debit) => Take(transferId, debit.Total);

    public LearnerOutcome Reverse(Debit debit)
    {
        Available = Plus(Available, debit.Total, 1);
        return this;
    }

    /// <exception cref="InvalidOperationException">Its term was not over, or it has none.</exception>
    public LearnerOutcome Expire(Worth worth, LocalDate on)
    {
        if (!(ExpiresOn <= on))
        {
            throw new InvalidOperationException($"{outcomeId} does not expire by {on:uuuu-MM-dd}.");
        }

        Available = Plus(Available, worth, -1);
        Expired = Plus(Expired, worth, 1);
        return this;
    }

    /// <exception cref="InvalidOperationException">That much never expired.</exception>
    public LearnerOutcome Restore(Worth worth)
    {
        Available = Plus(Available, worth, 1);
        Expired = Plus(Expired, worth, -1);
        return IsBelow(Expired)
            ? throw new InvalidOperationException($"That much of {outcomeId} never expired.")
            : this;
    }

    private LearnerOutcome Take(string transferId, Worth worth)
    {
        var rest = Plus(Holds.GetValueOrDefault(transferId, Worth.Nothing(worth.Unit)), worth, -1);
        if (rest.IsNothing)
        {
            Holds.Remove(transferId);
        }
        else
        {
            Holds[transferId] = rest;
        }

        return this;
    }

    private static bool IsBelow(Worth worth) => worth.Amount < Credits.Zero || worth.Standard < Credits.Zero;

    private static Worth Plus(Worth left, Worth right, int sign)
    {
        var whole = left.IsNothing ? Worth.Nothing(right.Unit) : left;
        return sign > 0 ? whole + right : whole - right;
    }
}

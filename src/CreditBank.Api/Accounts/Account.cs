using CreditBank.Api.Awards;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;
using Period = CreditBank.Kernel.Period;

namespace CreditBank.Api.Accounts;

/// <summary>
/// A learner's account as decisions need it: what each outcome is worth, and where that worth is now. Folded from the
/// account's stream when a decision spends or corrects; a deposit does not need it. Never written down.
/// </summary>
public sealed partial class Account
{
    /// <summary>The account; also the stream's key.</summary>
    public string Id { get; set; } = string.Empty;

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>The day it was opened.</summary>
    public LocalDate OpenedOn { get; private set; }

    /// <summary>Every outcome ever recorded, by id.</summary>
    public Dictionary<string, OutcomePosition> Outcomes { get; private set; } = [];

    /// <summary>Every conversion that was posted, in order, with the lines that were not reversed.</summary>
    public List<CreditConverted> Conversions { get; private set; } = [];

    /// <summary>Every award that was ever conferred, by id.</summary>
    public Dictionary<string, Award> Awards { get; private set; } = [];

    /// <summary>The consents that were given and not taken back, by id.</summary>
    public Dictionary<string, ConsentGranted> Consents { get; private set; } = [];

    /// <summary>Whether an institution may see this much of the account on a day, by the learner's consent.</summary>
    public bool Allows(string institutionId, LocalDate on, string scope = ConsentScopes.Account) =>
        Frozen is null
        && Consents.Values.Any(consent =>
            consent.InstitutionId == institutionId
            && (consent.Scope == ConsentScopes.Account || consent.Scope == scope)
            && new Period(consent.FromOn, consent.ToOn).Contains(on)
        );

    /// <summary>The outcomes that were neither withdrawn nor revoked, by id.</summary>
    public IEnumerable<string> StandingOutcomeIds =>
        Outcomes
            .Values.Where(position => position.Status == OutcomeStatus.Recorded)
            .Select(position => position.OutcomeId);

    /// <summary>What is set aside for a transfer, an outcome a line.</summary>
    public IReadOnlyList<HeldLine> HeldFor(string transferId) =>
        [
            .. Outcomes
                .Values.Where(position => position.Holds.ContainsKey(transferId))
                .OrderBy(position => position.OutcomeId, StringComparer.Ordinal)
                .Select(position => new HeldLine(position.OutcomeId, position.Holds[transferId])),
        ];

    /// <summary>The account as it would be after more events of its stream; this one stays as it is.</summary>
    public Account After(IEnumerable<object> events)
    {
        var copy = (Account)MemberwiseClone();
        copy.Outcomes = Outcomes.ToDictionary(pair => pair.Key, pair => pair.Value.Copy());
        copy.Conversions = [.. Conversions];
        copy.Awards = new(Awards);
        copy.Consents = new(Consents);
        copy.TakenOver = new(TakenOver);
        copy.TakenOverAwards = new(TakenOverAwards);
        copy.TakenOverLines = new(TakenOverLines);
        foreach (var @event in events)
        {
            AccountFold.Apply(copy, @event);
        }

        return copy;
    }

    /// <summary>Folds.</summary>
    public void Apply(AccountOpened opened) => (Id, OpenedOn) = (opened.AccountId, opened.OpenedOn);

    /// <summary>Folds.</summary>
    public void Apply(ConsentGranted granted) => Consents[granted.ConsentId] = granted;

    /// <summary>Folds.</summary>
    public void Apply(ConsentWithdrawn withdrawn) => Consents.Remove(withdrawn.ConsentId);

    /// <summary>Folds.</summary>
    public void Apply(OutcomeRecorded recorded) =>
        Outcomes[recorded.OutcomeId] = new OutcomePosition(recorded.OutcomeId, recorded.Record)
        {
            Source = recorded.Source,
        };

    /// <summary>Folds.</summary>
    public void Apply(OutcomeRecognised recognised) => Outcomes[recognised.OutcomeId].Apply(recognised);

    /// <summary>Folds.</summary>
    public void Apply(OutcomeCorrected corrected) => Outcomes[corrected.OutcomeId].Record = corrected.Record;

    /// <summary>Folds.</summary>
    public void Apply(OutcomeWithdrawn withdrawn)
    {
        var position = Outcomes[withdrawn.OutcomeId];
        position.Status = OutcomeStatus.Withdrawn;
        position.Available -= withdrawn.Removed;
    }

    /// <summary>Folds.</summary>
    public void Apply(OutcomeRevoked revoked)
    {
        var position = Outcomes[revoked.OutcomeId];
        position.Status = OutcomeStatus.Revoked;
        position.Available -= revoked.Revoked;
        position.Revoked += revoked.Revoked;
    }

    /// <summary>Folds.</summary>
    public void Apply(CreditHeld held)
    {
        foreach (var line in held.Lines)
        {
            Outcomes[line.OutcomeId].Hold(held.TransferId, line.Held, held.EffectiveOn);
        }
    }

    /// <summary>Folds.</summary>
    public void Apply(HoldReleased released)
    {
        foreach (var line in released.Lines)
        {
            Outcomes[line.OutcomeId].Release(released.TransferId, line.Held, released.EffectiveOn);
        }
    }

    /// <summary>Folds.</summary>
    public void Apply(CreditConverted converted)
    {
        Conversions.Add(converted);
        foreach (var debit in converted.Lines.SelectMany(line => line.Debits))
        {
            Outcomes[debit.OutcomeId].Convert(converted.TransferId, debit, converted.EffectiveOn);
        }
    }

    /// <summary>Folds.</summary>
    public void Apply(CreditExpired expired)
    {
        foreach (var line in expired.Lines)
        {
            Outcomes[line.OutcomeId].Expire(line.Expired, expired.EffectiveOn);
        }
    }

    /// <summary>Folds.</summary>
    public void Apply(ExpiryReversed reversed) => Outcomes[reversed.OutcomeId].Apply(reversed);

    /// <summary>Folds.</summary>
    public void Apply(IEvent<AwardConferred> conferred) =>
        Awards[conferred.Data.AwardId] = new Award(conferred.Data, AwardStates.Conferred, conferred.UserName);

    /// <summary>Folds.</summary>
    public void Apply(AwardReviewOpened opened) => Awards[opened.AwardId] = Awards[opened.AwardId].Apply(opened);

    /// <summary>Folds.</summary>
    public void Apply(AwardUpheld upheld) => Awards[upheld.AwardId] = Awards[upheld.AwardId].Apply(upheld);

    /// <summary>Folds.</summary>
    public void Apply(AwardRescinded rescinded) =>
        Awards[rescinded.AwardId] = Awards[rescinded.AwardId].Apply(rescinded);

    /// <summary>Folds.</summary>
    public void Apply(ConversionReversed reversed)
    {
        Drop(reversed.TransferId, reversed.Lines);
        foreach (var debit in reversed.Lines.SelectMany(line => line.Debits))
        {
            Outcomes[debit.OutcomeId].Reverse(debit);
        }
    }
}

/// <summary>Whether an outcome still stands.</summary>
public enum OutcomeStatus
{
    /// <summary>It stands.</summary>
    Recorded,

    /// <summary>The issuer took it back: it should not have been posted.</summary>
    Withdrawn,

    /// <summary>The issuer revoked it.</summary>
    Revoked,
}

/// <summary>
/// Where the worth of one outcome is: recognised = available + held + converted + forfeited + expired + revoked (+ what
/// a withdrawal removed), in the source's unit and in standard credit.
/// </summary>
public sealed partial class OutcomePosition(string outcomeId, OutcomeRecord record)
{
    /// <summary>The outcome.</summary>
    public string OutcomeId => outcomeId;

    /// <summary>What the issuer's newest revision says.</summary>
    public OutcomeRecord Record { get; set; } = record;

    /// <summary>The submission of its first revision.</summary>
    public OutcomeSource? Source { get; init; }

    /// <summary>Whether it still stands.</summary>
    public OutcomeStatus Status { get; set; }

    /// <summary>The newest recognition; none before the first.</summary>
    public OutcomeRecognised? Recognition { get; private set; }

    /// <summary>May be asked for.</summary>
    public Worth Available { get; set; } = Worth.Nothing(record.Unit);

    /// <summary>Set aside for transfers.</summary>
    public Worth Held { get; private set; } = Worth.Nothing(record.Unit);

    /// <summary>Became credit of programmes.</summary>
    public Worth Converted { get; private set; } = Worth.Nothing(record.Unit);

    /// <summary>Lost by rule.</summary>
    public Worth Forfeited { get; private set; } = Worth.Nothing(record.Unit);

    /// <summary>Revoked by the issuer.</summary>
    public Worth Revoked { get; set; } = Worth.Nothing(record.Unit);

    /// <summary>What time ended, each part with its day.</summary>
    public List<ExpiredPart> Expiries { get; private set; } = [];

    /// <summary>Ended by time.</summary>
    public Worth Expired => Expiries.Aggregate(Worth.Nothing(Available.Unit), (sum, expiry) => sum + expiry.Worth);

    /// <summary>
    /// The latest day on which credit of it was moved for a transfer; none when it never was. What is taken away from
    /// it is taken away on that day or later, so that on no day less than nothing is available.
    /// </summary>
    public LocalDate? MovedOn { get; private set; }

    /// <summary>Whether no credit of it ever moved for a transfer.</summary>
    public bool IsUnmoved => MovedOn is null;

    /// <summary>Everything that is set aside, converted or lost.</summary>
    public Worth InUse => Held + Converted + Forfeited;

    /// <summary>What is set aside, by transfer.</summary>
    public Dictionary<string, Worth> Holds { get; private set; } = [];

    /// <summary>Whether nothing of it is set aside, converted or lost.</summary>
    public bool IsUntouched => Held.IsNothing && Converted.IsNothing && Forfeited.IsNothing;

    /// <summary>A part of what is available, in both measures; the last part takes what rounding left over.</summary>
    /// <param name="amount">In the source's unit, at most what is available.</param>
    public Worth PartOfAvailable(Credits amount) => PartOf(Available, amount);

    /// <summary>A part of an amount, in both measures; the whole keeps its whole standard credit.</summary>
    public static Worth PartOf(Worth whole, Credits amount) =>
        amount == whole.Amount ? whole
        : whole.Amount.IsZero ? whole with { Amount = amount }
        : new Worth(amount, whole.Unit, Credits.Rounded(whole.Standard.Value * amount.Value / whole.Amount.Value));

    internal OutcomePosition Copy()
    {
        var copy = (OutcomePosition)MemberwiseClone();
        copy.Expiries = [.. Expiries];
        copy.Holds = new(Holds);
        return copy;
    }

    internal void Apply(OutcomeRecognised recognised)
    {
        if (Recognition is null || Available.Unit != recognised.Value.Unit && IsUntouched)
        {
            var nothing = Worth.Nothing(recognised.Value.Unit);
            (Available, Held, Converted, Forfeited, Revoked) = (nothing, nothing, nothing, nothing, nothing);
            Available = recognised.Value;
        }
        else
        {
            Available = Available - (recognised.Replaces ?? Worth.Nothing(Available.Unit)) + recognised.Value;
        }

        Recognition = recognised;
    }

    internal void Expire(Worth worth, LocalDate on)
    {
        Available -= worth;
        Expiries.Add(new ExpiredPart(on, worth));
    }

    internal void Apply(ExpiryReversed reversed)
    {
        Available += reversed.Restored;
        Expiries.Remove(new ExpiredPart(reversed.EffectiveOn, reversed.Restored));
    }

    internal void Hold(string transferId, Worth worth, LocalDate on)
    {
        Move(on);
        Available -= worth;
        Held += worth;
        Holds[transferId] = Holds.TryGetValue(transferId, out var before) ? before + worth : worth;
    }

    internal void Release(string transferId, Worth worth, LocalDate on)
    {
        Move(on);
        Available += worth;
        TakeFromHold(transferId, worth);
    }

    internal void Convert(string transferId, Debit debit, LocalDate on)
    {
        Move(on);
        TakeFromHold(transferId, debit.Total);
        Converted += debit.Converted;
        Forfeited += debit.Forfeited;
    }

    /// <summary>On the day of the conversion, which is in <see cref="MovedOn"/> already.</summary>
    internal void Reverse(Debit debit)
    {
        Available += debit.Total;
        Converted -= debit.Converted;
        Forfeited -= debit.Forfeited;
    }

    private void Move(LocalDate on) => MovedOn = MovedOn is { } before ? LocalDate.Max(before, on) : on;

    /// <summary>Of a source that is in a line and pays nothing for it, nothing is held.</summary>
    private void TakeFromHold(string transferId, Worth worth)
    {
        if (worth.IsNothing)
        {
            return;
        }

        Held -= worth;
        var left = Holds[transferId] - worth;
        if (left.IsNothing)
        {
            Holds.Remove(transferId);
        }
        else
        {
            Holds[transferId] = left;
        }
    }
}

/// <summary>A part of an outcome that time ended.</summary>
/// <param name="On">The day.</param>
/// <param name="Worth">How much.</param>
public readonly record struct ExpiredPart(LocalDate On, Worth Worth);

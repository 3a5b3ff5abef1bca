using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;
using Period = CreditBank.Kernel.Period;

namespace CreditBank.Api.Accounts;

/// <summary>One event of an account's stream, with what its envelope says.</summary>
/// <param name="Version">Its place in the stream, from 1.</param>
/// <param name="EventId">Its id.</param>
/// <param name="Data">The event.</param>
/// <param name="RecordedAt">
/// When it was recorded, never before the event in front of it: two transactions that overlap may have begun in the
/// other order, and what was known at an instant must be a prefix of the stream.
/// </param>
/// <param name="ActorId">Who did it, as a pseudonym.</param>
public sealed record AccountFact(long Version, Guid EventId, object Data, Instant RecordedAt, string? ActorId);

/// <summary>A consent, also one that was taken back.</summary>
/// <param name="Granted">What was allowed.</param>
/// <param name="WithdrawnOn">The day from which it no longer holds; none while it does.</param>
public sealed record ConsentState(ConsentGranted Granted, LocalDate? WithdrawnOn)
{
    /// <summary>Whether it holds on a day: from inclusive, to exclusive, withdrawal exclusive.</summary>
    public bool HoldsOn(LocalDate on) =>
        new Period(Granted.FromOn, Granted.ToOn).Contains(on) && (WithdrawnOn is not { } withdrawn || on < withdrawn);
}

/// <summary>What an account's events say, as pure functions of them.</summary>
public static class AccountFacts
{
    /// <summary>The facts of a stream, in order.</summary>
    public static IReadOnlyList<AccountFact> Of(IReadOnlyList<IEvent> events)
    {
        var facts = new List<AccountFact>(events.Count);
        var latest = Instant.MinValue;
        foreach (var @event in events)
        {
            latest = Instant.Max(latest, Instant.FromDateTimeOffset(@event.Timestamp));
            facts.Add(new AccountFact(@event.Version, @event.Id, @event.Data, latest, @event.UserName));
        }

        return facts;
    }

    /// <summary>What had been recorded by an instant, inclusive: always a prefix.</summary>
    public static IReadOnlyList<AccountFact> KnownAt(this IReadOnlyList<AccountFact> facts, Instant? knownAt) =>
        knownAt is { } at ? [.. facts.TakeWhile(fact => fact.RecordedAt <= at)] : facts;

    /// <summary>Every consent ever given, in order.</summary>
    public static IReadOnlyList<ConsentState> Consents(this IReadOnlyList<AccountFact> facts)
    {
        var consents = new List<ConsentState>();
        foreach (var fact in facts)
        {
            if (fact.Data is ConsentGranted granted)
            {
                consents.Add(new ConsentState(granted, null));
            }
            else if (fact.Data is ConsentWithdrawn withdrawn)
            {
                var index = consents.FindIndex(consent => consent.Granted.ConsentId == withdrawn.ConsentId);
                consents[index] = consents[index] with { WithdrawnOn = withdrawn.WithdrawnOn };
            }
        }

        return consents;
    }

    /// <summary>The account that took this one over; none while it stands for itself.</summary>
    public static string? MergedInto(this IReadOnlyList<AccountFact> facts, string accountId)
    {
        string? into = null;
        foreach (var fact in facts)
        {
            into = fact.Data switch
            {
                AccountsMerged merged when merged.AbsorbedId == accountId => merged.SurvivorId,
                AccountsUnmerged unmerged when unmerged.AbsorbedId == accountId => null,
                _ => into,
            };
        }

        return into;
    }

    /// <summary>The day the person was erased; none while it is known whose account this is.</summary>
    public static LocalDate? ErasedOn(this IReadOnlyList<AccountFact> facts) =>
        facts.Select(fact => fact.Data).OfType<PersonErased>().FirstOrDefault()?.ErasedOn;

    /// <summary>The accounts that this one took over and still has, in order.</summary>
    public static IReadOnlyList<string> Absorbed(this IReadOnlyList<AccountFact> facts, string accountId)
    {
        var absorbed = new List<string>();
        foreach (var fact in facts)
        {
            if (fact.Data is AccountsMerged merged && merged.AbsorbedId != accountId)
            {
                absorbed.Add(merged.AbsorbedId);
            }
            else if (fact.Data is AccountsUnmerged unmerged)
            {
                absorbed.Remove(unmerged.AbsorbedId);
            }
        }

        return absorbed;
    }

    /// <summary>
    /// What an institution may see without consent: what concerns outcomes it issued, and what its own programmes
    /// granted. An event that concerns others too is reduced to its own lines.
    /// </summary>
    public static IReadOnlyList<AccountFact> OwnRowsOf(this IReadOnlyList<AccountFact> facts, string institutionId) =>
        facts.OwnRowsOf(one => one == institutionId);

    /// <summary>The same for an institution that answers for others too.</summary>
    public static IReadOnlyList<AccountFact> OwnRowsOf(
        this IReadOnlyList<AccountFact> facts,
        Func<string, bool> actsFor
    )
    {
        var own = new HashSet<string>();
        foreach (var fact in facts)
        {
            if (fact.Data is OutcomeRecorded recorded && actsFor(recorded.Record.InstitutionId))
            {
                own.Add(recorded.OutcomeId);
            }
            else if (fact.Data is OutcomeTakenOver taken && actsFor(taken.Record.InstitutionId))
            {
                own.Add(taken.OutcomeId);
            }
        }

        var rows = new List<AccountFact>();
        foreach (var fact in facts)
        {
            if (Reduce(fact.Data, own, actsFor) is { } reduced)
            {
                rows.Add(ReferenceEquals(reduced, fact.Data) ? fact : fact with { Data = reduced });
            }
        }

        return rows.Exists(row => !ConcernsAll(row.Data)) ? rows : [];
    }

    /// <summary>Whether an event is for everybody who has a stake in the account, whatever it is.</summary>
    private static bool ConcernsAll(object data) => data is AccountsMerged or AccountsUnmerged or PersonErased;

    /// <summary>The day from which an event is true; none where the event has no day of its own.</summary>
    public static LocalDate? EffectiveOn(object data) =>
        data switch
        {
            AccountOpened opened => opened.OpenedOn,
            ConsentGranted granted => granted.FromOn,
            ConsentWithdrawn withdrawn => withdrawn.WithdrawnOn,
            OutcomeRecorded recorded => recorded.Record.CompletedOn,
            OutcomeCorrected corrected => corrected.Record.CompletedOn,
            OutcomeRecognised recognised => recognised.EffectiveOn,
            OutcomeWithdrawn withdrawn => withdrawn.EffectiveOn,
            OutcomeRevoked revoked => revoked.EffectiveOn,
            CreditHeld held => held.EffectiveOn,
            HoldReleased released => released.EffectiveOn,
            CreditConverted converted => converted.EffectiveOn,
            ConversionReversed reversed => reversed.EffectiveOn,
            LegalHoldSet set => set.SetOn,
            LegalHoldLifted lifted => lifted.LiftedOn,
            PersonErased erased => erased.ErasedOn,
            AccountsMerged merged => merged.EffectiveOn,
            AccountsUnmerged unmerged => unmerged.EffectiveOn,
            OutcomeHandedOver handed => handed.EffectiveOn,
            OutcomeTakenOver taken => taken.EffectiveOn,
            ConversionHandedOver handed => handed.EffectiveOn,
            ConversionTakenOver taken => taken.EffectiveOn,
            AwardHandedOver handed => handed.EffectiveOn,
            AwardTakenOver taken => taken.EffectiveOn,
            AwardReviewTakenOver taken => taken.EffectiveOn,
            CreditExpired expired => expired.EffectiveOn,
            ExpiryReversed reversed => reversed.EffectiveOn,
            ExpiryWarned warned => warned.WarnedOn,
            AwardConferred conferred => conferred.ConferredOn,
            AwardReviewOpened opened => opened.OpenedOn,
            AwardUpheld upheld => upheld.DecidedOn,
            AwardRescinded rescinded => rescinded.RescindedOn,
            _ => null,
        };

    private static object? Reduce(object data, HashSet<string> own, Func<string, bool> actsFor) =>
        data switch
        {
            OutcomeRecorded recorded => own.Contains(recorded.OutcomeId) ? data : null,
            OutcomeRecognised recognised => own.Contains(recognised.OutcomeId) ? data : null,
            OutcomeCorrected corrected => own.Contains(corrected.OutcomeId) ? data : null,
            OutcomeWithdrawn withdrawn => own.Contains(withdrawn.OutcomeId) ? data : null,
            OutcomeRevoked revoked => own.Contains(revoked.OutcomeId) ? data : null,
            ExpiryReversed reversed => own.Contains(reversed.OutcomeId) ? data : null,
            CreditExpired expired => Own(expired.Lines, line => line.OutcomeId, own) is { Count: > 0 } lines
                ? expired with
                {
                    Lines = lines,
                }
                : null,
            ExpiryWarned warned => Own(warned.Lines, line => line.OutcomeId, own) is { Count: > 0 } lines
                ? warned with
                {
                    Lines = lines,
                }
                : null,
            CreditHeld held => Own(held.Lines, line => line.OutcomeId, own) is { Count: > 0 } lines
                ? held with
                {
                    Lines = lines,
                }
                : null,
            HoldReleased released => Own(released.Lines, line => line.OutcomeId, own) is { Count: > 0 } lines
                ? released with
                {
                    Lines = lines,
                }
                : null,
            CreditConverted converted => Own(converted.Lines, own, actsFor(converted.InstitutionId))
                is { Count: > 0 } lines
                ? converted with
                {
                    Lines = lines,
                }
                : null,
            ConversionReversed reversed => Own(reversed.Lines, own, actsFor(reversed.InstitutionId))
                is { Count: > 0 } lines
                ? reversed with
                {
                    Lines = lines,
                }
                : null,
            _ => ReduceMerging(data, own, actsFor),
        };

    private static object? ReduceMerging(object data, HashSet<string> own, Func<string, bool> actsFor) =>
        data switch
        {
            _ when ConcernsAll(data) => data,
            OutcomeHandedOver handed => own.Contains(handed.OutcomeId) ? data : null,
            OutcomeTakenOver taken => own.Contains(taken.OutcomeId) ? data : null,
            ConversionHandedOver handed => Own(handed.Lines, own, actsFor(handed.InstitutionId)) is { Count: > 0 } lines
                ? handed with
                {
                    Lines = lines,
                }
                : null,
            ConversionTakenOver taken => Own(taken.Lines, own, actsFor(taken.InstitutionId)) is { Count: > 0 } lines
                ? taken with
                {
                    Lines = lines,
                }
                : null,
            _ => ConferrerOf(data) is { } conferrer && actsFor(conferrer) ? data : null,
        };

    /// <summary>Who conferred the award that an event is about; none where it is about none.</summary>
    private static string? ConferrerOf(object data) =>
        data switch
        {
            AwardConferred conferred => conferred.InstitutionId,
            AwardReviewOpened opened => opened.InstitutionId,
            AwardUpheld upheld => upheld.InstitutionId,
            AwardRescinded rescinded => rescinded.InstitutionId,
            AwardHandedOver handed => handed.InstitutionId,
            AwardTakenOver taken => taken.InstitutionId,
            AwardReviewTakenOver taken => taken.Opened.InstitutionId,
            _ => null,
        };

    private static List<T> Own<T>(IReadOnlyList<T> lines, Func<T, string> outcomeOf, HashSet<string> own) =>
        [.. lines.Where(line => own.Contains(outcomeOf(line)))];

    private static List<ConvertedLine> Own(IReadOnlyList<ConvertedLine> lines, HashSet<string> own, bool receives) =>
        [
            .. lines
                .Select(line =>
                    line with
                    {
                        Debits = [.. line.Debits.Where(debit => own.Contains(debit.OutcomeId))],
                        Grants = receives ? line.Grants : [],
                    }
                )
                .Where(line => line.Debits.Count + line.Grants.Count > 0),
        ];
}

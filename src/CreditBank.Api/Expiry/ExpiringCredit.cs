using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Ledger.Journal;
using NodaTime;

namespace CreditBank.Api.Expiry;

/// <summary>
/// What time takes from an account. Only available credit expires: what is held for an open transfer is protected as
/// long as it is open, and what was converted stays. Pure.
/// </summary>
public static class ExpiringCredit
{
    /// <summary>The expiry of what is available of outcomes whose term is over.</summary>
    /// <param name="account">The account.</param>
    /// <param name="outcomeIds">Which; unknown ones are passed over.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static IReadOnlyList<object> Due(Account account, IEnumerable<string> outcomeIds, LocalDate today) =>
        Expire(
            outcomeIds
                .Distinct()
                .Select(id => account.Outcomes.GetValueOrDefault(id))
                .OfType<OutcomePosition>()
                .Select(position => new Candidate(
                    position.OutcomeId,
                    position.Available,
                    position.Recognition,
                    position.MovedOn
                )),
            today
        );

    /// <summary>
    /// The expiry of what other events make available although its term is over: released holds, reversed conversions,
    /// records that come late. It belongs into the same commit, so that nobody sees it available.
    /// </summary>
    /// <param name="account">The account before the events; none where it has none of the outcomes yet.</param>
    /// <param name="events">The events, not folded yet.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static IReadOnlyList<object> Following(Account? account, IReadOnlyList<object> events, LocalDate today)
    {
        var touched = events
            .SelectMany(DoubleEntry.EntriesOf)
            .Where(entry => entry.Account == ChartAccount.Available)
            .GroupBy(entry => entry.Owner);
        var recognised = events.OfType<OutcomeRecognised>().ToLookup(one => one.OutcomeId);
        return Expire(touched.Select(After), today);

        Candidate After(IGrouping<string, JournalEntry> entries)
        {
            var position = account?.Outcomes.GetValueOrDefault(entries.Key);
            var term = recognised[entries.Key].LastOrDefault() ?? position?.Recognition;
            var unit = term?.Value.Unit ?? string.Empty;
            var before = position is { } known && known.Available.Unit == unit ? known.Available.Amount : Credits.Zero;
            var standard = position?.Available.Standard ?? Credits.Zero;
            var worth = new Worth(
                before + entries.Where(entry => IsIn(entry, unit)).Sum(entry => entry.Amount),
                unit,
                standard + entries.Where(IsStandard).Sum(entry => entry.Amount)
            );
            var movedOn = entries.Max(entry => entry.EffectiveOn);
            return new Candidate(
                entries.Key,
                worth,
                term,
                position?.MovedOn is { } moved ? LocalDate.Max(moved, movedOn) : movedOn
            );
        }

        static bool IsIn(JournalEntry entry, string unit) => entry.Measure == Measure.Source && entry.Unit == unit;
        static bool IsStandard(JournalEntry entry) => entry.Measure == Measure.Standard;
    }

    /// <summary>What had expired of an outcome, made available again before the outcome itself changes.</summary>
    /// <param name="position">The outcome.</param>
    /// <param name="cause">One of <see cref="UnwindingCauses"/>.</param>
    /// <param name="since">Only what ended on this day or later; none for all.</param>
    public static IReadOnlyList<object> Undo(OutcomePosition position, string cause, LocalDate? since = null) =>
        [
            .. position
                .Expiries.Where(expiry => since is null || expiry.On >= since)
                .Select(expiry => new ExpiryReversed(position.OutcomeId, expiry.Worth, cause, expiry.On)),
        ];

    /// <summary>What a learner is to be told: what of outcomes is still free or held, and until when.</summary>
    /// <param name="account">The account.</param>
    /// <param name="outcomeIds">Which; unknown ones are passed over.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static IReadOnlyList<object> Warning(Account account, IEnumerable<string> outcomeIds, LocalDate today)
    {
        var lines = outcomeIds
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select(id => account.Outcomes.GetValueOrDefault(id))
            .OfType<OutcomePosition>()
            .Where(position => position.Status == OutcomeStatus.Recorded)
            .Where(position => position.Recognition?.ExpiresOn > today)
            .Select(position => new WarnedLine(
                position.OutcomeId,
                position.Available + position.Held,
                position.Recognition!.ExpiresOn!.Value
            ))
            .Where(line => !line.Expiring.IsNothing)
            .ToList();
        return lines.Count == 0 ? [] : [new ExpiryWarned(lines, today)];
    }

    /// <summary>
    /// Each on the first day of its end, or on the latest on which credit of it moved, so that on no day less than
    /// nothing is available.
    /// </summary>
    private static IReadOnlyList<object> Expire(IEnumerable<Candidate> candidates, LocalDate today) =>
        [
            .. candidates
                .Where(one => one.Term?.ExpiresOn <= today && !one.Available.IsNothing)
                .GroupBy(one => LocalDate.Max(one.Term!.ExpiresOn!.Value, one.MovedOn ?? one.Term.EffectiveOn))
                .OrderBy(day => day.Key)
                .Select(day => new CreditExpired(
                    [.. day.OrderBy(one => one.OutcomeId, StringComparer.Ordinal).Select(LineOf)],
                    day.Key
                )),
        ];

    private static ExpiredLine LineOf(Candidate one) =>
        new(one.OutcomeId, one.Available, one.Term!.RuleSetVersion, one.Term.ExpiryClause);

    private sealed record Candidate(string OutcomeId, Worth Available, OutcomeRecognised? Term, LocalDate? MovedOn);
}

using CreditBank.Api.Accounts;
using CreditBank.Api.Tests.Lives;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Ledger.Journal;

namespace CreditBank.Api.Tests.Outcomes;

/// <summary>INV-1 to INV-6 after every command of generated lives.</summary>
public sealed class InvariantPropertyTests
{
    private const int Lives = 100;

    [Lives(4 * Lives)]
    public void what_came_of_the_commands_is_what_must_have_come_of_them(Steps steps) =>
        Live(steps, life => life.Model.Faults);

    [Lives(Lives)]
    public void every_transaction_balances_in_every_unit(Steps steps) =>
        Live(
            steps,
            life =>
                life.News.SelectMany(one =>
                    DoubleEntry
                        .EntriesOf(one)
                        .GroupBy(entry => (entry.Measure, entry.Unit, entry.EffectiveOn))
                        .Where(group => !group.Sum(entry => entry.Amount).IsZero)
                        .Select(group => $"{one.GetType().Name} is out of balance in {group.Key}")
                )
        );

    [Lives(Lives)]
    public void nothing_is_ever_below_zero_in_the_order_of_recording(Steps steps) =>
        Live(steps, life => Negative(life.Events.Select(DoubleEntry.EntriesOf)));

    [Lives(Lives)]
    public void nothing_is_below_zero_on_any_day(Steps steps) =>
        Live(
            steps,
            life =>
                Negative(
                    life.Events.SelectMany(DoubleEntry.EntriesOf)
                        .GroupBy(entry => entry.EffectiveOn)
                        .OrderBy(day => day.Key)
                )
        );

    [Lives(Lives)]
    public void what_a_conversion_grants_is_covered_by_what_it_used(Steps steps) =>
        Live(
            steps,
            life =>
                life.Events.OfType<CreditConverted>()
                    .SelectMany(conversion => conversion.Lines)
                    .Where(line =>
                        line.Debits.Sum(debit => debit.Converted.Standard) < line.Grants.Sum(grant => grant.Amount)
                    )
                    .Select(line => $"line {line.Line} grants more than {string.Join(", ", line.Debits)}")
        );

    [Lives(Lives)]
    public void what_was_recognised_is_somewhere_once(Steps steps) =>
        Live(
            steps,
            life =>
                life.Account.Outcomes.Values.Where(position =>
                    {
                        var somewhere = position.Available + position.InUse + position.Expired + position.Revoked;
                        var gone = position.Status == OutcomeStatus.Withdrawn;
                        return gone ? !somewhere.IsNothing : somewhere != position.Recognition!.Value;
                    })
                    .Select(position => $"{position.OutcomeId} does not add up")
        );

    [Lives(Lives)]
    public void what_is_available_past_its_term_is_gone_when_time_passes(Steps steps) =>
        Live(
            steps,
            life =>
                life.LookedAtOn is not { } on
                    ? []
                    : life
                        .Account.Outcomes.Values.Where(position =>
                            position.Recognition!.ExpiresOn <= on && !position.Available.IsNothing
                        )
                        .Select(position => $"{position.OutcomeId} is available past its term")
        );

    [Lives(Lives)]
    public void a_course_is_filled_by_one_conversion_at_most(Steps steps) =>
        Live(
            steps,
            life =>
                life.Account.Conversions.SelectMany(conversion =>
                        conversion
                            .Lines.SelectMany(line => line.Grants)
                            .Select(grant => (conversion.ProgrammeId, grant))
                    )
                    .Where(filled => filled.grant.CourseCode.Length > 0)
                    .GroupBy(filled => (filled.ProgrammeId, filled.grant.CourseCode))
                    .Where(course => course.Count() > 1)
                    .Select(course => $"{course.Key} is filled twice")
        );

    [Lives(Lives)]
    public void nothing_rests_on_an_outcome_that_ended_and_a_line_is_reversed_once(Steps steps) =>
        Live(
            steps,
            life =>
            {
                var ended = life
                    .Account.Outcomes.Values.Where(position => position.Status != OutcomeStatus.Recorded)
                    .ToList();
                var ids = ended.Select(position => position.OutcomeId).ToHashSet();
                var resting = life
                    .Account.Conversions.SelectMany(conversion => conversion.Lines)
                    .SelectMany(line => line.Debits)
                    .Where(debit => ids.Contains(debit.OutcomeId))
                    .Select(debit => $"a conversion rests on {debit.OutcomeId}");
                var used = ended
                    .Where(position => !position.IsUntouched)
                    .Select(position => $"{position.OutcomeId} ended and is in use");
                var twice = life
                    .Events.OfType<ConversionReversed>()
                    .SelectMany(reversed => reversed.Lines.Select(line => (reversed.TransferId, line.Line)))
                    .GroupBy(line => line)
                    .Where(line => line.Count() > 1)
                    .Select(line => $"{line.Key} was reversed twice");
                return resting.Concat(used).Concat(twice);
            }
        );

    [Lives(Lives)]
    public void after_reversals_the_balances_are_those_of_what_was_not_reversed(Steps steps) =>
        Live(
            steps,
            life =>
            {
                var granted = Balances.Of(life.Events).Granted.Sum(sum => sum.Amount);
                var standing = life
                    .Account.Conversions.SelectMany(conversion => conversion.Lines)
                    .SelectMany(line => line.Grants)
                    .Sum(grant => grant.Amount);
                return granted == standing ? [] : [$"{granted} is granted, and {standing} stands"];
            }
        );

    [Lives(Lives)]
    public void open_transfers_hold_exactly_what_their_lines_say_and_closed_ones_nothing(Steps steps) =>
        Live(
            steps,
            life =>
                life.Transfers.Where(transfer =>
                    {
                        var wanted = TransferStates.IsOpen(transfer.State)
                            ? transfer.Lines().SelectMany(line => line.Holds).Sum(hold => hold.Held.Amount)
                            : Credits.Zero;
                        return life.Account.HeldFor(transfer.Id).Sum(line => line.Held.Amount) != wanted;
                    })
                    .Select(transfer => $"{transfer.Id} ({transfer.State}) holds something else than its lines say")
        );

    [Lives(Lives)]
    public void an_outcome_is_counted_as_it_is_for_one_standing_award_at_most(Steps steps) =>
        Live(
            steps,
            life =>
                life.Account.Awards.Values.Where(award => award.Stands)
                    .SelectMany(award => award.Conferred.StackedIds)
                    .GroupBy(outcomeId => outcomeId)
                    .Where(outcome => outcome.Count() > 1)
                    .Select(outcome => $"{outcome.Key} is counted for two awards")
        );

    [Lives(Lives)]
    public void what_ended_under_a_standing_award_opened_its_review(Steps steps) =>
        Live(steps, life => Unreviewed(life.Account));

    [Lives(Lives)]
    public void the_journal_has_of_each_outcome_what_decisions_see(Steps steps) =>
        Live(
            steps,
            life =>
            {
                var booked = life
                    .Events.SelectMany(DoubleEntry.EntriesOf)
                    .GroupBy(entry => (entry.Account, entry.Owner, entry.Measure, entry.Unit))
                    .ToDictionary(sum => sum.Key, sum => sum.Sum(entry => entry.Amount));
                return from position in life.Account.Outcomes.Values
                    from place in Places(position)
                    let source = (place.Account, position.OutcomeId, Measure.Source, place.Worth.Unit)
                    let standard = (place.Account, position.OutcomeId, Measure.Standard, DoubleEntry.StandardUnit)
                    where
                        booked.GetValueOrDefault(source) != place.Worth.Amount
                        || booked.GetValueOrDefault(standard) != place.Worth.Standard
                    select $"{position.OutcomeId} has {place.Worth} {place.Account}, which the journal has not";
            }
        );

    private static (ChartAccount Account, Worth Worth)[] Places(OutcomePosition position) =>
        [
            (ChartAccount.Available, position.Available),
            (ChartAccount.Held, position.Held),
            (ChartAccount.Forfeited, position.Forfeited),
            (ChartAccount.Expired, position.Expired),
            (ChartAccount.Revoked, position.Revoked),
        ];

    [Lives(Lives)]
    public void a_replay_from_nothing_gives_the_same_account(Steps steps) =>
        Live(
            steps,
            life =>
                Positions(life.Replayed()).SequenceEqual(Positions(life.Account))
                    ? []
                    : ["a replay gives another account"]
        );

    private static IEnumerable<string> Positions(Account account) =>
        [
            .. account
                .Outcomes.Values.OrderBy(position => position.OutcomeId, StringComparer.Ordinal)
                .Select(position =>
                    $"{position.OutcomeId} {position.Record} {position.Status} {position.Available} {position.Held} "
                    + $"{position.Converted} {position.Forfeited} {position.Revoked} {position.MovedOn} "
                    + $"{string.Join(',', position.Holds)} {string.Join(',', position.Expiries)}"
                ),
            .. account.Conversions.SelectMany(one => one.Lines.Select(line => $"{one.TransferId} {line.Line}")),
            .. account.Awards.Values.Select(award => $"{award.Conferred.AwardId} {award.State} {award.ConferredBy}"),
        ];

    /// <summary>Outcomes under standing awards that ended without a review.</summary>
    internal static IEnumerable<string> Unreviewed(Account account) =>
        from award in account.Awards.Values
        where award.Stands
        from outcomeId in award.Conferred.OutcomeIds
        where account.Outcomes[outcomeId].Status != OutcomeStatus.Recorded
        where award.Reviews.All(review => review.OutcomeId != outcomeId)
        select $"{outcomeId} ended and {award.Conferred.AwardId} is not reviewed";

    private static void Live(Steps steps, Func<GeneratedLife, IEnumerable<string>> faults)
    {
        var life = new GeneratedLife();
        foreach (var step in steps.All)
        {
            life.Live(step);
            if (faults(life).FirstOrDefault() is { } fault)
            {
                Assert.Fail(string.Join('\n', life.Story.Append(fault)));
            }
        }
    }

    private static bool IsSomebodys(ChartAccount account) =>
        account is not (ChartAccount.Issued or ChartAccount.Exchange or ChartAccount.Merged);

    /// <summary>
    /// Where a learner's or a programme's account falls below zero when steps are added up one by one.
    /// </summary>
    internal static IEnumerable<string> Negative(IEnumerable<IEnumerable<JournalEntry>> steps)
    {
        var sums = new Dictionary<(ChartAccount, string, Measure, string), Credits>();
        foreach (var step in steps)
        {
            foreach (var entry in step.Where(entry => IsSomebodys(entry.Account)))
            {
                var key = (entry.Account, entry.Owner, entry.Measure, entry.Unit);
                sums[key] = sums.GetValueOrDefault(key) + entry.Amount;
            }

            foreach (var (key, sum) in sums.Where(pair => pair.Value.IsNegative))
            {
                yield return $"{key} is {sum}";
            }
        }
    }
}

using CreditBank.Api.Accounts;
using CreditBank.Api.Merges;
using CreditBank.Api.Tests.Accounts;
using CreditBank.Api.Tests.Lives;
using CreditBank.Api.Tests.Outcomes;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Ledger.Journal;
using JasperFx.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Merges;

/// <summary>
/// INV-13, and INV-1 and INV-2 across merges: two generated lives are merged, live on as one, and part again.
/// </summary>
public sealed class MergePropertyTests
{
    private const int Lives = 100;

    [Lives(Lives)]
    public void merge_then_unmerge_leaves_both_accounts_as_they_were(Steps steps)
    {
        var (survivor, absorbed) = Two(steps);
        var before = (Shown(survivor), Shown(absorbed));

        var merge = Merge(survivor, absorbed);
        Assert.Empty(absorbed.Account.Outcomes);
        Assert.Empty(absorbed.Account.Conversions);
        Assert.Empty(absorbed.Account.Awards);
        Undo(merge, survivor, absorbed);

        Same(before.Item1, survivor);
        Same(before.Item2, absorbed);
        Assert.Null(absorbed.Account.MergedInto);
        Assert.Empty(survivor.Account.TakenOver);
        Assert.Empty(survivor.Account.TakenOverLines);
        Assert.Empty(survivor.Account.TakenOverAwards);
    }

    [Lives(Lives)]
    public void what_two_accounts_had_one_has_and_nothing_is_made_or_lost(Steps steps)
    {
        var (survivor, absorbed) = Two(steps);
        var before = Sum(survivor, absorbed);

        var merge = Merge(survivor, absorbed);
        Assert.Equal(before, Sum(survivor, absorbed));
        Assert.Equal(Sum(survivor), Sum(survivor, absorbed, withdrawn: false));
        LiveOn(survivor, steps.Onward(1));
        var meanwhile = Sum(survivor, absorbed);
        Undo(merge, survivor, absorbed);

        Assert.Equal(meanwhile, Sum(survivor, absorbed));
        Assert.Equal(
            Credits.Zero,
            survivor
                .Events.Concat(absorbed.Events)
                .SelectMany(DoubleEntry.EntriesOf)
                .Where(entry => entry.Account == ChartAccount.Merged && entry.Measure == Measure.Standard)
                .Sum(entry => entry.Amount)
        );
    }

    [Lives(Lives)]
    public void nothing_is_below_zero_in_either_account_in_any_order(Steps steps)
    {
        var (survivor, absorbed) = Two(steps);
        var merge = Merge(survivor, absorbed);
        LiveOn(survivor, steps.Onward(2));
        Undo(merge, survivor, absorbed);
        LiveOn(absorbed, steps.Onward(3));
        LiveOn(survivor, steps.Onward(4));

        foreach (var life in (GeneratedLife[])[survivor, absorbed])
        {
            var entries = life.Events.Select(DoubleEntry.EntriesOf).ToList();
            var days = entries.SelectMany(one => one).GroupBy(entry => entry.EffectiveOn).OrderBy(day => day.Key);
            Assert.Empty(InvariantPropertyTests.Negative(entries));
            Assert.Empty(InvariantPropertyTests.Negative(days));
            Assert.All(
                life.Account.Outcomes.Values.Where(position => position.Status != OutcomeStatus.Withdrawn),
                position =>
                    Assert.Equal(
                        position.Recognition!.Value,
                        position.Available + position.InUse + position.Revoked + position.Expired
                    )
            );
        }
    }

    [Lives(Lives)]
    public void what_an_award_rests_on_stays_with_the_survivor_until_it_is_rescinded(Steps steps)
    {
        var (survivor, absorbed) = Two(steps);
        var merge = Merge(survivor, absorbed);
        var conferred = Confer(survivor);
        LiveOn(survivor, steps.Onward(5));
        if (conferred is not null && survivor.Account.Awards[conferred.AwardId].Stands && steps.All.Count % 2 == 0)
        {
            survivor.Take([new AwardRescinded(conferred.AwardId, "shou", "issuerError", "note", survivor.Today)]);
        }

        var stands = conferred is not null && survivor.Account.Awards[conferred.AwardId].Stands;
        var meanwhile = Sum(survivor, absorbed);
        Undo(merge, survivor, absorbed);

        Assert.Equal(meanwhile, Sum(survivor, absorbed));
        Assert.All(
            stands ? conferred!.OutcomeIds : [],
            outcomeId => Assert.True(survivor.Account.Outcomes.ContainsKey(outcomeId), outcomeId)
        );
        Agree(survivor);
        Agree(absorbed);
    }

    [Lives(Lives)]
    public void balances_outcomes_and_statement_agree_on_both_accounts(Steps steps)
    {
        var (survivor, absorbed) = Two(steps);
        var merge = Merge(survivor, absorbed);
        LiveOn(survivor, steps.Onward(6));
        Agree(survivor);
        Agree(absorbed);
        Undo(merge, survivor, absorbed);
        Agree(survivor);
        Agree(absorbed);
    }

    internal static void Agree(GeneratedLife life)
    {
        var facts = BalancesPropertyTests.FactsOf(life.Events);
        var whole = Balances.Of(life.Events);
        var views = OutcomeView.Fold(facts, null);
        var last = Statement.Of(facts, null).LastOrDefault();
        Assert.Equal(
            life.Account.Outcomes.Keys.Order(StringComparer.Ordinal),
            views.Select(view => view.OutcomeId).Order(StringComparer.Ordinal)
        );
        Assert.Equal(whole.Standard.Available, views.Sum(view => view.Balances.Standard.Available));
        Assert.Equal(whole.Standard.Converted, views.Sum(view => view.Balances.Standard.Converted));
        Assert.Equal(whole.Standard.Available, last?.StandardAvailable ?? Credits.Zero);
        Assert.All(
            whole.Units.Append(whole.Standard),
            sums =>
                Assert.Equal(
                    sums.Recorded,
                    sums.Figures().Where(figure => figure.Name != "recorded").Sum(figure => figure.Amount)
                )
        );
    }

    /// <summary>Two lives, of which the second has nothing open and, where it has credit, an award.</summary>
    internal static (GeneratedLife Survivor, GeneratedLife Absorbed) Two(Steps steps)
    {
        var survivor = new GeneratedLife("s-");
        var absorbed = new GeneratedLife("a-", "acc-01-00000000000000000000");
        foreach (var step in steps.All)
        {
            (step.Number % 3 == 0 ? survivor : absorbed).Live(step);
        }

        absorbed.CloseAll();
        absorbed.Award(new Step(99, steps.All.Count));
        return (survivor, absorbed);
    }

    internal static AccountMerge Merge(GeneratedLife survivor, GeneratedLife absorbed)
    {
        var today = LocalDate.Max(survivor.Today, absorbed.Today);
        var merge = new AccountMerge
        {
            Id = "mrg-1",
            SurvivorId = survivor.Account.Id,
            AbsorbedId = absorbed.Account.Id,
            State = MergeStates.Proposed,
            ProposedBy = "one",
            ProposedOn = today,
            NoteId = "note",
        };
        var decision = MergeDecider.Merge(merge, survivor.Account, absorbed.Account, [], "another", today);
        Assert.True(decision.Is(out var events, out var refusal), refusal?.Code);
        survivor.Take(events.OfSurvivor);
        absorbed.Take(events.OfAbsorbed);
        survivor.Adopt(absorbed);
        survivor.Model.TakeOver(absorbed.Model);
        survivor.Reach(today);
        return merge with { State = MergeStates.Merged };
    }

    internal static MergeUndone Undo(AccountMerge merge, GeneratedLife survivor, GeneratedLife absorbed)
    {
        var today = LocalDate.Max(survivor.Today, absorbed.Today);
        Assert.True(
            MergeDecider
                .Undo(merge, survivor.Account, survivor.InPlay, "note", today)
                .Is(out var events, out var refusal),
            refusal?.Code
        );
        survivor.Take(events.OfSurvivor);
        absorbed.Take(events.OfAbsorbed);
        absorbed.Reach(today);
        var undone = (MergeUndone)events.OfMerge;
        var returned = absorbed.Account.Outcomes.Keys;
        survivor.Model.GiveBack(absorbed.Model, returned);
        return undone;
    }

    /// <summary>An award is conferred for everything that is converted; none where nothing is.</summary>
    private static AwardConferred? Confer(GeneratedLife life)
    {
        var conversions = life.Account.Conversions;
        var outcomeIds = conversions
            .SelectMany(conversion => conversion.Lines)
            .SelectMany(line => line.Debits)
            .Select(debit => debit.OutcomeId);
        var conferred = new AwardConferred(
            "awd-1",
            "shou",
            "cs",
            1,
            "award",
            "sqf-2016.1",
            [],
            [.. conversions.Select(conversion => conversion.TransferId).Distinct()],
            [.. outcomeIds.Distinct()],
            [],
            null,
            life.Today
        );
        if (conferred.OutcomeIds.Count == 0)
        {
            return null;
        }

        life.Account.Apply(new Event<AwardConferred>(conferred));
        life.Events.Add(conferred);
        return conferred;
    }

    internal static void LiveOn(GeneratedLife life, Steps steps)
    {
        life.Live(steps);
        Assert.True(life.Model.Faults.Count == 0, string.Join('\n', life.Story.Concat(life.Model.Faults)));
    }

    /// <summary>What a person sees of an account: sums, outcomes with where they are, what was granted.</summary>
    private static string Shown(GeneratedLife life)
    {
        var facts = BalancesPropertyTests.FactsOf(life.Events);
        var lines = OutcomeView
            .Fold(facts, null)
            .Select(view =>
                $"{view.OutcomeId} {view.Position} {view.RecordedAt} {view.Status} {view.Record.Revision} "
                + string.Join('/', view.Balances.Standard.Figures())
            );
        var granted = life
            .Account.Conversions.SelectMany(one => one.Lines.Select(line => $"{one.TransferId} {line.Line}"))
            .Order(StringComparer.Ordinal);
        var awards = life
            .Account.Awards.Values.OrderBy(award => award.Conferred.AwardId, StringComparer.Ordinal)
            .Select(award =>
                $"{award.Conferred.AwardId} {award.State} {award.ConferredBy} {award.DecidedOn} "
                + $"{string.Join(',', award.Reviews)} {string.Join(',', award.Conferred.OutcomeIds)}"
            );
        return string.Join('\n', [Sum(life), .. lines, .. granted, .. awards]);
    }

    private static void Same(string before, GeneratedLife life)
    {
        var after = Shown(life).Split('\n');
        var changed = before.Split('\n').Zip(after).Where(line => line.First != line.Second);
        Assert.True(
            before == string.Join('\n', after),
            string.Join('\n', life.Story.Append($"{changed.FirstOrDefault()}"))
        );
    }

    internal static string Sum(params GeneratedLife[] lives) => Sum(lives, withdrawn: true);

    private static string Sum(GeneratedLife one, GeneratedLife other, bool withdrawn) => Sum([one, other], withdrawn);

    /// <summary>
    /// The figures of all together. What issuers took back stays where it was, so recorded is compared without it.
    /// </summary>
    private static string Sum(GeneratedLife[] lives, bool withdrawn)
    {
        var whole = Balances.Of(lives.SelectMany(life => life.Events));
        var figures = whole.Standard.Figures().Where(figure => figure.Name is not ("recorded" or "withdrawn"));
        var recorded = whole.Standard.Recorded - whole.Standard.Withdrawn;
        var granted = whole.Granted.Sum(sum => sum.Amount);
        return $"{recorded} {granted} {string.Join(' ', figures)}"
            + (withdrawn && lives.Length == 2 ? $" {whole.Standard.Withdrawn}" : string.Empty);
    }
}

using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Merges;

/// <summary>What a merge, or its undoing, becomes, all in one commit.</summary>
/// <param name="OfMerge">The event of the merge's own stream.</param>
/// <param name="OfSurvivor">Events of the survivor's stream.</param>
/// <param name="OfAbsorbed">Events of the absorbed account's stream.</param>
public sealed record MergeEvents(object OfMerge, IReadOnlyList<object> OfSurvivor, IReadOnlyList<object> OfAbsorbed);

/// <summary>Decides on merges of two accounts of one person (rulings 21). Pure.</summary>
public static class MergeDecider
{
    /// <summary>Why two accounts cannot be merged; none when they can.</summary>
    /// <param name="survivor">The account that would go on.</param>
    /// <param name="absorbed">The account that would end.</param>
    /// <param name="appealed">Its transfers against which an appeal is open.</param>
    public static Refusal? MayNot(Account survivor, Account absorbed, IReadOnlyList<string> appealed)
    {
        if (survivor.Id == absorbed.Id)
        {
            return MergeRefusals.Same;
        }

        if ((survivor.Frozen ?? absorbed.Frozen) is { } frozen)
        {
            return frozen;
        }

        if (absorbed.Absorbed.Count > 0)
        {
            return MergeRefusals.AbsorbedSurvives;
        }

        var open = absorbed
            .Outcomes.Values.SelectMany(position => position.Holds.Keys)
            .Concat(appealed)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        return open.Count > 0 ? MergeRefusals.OpenTransfers(open) : null;
    }

    /// <summary>Why this person may not decide the merge now; none when so.</summary>
    public static Refusal? MayNotDecide(AccountMerge merge, string actorId) =>
        merge.ProposedBy == actorId ? AccessRefusals.FourEyes
        : merge.State != MergeStates.Proposed ? MergeRefusals.State(merge.State)
        : null;

    /// <summary>The survivor takes over everything the other account has: outcomes, conversions, awards.</summary>
    /// <param name="merge">The merge as it was proposed.</param>
    /// <param name="survivor">The account that goes on.</param>
    /// <param name="absorbed">The account that ends.</param>
    /// <param name="appealed">The transfers of the account that ends against which an appeal is open.</param>
    /// <param name="actorId">Who confirms.</param>
    /// <param name="today">The day in Shanghai; the day of every event.</param>
    public static Decision<MergeEvents> Merge(
        AccountMerge merge,
        Account survivor,
        Account absorbed,
        IReadOnlyList<string> appealed,
        string actorId,
        LocalDate today
    )
    {
        if ((MayNotDecide(merge, actorId) ?? MayNot(survivor, absorbed, appealed)) is { } refusal)
        {
            return refusal;
        }

        var merged = new AccountsMerged(merge.Id, survivor.Id, absorbed.Id, today);
        var everything = new Moving(
            absorbed.Outcomes.Keys.ToHashSet(),
            absorbed.Conversions,
            absorbed.Awards.Keys.ToHashSet()
        );
        var (handed, taken) = HandOver.Of(merge.Id, absorbed, everything, today);
        return new MergeEvents(new MergeConfirmed(merge.Id, today), [merged, .. taken], [merged, .. handed]);
    }

    /// <summary>
    /// The absorbed account lives again with what it brought and what was not used since. What was stays with the
    /// survivor and is named, for a person to look at.
    /// </summary>
    /// <param name="merge">The merge.</param>
    /// <param name="survivor">The account that had taken over.</param>
    /// <param name="inPlay">The outcomes that its open transfers name; of some of them nothing may be held.</param>
    /// <param name="noteId">Why, in the vault.</param>
    /// <param name="today">The day in Shanghai; the day of every event.</param>
    public static Decision<MergeEvents> Undo(
        AccountMerge merge,
        Account survivor,
        IReadOnlyCollection<string> inPlay,
        string noteId,
        LocalDate today
    )
    {
        if (merge.State != MergeStates.Merged)
        {
            return MergeRefusals.State(merge.State);
        }

        if (survivor.Frozen is { } frozen)
        {
            return frozen;
        }

        var brought = BroughtBy(merge.Id, survivor.TakenOver);
        var awards = BroughtBy(merge.Id, survivor.TakenOverAwards);
        var (returned, returnedAwards) = Unused(survivor, merge.Id, [.. brought.Except(inPlay)], awards);
        var conversions = survivor
            .Conversions.Select(conversion =>
                conversion with
                {
                    Lines = [.. conversion.Lines.Where(line => line.Debits.Any(Returns))],
                }
            )
            .Where(conversion => conversion.Lines.Count > 0)
            .ToList();
        var unmerged = new AccountsUnmerged(merge.Id, merge.SurvivorId, merge.AbsorbedId, today);
        var undone = new MergeUndone(merge.Id, Left(brought, returned), noteId, today)
        {
            KeptAwardIds = Left(awards, returnedAwards),
        };
        var moving = new Moving(returned, conversions, returnedAwards);
        var (handed, taken) = HandOver.Of(merge.Id, survivor, moving, today);
        return new MergeEvents(undone, [unmerged, .. handed], [unmerged, .. taken]);

        bool Returns(Debit debit) => returned.Contains(debit.OutcomeId);
    }

    private static List<string> BroughtBy(string mergeId, Dictionary<string, string> came) =>
        [.. came.Where(pair => pair.Value == mergeId).Select(pair => pair.Key)];

    private static List<string> Left(List<string> brought, HashSet<string> returned) =>
        [.. brought.Where(id => !returned.Contains(id)).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Of these outcomes that a merge brought, those of which nothing is held, and which are in no conversion and under
    /// no standing award but those that came with them; and the awards. A line, or a standing award, goes back whole
    /// or not at all, and so do the outcomes in it.
    /// </summary>
    private static (HashSet<string> Outcomes, HashSet<string> Awards) Unused(
        Account survivor,
        string mergeId,
        List<string> brought,
        List<string> broughtAwards
    )
    {
        var unused = brought.Where(id => survivor.Outcomes[id].Holds.Count == 0).ToHashSet();
        var awards = broughtAwards.ToHashSet();
        var standing = survivor.Awards.Values.Where(award => award.Stands).Select(award => award.Conferred).ToList();
        var lines = survivor
            .Conversions.SelectMany(conversion =>
                conversion.Lines.Select(line =>
                    (
                        Came: survivor.TakenOverLines.GetValueOrDefault((conversion.TransferId, line.Line)) == mergeId,
                        Outcomes: line.Debits.Select(debit => debit.OutcomeId).ToList()
                    )
                )
            )
            .ToList();
        for (var before = -1; before != unused.Count + awards.Count; )
        {
            before = unused.Count + awards.Count;
            foreach (var line in lines.Where(line => !line.Came || !line.Outcomes.All(unused.Contains)))
            {
                unused.ExceptWith(line.Outcomes);
            }

            foreach (var award in standing.Where(award => !Returns(award)))
            {
                awards.Remove(award.AwardId);
                unused.ExceptWith(award.OutcomeIds);
            }
        }

        return (unused, awards);

        bool Returns(AwardConferred award) => awards.Contains(award.AwardId) && award.OutcomeIds.All(unused.Contains);
    }
}

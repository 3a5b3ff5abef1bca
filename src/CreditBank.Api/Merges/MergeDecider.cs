using CreditBank.Api.Access;
using CreditBank.Api.Accounts;
using CreditBank.Api.Outcomes;
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
    public static Refusal? MayNot(Account survivor, Account absorbed)
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

        if (absorbed.Awards.Values.Any(award => award.Stands))
        {
            return MergeRefusals.AbsorbedHasAwards;
        }

        var open = absorbed
            .Outcomes.Values.SelectMany(position => position.Holds.Keys)
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

    /// <summary>The survivor takes over everything the other account has.</summary>
    /// <param name="merge">The merge as it was proposed.</param>
    /// <param name="survivor">The account that goes on.</param>
    /// <param name="absorbed">The account that ends.</param>
    /// <param name="actorId">Who confirms.</param>
    /// <param name="today">The day in Shanghai; the day of every event.</param>
    public static Decision<MergeEvents> Merge(
        AccountMerge merge,
        Account survivor,
        Account absorbed,
        string actorId,
        LocalDate today
    )
    {
        if ((MayNotDecide(merge, actorId) ?? MayNot(survivor, absorbed)) is { } refusal)
        {
            return refusal;
        }

        var merged = new AccountsMerged(merge.Id, survivor.Id, absorbed.Id, today);
        var (handed, taken) = HandOver.Of(
            merge.Id,
            absorbed,
            absorbed.Outcomes.Keys.ToHashSet(),
            absorbed.Conversions,
            today
        );
        return new MergeEvents(new MergeConfirmed(merge.Id, today), [merged, .. taken], [merged, .. handed]);
    }

    /// <summary>
    /// The absorbed account lives again with what it brought and what was not used since. What was stays with the
    /// survivor and is named, for a person to look at.
    /// </summary>
    /// <param name="merge">The merge.</param>
    /// <param name="survivor">The account that had taken over.</param>
    /// <param name="noteId">Why, in the vault.</param>
    /// <param name="today">The day in Shanghai; the day of every event.</param>
    public static Decision<MergeEvents> Undo(AccountMerge merge, Account survivor, string noteId, LocalDate today)
    {
        if (merge.State != MergeStates.Merged)
        {
            return MergeRefusals.State(merge.State);
        }

        if (survivor.Frozen is { } frozen)
        {
            return frozen;
        }

        var brought = survivor.TakenOver.Where(pair => pair.Value == merge.Id).Select(pair => pair.Key).ToList();
        var returned = Unused(survivor, merge.Id, brought);
        var conversions = survivor
            .Conversions.Select(conversion =>
                conversion with
                {
                    Lines = [.. conversion.Lines.Where(line => line.Debits.Any(Returns))],
                }
            )
            .Where(conversion => conversion.Lines.Count > 0)
            .ToList();
        var kept = brought.Where(id => !returned.Contains(id)).Order(StringComparer.Ordinal).ToList();
        var unmerged = new AccountsUnmerged(merge.Id, merge.SurvivorId, merge.AbsorbedId, today);
        var undone = new MergeUndone(merge.Id, kept, noteId, today);
        var (handed, taken) = HandOver.Of(merge.Id, survivor, returned, conversions, today);
        return new MergeEvents(undone, [unmerged, .. handed], [unmerged, .. taken]);

        bool Returns(Debit debit) => returned.Contains(debit.OutcomeId);
    }

    /// <summary>
    /// Of the outcomes that a merge brought, those of which nothing is held, on which no award rests, and which are in
    /// no conversion but those that came with them. A line goes back whole or not at all, and so do the outcomes in it.
    /// </summary>
    private static HashSet<string> Unused(Account survivor, string mergeId, IReadOnlyList<string> brought)
    {
        var unused = brought.Where(id => survivor.Outcomes[id].Holds.Count == 0).ToHashSet();
        unused.ExceptWith(
            survivor.Awards.Values.Where(award => award.Stands).SelectMany(award => award.Conferred.OutcomeIds)
        );
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
        for (var before = -1; before != unused.Count; )
        {
            before = unused.Count;
            foreach (var line in lines.Where(line => !line.Came || !line.Outcomes.All(unused.Contains)))
            {
                unused.ExceptWith(line.Outcomes);
            }
        }

        return unused;
    }
}

/// <summary>Moves outcomes and the conversions that rest on them from one account to another. Pure.</summary>
internal static class HandOver
{
    /// <summary>The events of the account that gives, and those of the one that takes, in order.</summary>
    public static (IReadOnlyList<object> Handed, IReadOnlyList<object> Taken) Of(
        string mergeId,
        Account from,
        HashSet<string> outcomeIds,
        IReadOnlyList<CreditConverted> conversions,
        LocalDate on
    )
    {
        var outcomes = from.Outcomes.Values.Where(position => outcomeIds.Contains(position.OutcomeId)).ToList();
        IReadOnlyList<object> handed =
        [
            .. conversions.Select(conversion => new ConversionHandedOver(
                mergeId,
                conversion.TransferId,
                conversion.InstitutionId,
                conversion.ProgrammeId,
                conversion.Lines,
                on
            )),
            .. outcomes.Select(position => new OutcomeHandedOver(
                mergeId,
                position.OutcomeId,
                position.Record.InstitutionId,
                position.Available,
                position.Revoked,
                ExpiredOf(position),
                on
            )),
        ];
        IReadOnlyList<object> taken =
        [
            .. outcomes.Select(position => Taken(mergeId, from.Id, position, on)),
            .. conversions.Select(conversion => new ConversionTakenOver(
                mergeId,
                conversion.TransferId,
                conversion.InstitutionId,
                conversion.ProgrammeId,
                conversion.Lines,
                on
            )),
        ];
        return (handed, taken);
    }

    private static OutcomeTakenOver Taken(string mergeId, string fromId, OutcomePosition position, LocalDate on) =>
        new(
            mergeId,
            fromId,
            position.OutcomeId,
            position.Record,
            position.Source!,
            OutcomeDecider.StateOf(position.Status),
            position.Recognition!,
            position.Available,
            position.Revoked,
            ExpiredOf(position),
            on
        );

    private static Worth? ExpiredOf(OutcomePosition position) => position.Expired.IsNothing ? null : position.Expired;
}

using CreditBank.Api.Tests.Lives;
using CreditBank.Api.Tests.Outcomes;
using CreditBank.Ledger.Events;

namespace CreditBank.Api.Tests.Merges;

/// <summary>Awards and agreements of two generated lives that are merged, live on as one, and part again.</summary>
public sealed class MergedMattersPropertyTests
{
    private const int Lives = 100;

    [Lives(Lives)]
    public void an_award_is_in_one_account_with_everything_it_rests_on(Steps steps)
    {
        var (survivor, absorbed) = MergePropertyTests.Two(steps);
        var before = AwardsOf(survivor, absorbed);
        var merge = MergePropertyTests.Merge(survivor, absorbed);
        Assert.Equal(before, AwardsOf(survivor));
        AssertWhole(survivor);
        MergePropertyTests.LiveOn(survivor, steps.Onward(1));
        AssertWhole(survivor);
        var meanwhile = AwardsOf(survivor);

        var undone = MergePropertyTests.Undo(merge, survivor, absorbed);

        Assert.Equal(
            undone.KeptAwardIds,
            AwardsOf(survivor).Where(id => id.StartsWith("a-", StringComparison.Ordinal))
        );
        Assert.Equal(meanwhile, AwardsOf(survivor, absorbed));
        AssertWhole(survivor);
        AssertWhole(absorbed);
        MergePropertyTests.LiveOn(absorbed, steps.Onward(2));
        MergePropertyTests.LiveOn(survivor, steps.Onward(3));
        AssertWhole(survivor);
        AssertWhole(absorbed);
    }

    [Lives(Lives)]
    public void what_was_agreed_with_either_binds_while_they_are_one(Steps steps)
    {
        var (survivor, absorbed) = MergePropertyTests.Two(steps);
        var brought = absorbed.Agreements.ToList();
        var merge = MergePropertyTests.Merge(survivor, absorbed);
        var known = survivor.Transfers.Select(transfer => transfer.Id).ToHashSet();
        MergePropertyTests.LiveOn(survivor, steps.Onward(4));
        foreach (var submitted in Since(survivor, known))
        {
            var bound = brought.Where(agreement =>
                agreement.Binds(submitted.InstitutionId, submitted.ProgrammeId, submitted.SubmittedOn)
            );
            Assert.Subset(Cited(submitted), bound.Select(agreement => agreement.Id).ToHashSet());
        }

        MergePropertyTests.Undo(merge, survivor, absorbed);
        var own = survivor.Agreements.Except(brought).Select(agreement => agreement.Id).ToHashSet();
        known = [.. survivor.Transfers.Select(transfer => transfer.Id)];
        MergePropertyTests.LiveOn(survivor, steps.Onward(5));
        Assert.All(
            Since(survivor, known),
            submitted => Assert.DoesNotContain(Cited(submitted), id => brought.Exists(one => one.Id == id))
        );
        known = [.. absorbed.Transfers.Select(transfer => transfer.Id)];
        MergePropertyTests.LiveOn(absorbed, steps.Onward(6));
        Assert.All(Since(absorbed, known), submitted => Assert.DoesNotContain(Cited(submitted), own.Contains));
    }

    private static List<TransferSubmitted> Since(GeneratedLife life, HashSet<string> known) =>
        [.. life.Transfers.Where(transfer => !known.Contains(transfer.Id)).Select(transfer => transfer.Submitted)];

    private static HashSet<string> Cited(TransferSubmitted submitted) =>
        [.. submitted.Agreements!.Select(terms => terms.AgreementId)];

    private static List<string> AwardsOf(params GeneratedLife[] lives) =>
        [.. lives.SelectMany(life => life.Account.Awards.Keys).Order(StringComparer.Ordinal)];

    /// <summary>What an award that stands rests on is where it is, and no outcome ended under it unnoticed.</summary>
    private static void AssertWhole(GeneratedLife life)
    {
        var standing = life.Account.Awards.Values.Where(award => award.Stands).ToList();
        Assert.All(
            standing.SelectMany(award => award.Conferred.OutcomeIds),
            outcomeId => Assert.Contains(outcomeId, life.Account.Outcomes.Keys)
        );
        Assert.Empty(InvariantPropertyTests.Unreviewed(life.Account));
        var stacked = standing.SelectMany(award => award.Conferred.StackedIds).ToList();
        Assert.Equal(stacked.Count, stacked.Distinct().Count());
    }
}

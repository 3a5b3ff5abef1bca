using CreditBank.Api.Tests.Merges;
using FsCheck;
using FsCheck.Fluent;

namespace CreditBank.Api.Tests.Lives;

/// <summary>
/// That generated lives are full: a law that holds on empty lives says nothing. In the lives that laws are tried on,
/// made by the same generator, every command must be taken, not merely given, and every turn that matters must come.
/// </summary>
public sealed class LivesTests
{
    private const int Lives = 300;

    /// <summary>How often at least in so many lives; about half of what comes.</summary>
    private static readonly Dictionary<string, int> Least = new()
    {
        ["transcript"] = 1200,
        ["verified"] = 70,
        ["priorLearning"] = 15,
        ["correct"] = 350,
        ["withdraw"] = 70,
        ["revoke"] = 130,
        ["submit"] = 450,
        ["evaluate"] = 100,
        ["approve"] = 160,
        ["takeBack"] = 25,
        ["return"] = 40,
        ["reject"] = 50,
        ["ask"] = 50,
        ["answer"] = 20,
        ["lapse"] = 30,
        ["expiry"] = 30,
        ["appeal"] = 130,
        ["admit"] = 20,
        ["dismiss"] = 8,
        ["uphold"] = 25,
        ["remand"] = 10,
        ["vary"] = 10,
        ["evaluateAgain"] = 6,
        ["posted line unwound by correction"] = 30,
        ["posted line unwound by revocation"] = 20,
        ["posted line unwound by withdrawal"] = 15,
        ["held line unwound by correction"] = 55,
        ["held line unwound by revocation"] = 35,
        ["confer"] = 35,
        ["award over conversions"] = 20,
        ["review"] = 8,
        ["upholdAward"] = 4,
        ["rescind"] = 8,
        ["claim"] = 160,
        ["rejectClaim"] = 15,
        ["assess"] = 40,
        ["refuseApplication"] = 6,
        ["agree"] = 160,
        ["consent"] = 50,
        ["endConsent"] = 10,
        ["hold"] = 60,
        ["lift"] = 15,
        ["two approvals in one life"] = 40,
        ["deposit, submission, approval and correction of one outcome"] = 25,
        ["posted line unwound by panel"] = 1,
    };

    [Fact]
    public void every_command_is_taken_and_every_turn_comes_in_the_lives_that_laws_are_tried_on()
    {
        var taken = new Dictionary<string, int>();
        foreach (var steps in Sample(Lives))
        {
            var life = new GeneratedLife().Live(steps);
            Count(taken, life.Taken);
            if (life.Taken.GetValueOrDefault("approve") > 1)
            {
                Count(taken, new() { ["two approvals in one life"] = 1 });
            }

            if (life.Taken.ContainsKey("posted line unwound by correction"))
            {
                Count(taken, new() { ["deposit, submission, approval and correction of one outcome"] = 1 });
            }
        }

        AssertEnough(taken, Least);
    }

    [Fact]
    public void what_two_accounts_converted_is_merged_revoked_and_parts_in_the_lives_that_laws_are_tried_on()
    {
        var taken = new Dictionary<string, int>();
        foreach (var steps in Sample(Lives / 3))
        {
            var (survivor, absorbed) = MergePropertyTests.Two(steps);
            var converted = absorbed.Account.Conversions.Count;
            var awards = absorbed.Account.Awards.Count;
            var merge = MergePropertyTests.Merge(survivor, absorbed);
            var before = survivor.Taken.GetValueOrDefault("posted line unwound by revocation");
            MergePropertyTests.LiveOn(survivor, steps.Onward(1));
            var unwound = survivor.Taken.GetValueOrDefault("posted line unwound by revocation") - before;
            var undone = MergePropertyTests.Undo(merge, survivor, absorbed);
            var turns = new (string Turn, bool Came)[]
            {
                ("merge with conversions", converted > 0),
                ("merge with conversions, then revocation", converted > 0 && unwound > 0),
                ("merge with awards", awards > 0),
                ("outcomes kept", undone.KeptOutcomeIds.Count > 0),
                ("conversions returned", absorbed.Account.Conversions.Count > 0),
            };
            Count(taken, turns.Where(one => one.Came).ToDictionary(one => one.Turn, _ => 1));
        }

        AssertEnough(
            taken,
            new()
            {
                ["merge with conversions"] = 15,
                ["merge with conversions, then revocation"] = 3,
                ["merge with awards"] = 3,
                ["outcomes kept"] = 15,
                ["conversions returned"] = 5,
            }
        );
    }

    /// <summary>Always the same, so that the counts do not hang on luck.</summary>
    private static Steps[] Sample(int lives) => LifeGenerator.Steps().Generator.Sample(lives, new Rnd(20), 50);

    private static void Count(Dictionary<string, int> all, Dictionary<string, int> some)
    {
        foreach (var (name, count) in some)
        {
            all[name] = all.GetValueOrDefault(name) + count;
        }
    }

    private static void AssertEnough(Dictionary<string, int> taken, Dictionary<string, int> least)
    {
        var missing = least
            .Where(pair => taken.GetValueOrDefault(pair.Key) < pair.Value)
            .Select(pair => $"{pair.Key}: {taken.GetValueOrDefault(pair.Key)}, at least {pair.Value}");
        var all = taken.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key}");
        Assert.True(!missing.Any(), string.Join('\n', missing.Append("of").Concat(all)));
    }
}

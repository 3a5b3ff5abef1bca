using CreditBank.Api.Accounts;
using CreditBank.Api.Awards;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Tests.Lives;

/// <summary>Awards, from the conferral to their end.</summary>
internal sealed partial class GeneratedLife
{
    private static readonly LocalDate EnrolledOn = new(2020, 9, 1);

    /// <summary>Who conferred; the event itself does not say.</summary>
    private readonly Dictionary<string, string> conferrers = [];

    private IEnumerable<Command> OfAwards() =>
        [
            new("confer", 25, () => Conferrable().Any(), Confer),
            new("upholdAward", 25, () => Account.Awards.Values.Any(IsReviewed), () => DecideAward(upholds: true)),
            new(
                "rescind",
                2,
                () => Account.Awards.Values.Any(award => award.Stands),
                () => DecideAward(upholds: false)
            ),
        ];

    private static bool IsReviewed(Award award) => award.State == AwardStates.UnderReview;

    /// <summary>An award is conferred now, where one can be.</summary>
    public void Award(Step step)
    {
        lot = new Lot(step.Seed);
        number = step.Number;
        Known = Events.Count;
        Model.Begin(today);
        Story.Add($"{today:uuuu-MM-dd} {step.Number} confer {Confer()}");
        Model.Compare(Account);
    }

    private IEnumerable<EvaluationGround> Conferrable() =>
        LifeRules.Programmes.Where(ground =>
            GroundOf(ground, null) is { } measured
            && AwardDecider.Confer("awd", measured, RulesOf(ground)).Refusal is null
        );

    private RuleSet RulesOf(EvaluationGround ground) =>
        LifeRules.Catalog.InForce(ground.Programme.RuleSetFamily, today)!;

    /// <summary>As the service measures: what is named, or else the institution's own courses.</summary>
    private AwardGround? GroundOf(EvaluationGround ground, IReadOnlyList<string>? named)
    {
        var stacked = named ?? AwardGround.OwnCourses(Account, ground);
        return named is not null && AwardDecider.WrongOutcomes(Account, stacked) is not null
            ? null
            : new AwardGround(
                Account,
                ground,
                [.. stacked.Where(id => AwardDecider.WrongOutcomes(Account, [id]) is null)],
                EnrolledOn,
                today
            );
    }

    /// <summary>Own courses are counted as they are; now and then others are named.</summary>
    private string Confer()
    {
        var id = Named("w");
        var can = Conferrable().ToList();
        var ground = lot.Of("award", can.Count > 0 ? can : LifeRules.Programmes, one => one.Programme.ProgrammeId);
        List<string>? named = lot.OneIn(2, "named")
            ?
            [
                .. Account
                    .Outcomes.Keys.Where(outcome => AwardDecider.WrongOutcomes(Account, [outcome]) is null)
                    .Where(outcome => !lot.OneIn(4, $"without {outcome}"))
                    .Order(StringComparer.Ordinal),
            ]
            : null;
        if (GroundOf(ground, named) is not { } measured)
        {
            return "wrong outcomes";
        }

        if (!AwardDecider.Confer(id, measured, RulesOf(ground)).Is(out var conferred, out var refusal))
        {
            return No(refusal);
        }

        conferrers[id] = Folded.Approver;
        Take([conferred]);
        Did(conferred.TransferIds.Count > 0 ? "award over conversions" : "award over own courses");
        return Done($"confer {id} {ground.Programme.ProgrammeId} for {string.Join(' ', conferred.OutcomeIds)}");
    }

    private string DecideAward(bool upholds)
    {
        if (Account.Awards.Count == 0)
        {
            return "nothing";
        }

        var award = lot.Of("award", Account.Awards.Values, award => award.Conferred.AwardId);
        var id = award.Conferred.AwardId;
        var who = lot.OneIn(4, "another") ? Folded.Approver : Folded.Panel;
        if (!upholds)
        {
            return Take(AwardDecider.Rescind(award, CorrectionReasons.All[0], "note", today), $"rescind {id}");
        }

        var decision = AwardDecider.Uphold(award, who, "note", today);
        Assert.False(decision.Value is not null && award.ConferredBy == who, $"{who} conferred and upheld {id}");
        return Take(decision, $"upholdAward {id}");
    }

    private string Take<T>(Decision<T> decision, string words)
        where T : class
    {
        if (!decision.Is(out var decided, out var refusal))
        {
            return $"{words} {No(refusal)}";
        }

        Take([decided]);
        return Done(words);
    }
}

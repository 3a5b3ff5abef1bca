using CreditBank.Api.Awards;
using CreditBank.Api.LearningAgreements;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using JasperFx.Events;

namespace CreditBank.Api.Tests.Outcomes;

/// <summary>Learning agreements and awards.</summary>
internal sealed partial class GeneratedLife
{
    private const string Programme = "cs";

    /// <summary>Those of a life that was merged into this one too; the account says which of them bind.</summary>
    private readonly List<LearningAgreement> agreements = [];

    /// <summary>The agreements that were proposed in this life or in one that was merged into it.</summary>
    public IReadOnlyList<LearningAgreement> Agreements => agreements;

    /// <summary>An award is conferred now, when there is anything to confer it for.</summary>
    public void Award(int choice)
    {
        chance = new Random(choice);
        number++;
        Story.Add($"{today:uuuu-MM-dd} {Confer()}");
    }

    private IReadOnlyList<AgreedTerms> Binding() =>
        LearningAgreement.BindingOf(
            agreements.Where(agreement => Account.WithAbsorbed.Contains(agreement.AccountId)),
            "shou",
            Programme,
            today
        );

    /// <summary>The learner proposes, and the receiver decides at once.</summary>
    private string Agree()
    {
        var id = $"{prefix}g{number}";
        var courses = Courses.Where(_ => chance.Next(2) == 0).Select(course => course.Course);
        var terms = new AgreedTerms(
            id,
            Folded.Rules.Version,
            "fudan",
            [.. courses.Order(StringComparer.Ordinal)],
            chance.Next(2) == 0 ? null : new Credits(chance.Next(1, 9))
        );
        var asked = new LearningAgreementProposed(
            id,
            Account.Id,
            "shou",
            Programme,
            terms,
            null,
            today,
            today.PlusDays(chance.Next(400))
        );
        if (!AgreementDecider.Propose(asked, true).Is(out var proposed, out var refusal))
        {
            return $"agree {id}: {refusal.Code}";
        }

        var agreement = LearningAgreement.Create(
            new Event<LearningAgreementProposed>(proposed) { UserName = Folded.Learner }
        );
        var decision = AgreementDecider.Decide(agreement, chance.Next(4) > 0, null, Folded.Approver, today);
        Assert.True(decision.Is(out var decided, out refusal), refusal?.Code);
        agreements.Add(
            decided switch
            {
                LearningAgreementApproved approved => agreement.Apply(approved),
                LearningAgreementRejected rejected => agreement.Apply(rejected),
                _ => throw new InvalidOperationException($"{decided.GetType().Name} decides no agreement."),
            }
        );
        return $"agree {id}: {agreements[^1].State}";
    }

    /// <summary>
    /// An award for everything that is converted, while none stands, and for some of what can be counted as it is.
    /// </summary>
    private string Confer()
    {
        var id = $"{prefix}w{number}";
        var isFirst = !Account.Awards.Values.Any(award => award.Stands && award.Conferred.ProgrammeId == Programme);
        var conversions = isFirst ? Account.Conversions : [];
        var stacked = Account
            .Outcomes.Keys.Where(outcomeId =>
                chance.Next(3) == 0 && AwardDecider.WrongOutcomes(Account, [outcomeId]) is null
            )
            .Order(StringComparer.Ordinal)
            .ToList();
        var converted = conversions
            .SelectMany(conversion => conversion.Lines)
            .SelectMany(line => line.Debits)
            .Select(debit => debit.OutcomeId);
        List<string> outcomes = [.. converted.Concat(stacked).Distinct().Order(StringComparer.Ordinal)];
        if (outcomes.Count == 0)
        {
            return "confer nothing";
        }

        var conferred = new AwardConferred(
            id,
            "shou",
            conversions.Count > 0 ? Programme : $"short-{number}",
            1,
            "证书",
            Folded.Rules.Version,
            [],
            [.. conversions.Select(conversion => conversion.TransferId).Distinct().Order(StringComparer.Ordinal)],
            outcomes,
            stacked,
            null,
            today
        );
        Account.Apply(new Event<AwardConferred>(conferred) { UserName = Folded.Approver });
        Events.Add(conferred);
        return $"confer {id} for {string.Join(' ', outcomes)}";
    }

    /// <summary>An award is upheld or rescinded, or refuses to be.</summary>
    private string DecideAward()
    {
        if (Account.Awards.Count == 0)
        {
            return "decide no award";
        }

        var ids = Account.Awards.Keys.Order(StringComparer.Ordinal).ToList();
        var award = Account.Awards[ids[chance.Next(ids.Count)]];
        var id = award.Conferred.AwardId;
        return chance.Next(3) > 0
            ? Take(AwardDecider.Uphold(award, Folded.Panel, "note", today), $"uphold {id}")
            : Take(AwardDecider.Rescind(award, CorrectionReasons.All[0], "note", today), $"rescind {id}");
    }

    private string Take<T>(Decision<T> decision, string words)
        where T : class
    {
        if (!decision.Is(out var decided, out var refusal))
        {
            return $"{words}: {refusal.Code}";
        }

        Take([decided]);
        return words;
    }
}

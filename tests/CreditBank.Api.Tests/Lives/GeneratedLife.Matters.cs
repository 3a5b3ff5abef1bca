using CreditBank.Api.Accounts;
using CreditBank.Api.Erasure;
using CreditBank.Api.LearningAgreements;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using JasperFx.Events;

namespace CreditBank.Api.Tests.Lives;

/// <summary>Learning agreements, consents and legal holds.</summary>
internal sealed partial class GeneratedLife
{
    /// <summary>Those of a life that was merged into this one too; the account says which of them bind.</summary>
    private readonly List<LearningAgreement> agreements = [];

    /// <summary>The agreements that were proposed in this life or in one that was merged into it.</summary>
    public IReadOnlyList<LearningAgreement> Agreements => agreements;

    private IEnumerable<Command> OfMatters() =>
        [
            new("agree", 3, () => agreements.Count < 4, Agree),
            new("consent", 1, () => true, Consent),
            new("endConsent", 1, () => Account.Consents.Count > 0, EndConsent),
            new("hold", 1, () => true, SetHold),
            new("lift", 2, () => Account.LegalHolds.Count > 0, Lift),
            new("erase", 1, () => Account.LegalHolds.Count > 0, TryToErase),
        ];

    private IReadOnlyList<AgreedTerms> Binding(string institutionId, string programmeId) =>
        LearningAgreement.BindingOf(
            agreements.Where(agreement => Account.WithAbsorbed.Contains(agreement.AccountId)),
            institutionId,
            programmeId,
            today
        );

    /// <summary>The learner proposes, and the receiver decides at once.</summary>
    private string Agree()
    {
        var id = Named("g");
        var ground = lot.Of("programme", LifeRules.Programmes, one => one.Programme.ProgrammeId).Programme;
        var source = lot.OneIn(2, "source") ? "fudan" : "sjtu";
        var courses = Courses.Where(course => course.InstitutionId == source).Select(course => course.Code);
        var terms = new AgreedTerms(
            id,
            LifeRules.Catalog.InForce(ground.RuleSetFamily, today)!.Version,
            source,
            [.. courses.Where(code => lot.OneIn(2, code)).Order(StringComparer.Ordinal)],
            lot.OneIn(2, "limit") ? null : new Credits(1 + lot.Draw("limit of", 8))
        );
        var until = today.PlusDays(lot.Draw("until", 400));
        var asked = new LearningAgreementProposed(
            id,
            Account.Id,
            ground.InstitutionId,
            ground.ProgrammeId,
            terms,
            null,
            today,
            until
        );
        if (!AgreementDecider.Propose(asked, true).Is(out var proposed, out var refusal))
        {
            return No(refusal);
        }

        var agreement = LearningAgreement.Create(
            new Event<LearningAgreementProposed>(proposed) { UserName = Folded.Learner }
        );
        var decision = AgreementDecider.Decide(agreement, !lot.OneIn(4, "no"), null, Folded.Approver, today);
        Assert.True(decision.Is(out var decided, out refusal), refusal?.Code);
        Assert.NotNull(AgreementDecider.Decide(agreement, true, null, Folded.Learner, today).Refusal);
        agreements.Add(
            decided switch
            {
                LearningAgreementApproved approved => agreement.Apply(approved),
                LearningAgreementRejected rejected => agreement.Apply(rejected),
                _ => throw new InvalidOperationException($"{decided.GetType().Name} decides no agreement."),
            }
        );
        return Done($"agree {id} {agreements[^1].State}");
    }

    private string Consent()
    {
        var command = new GrantConsent
        {
            InstitutionId = "ecnu",
            Scope = ConsentScopes.Account,
            To = today.PlusDays(lot.Draw("for", 100)),
        };
        return Take(GrantConsentEndpoint.Decide(command, Named("k"), today), $"consent {Named("k")}");
    }

    private string EndConsent() =>
        Account.Consents.Count == 0
            ? "nothing"
            : Take<ConsentWithdrawn>(
                new ConsentWithdrawn(lot.Of("consent", Account.Consents.Keys), today),
                "endConsent"
            );

    private string SetHold() => Take<LegalHoldSet>(new LegalHoldSet(Named("h"), "note", today), $"hold {Named("h")}");

    private string Lift() =>
        Take(ErasureDecider.Lift(Account, lot.Of("hold", Account.LegalHolds.Keys.Append("none")), today), "lift");

    /// <summary>Nobody is erased while a legal hold stands; and without one this life would be over.</summary>
    private string TryToErase()
    {
        var isHeld = Account.LegalHolds.Count > 0;
        var decision = ErasureDecider.Erase(Account, "request", [], new RetentionTerms(), today);
        Assert.Equal(isHeld ? "erasure.held" : null, decision.Refusal?.Code);
        return isHeld ? "refused: erasure.held" : "thought better of it";
    }
}

using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.LearningAgreements;

/// <summary>What this feature keeps.</summary>
internal static class LearningAgreementsModule
{
    public static void Register(StoreOptions options)
    {
        options.Projections.Snapshot<LearningAgreement>(SnapshotLifecycle.Inline);
        options
            .Schema.For<LearningAgreement>()
            .Index(agreement => agreement.AccountId)
            .Index(agreement => new
            {
                agreement.InstitutionId,
                agreement.State,
                agreement.Place,
            });
    }
}

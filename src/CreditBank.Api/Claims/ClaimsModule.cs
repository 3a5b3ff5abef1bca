using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.Claims;

/// <summary>What this feature keeps.</summary>
internal static class ClaimsModule
{
    public static void Register(StoreOptions options)
    {
        options.Projections.Snapshot<CertificateClaim>(SnapshotLifecycle.Inline);
        options
            .Schema.For<CertificateClaim>()
            .Index(claim => claim.State)
            .Index(claim => claim.SortKey)
            .Index(claim => claim.AccountId)
            .Index(claim => claim.ProviderId!)
            .Index(claim => claim.Submitted.Certificate.IssuerId)
            .Index(claim => claim.OutcomeId!);
        options.Schema.For<ClaimedCertificate>();
        options.Schema.For<ClaimedRecordId>();
    }

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<ClaimKeys>();
        services.AddSingleton<ClaimSubmission>();
        services.AddSingleton<ClaimAnswers>();
        services.AddSingleton<ClaimVerification>();
        services.AddSingleton<ClaimWorth>();
    }
}

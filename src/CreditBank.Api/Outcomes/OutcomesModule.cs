using CreditBank.Api.Transcripts;
using Marten;

namespace CreditBank.Api.Outcomes;

/// <summary>What this feature keeps.</summary>
internal static class OutcomesModule
{
    /// <summary>An outcome's id names its book, and the claim of its record id names its account.</summary>
    public static void Register(StoreOptions options) =>
        options.Schema.For<RecordClaim>().Index(claim => claim.OutcomeId!);

    public static void Register(IServiceCollection services) => services.AddSingleton<OutcomeChanges>();
}

using Marten;

namespace CreditBank.Api.Evidence;

/// <summary>What this feature keeps.</summary>
internal static class EvidenceModule
{
    public static void Register(StoreOptions options)
    {
        options.Schema.For<EvidenceRecord>();
        options.Schema.For<EvidencePart>();
    }

    public static void Register(IServiceCollection services) => services.AddSingleton<EvidenceStore>();
}

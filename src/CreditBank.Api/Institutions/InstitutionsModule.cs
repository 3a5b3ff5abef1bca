using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.Institutions;

/// <summary>What this feature keeps.</summary>
internal static class InstitutionsModule
{
    public static void Register(StoreOptions options)
    {
        options.Projections.Snapshot<Institution>(SnapshotLifecycle.Inline);
        options
            .Schema.For<Institution>()
            .Index(institution => institution.InstitutionId)
            .Index(institution => institution.SuccessorId!);
    }

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<Successions>();
        services.AddSingleton<InstitutionDesk>();
    }
}

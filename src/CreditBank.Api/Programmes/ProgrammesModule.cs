using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.Programmes;

/// <summary>What this feature keeps.</summary>
internal static class ProgrammesModule
{
    public static void Register(StoreOptions options)
    {
        options.Projections.Snapshot<Programme>(SnapshotLifecycle.Inline);
        options.Projections.Add<ProgrammeVersions>(ProjectionLifecycle.Inline);
        options.Schema.For<Programme>().Index(programme => programme.InstitutionId);
    }
}

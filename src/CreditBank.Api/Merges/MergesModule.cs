using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.Merges;

/// <summary>What this feature keeps.</summary>
internal static class MergesModule
{
    public static void Register(StoreOptions options)
    {
        options.Projections.Snapshot<AccountMerge>(SnapshotLifecycle.Inline);
        options.Schema.For<AccountMerge>().Index(merge => merge.SurvivorId);
        options.Schema.For<MergeCount>();
    }

    public static void Register(IServiceCollection services) => services.AddSingleton<MergeDesk>();
}

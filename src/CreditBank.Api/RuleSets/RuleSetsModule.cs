using JasperFx.Events.Projections;
using Marten;

namespace CreditBank.Api.RuleSets;

/// <summary>What this feature keeps.</summary>
internal static class RuleSetsModule
{
    public static void Register(StoreOptions options)
    {
        options.Projections.Snapshot<RuleSetRecord>(SnapshotLifecycle.Inline);
        options.Schema.For<RuleSetText>();
        options.Schema.For<RuleSetFiles>();
        options.Schema.For<ImpactRun>().Index(run => run.State);
    }

    public static void Register(IServiceCollection services)
    {
        services.AddSingleton<RuleSetDesk>();
        services.AddHostedService<RuleSetWatch>();
        services.AddHostedService<ImpactResumption>();
    }
}

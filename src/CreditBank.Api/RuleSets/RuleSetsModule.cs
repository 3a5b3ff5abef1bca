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
    }
}

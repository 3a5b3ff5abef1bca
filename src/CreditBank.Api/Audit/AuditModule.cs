using Marten;

namespace CreditBank.Api.Audit;

/// <summary>What this feature keeps.</summary>
internal static class AuditModule
{
    public static void Register(StoreOptions options) => options.Schema.For<Replay>().Index(replay => replay.State);

    public static IServiceCollection AddAudit(this IServiceCollection services) =>
        services.AddHostedService<ReplayResumption>();
}

using CreditBank.Api.Health;
using Marten;

namespace CreditBank.Api.AuditLog;

/// <summary>What this feature keeps and runs.</summary>
internal static class AuditLogModule
{
    public static void Register(StoreOptions options) => AuditLogSchema.Register(options);

    public static IServiceCollection AddAuditLog(this IServiceCollection services, AuditLogSettings settings)
    {
        services.AddHttpClient();
        services.AddSingleton(settings);
        services.AddSingleton<AuditLogs>();
        services.AddSingleton<AuditLogStatus>();
        services.AddSingleton<LogReader>();
        services.AddSingleton<AuditLogWorker>();
        services.AddSingleton<SweepWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditLogWorker>());
        services.AddHostedService(provider => provider.GetRequiredService<SweepWorker>());
        services.AddHealthChecks().AddCheck<AuditLogHealth>("auditLog", tags: [HealthEndpoints.Ready]);
        return services;
    }
}

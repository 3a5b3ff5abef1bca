using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Whether the audit log is whole and signed. Alarms make it degraded and not unhealthy: who can still be served is
/// served, but somebody must look.
/// </summary>
internal sealed class AuditLogHealth(AuditLogStatus status, AuditLogs logs) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Look());

    private HealthCheckResult Look()
    {
        if (!logs.Settings.IsOn)
        {
            return HealthCheckResult.Healthy("Off.");
        }

        var alarms = status.Logs.Values.Sum(log => log.AlarmCount);
        if (alarms > 0)
        {
            var broken = status.Logs.Values.Select(log => log.Broken).OfType<string>().FirstOrDefault();
            var first = status.Logs.Values.SelectMany(log => log.Alarms).FirstOrDefault();
            var words = broken ?? $"{first!.Code} in {first.Log} at {first.Place}";
            return HealthCheckResult.Degraded($"{alarms} alarms, the first: {words}.");
        }

        return logs.Settings.Signs
            ? HealthCheckResult.Healthy($"{status.Logs.Values.Sum(log => log.Behind)} behind.")
            : HealthCheckResult.Degraded(
                "Events are sealed but not signed: set CreditBank__CheckpointKey and CreditBank__Audit__Folder."
            );
    }
}

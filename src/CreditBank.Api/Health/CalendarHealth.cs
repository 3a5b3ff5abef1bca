using CreditBank.Kernel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NodaTime;

namespace CreditBank.Api.Health;

/// <summary>
/// Says how far the working calendar reaches, and warns in the log at start when it ends soon: the days after it count
/// as plain weekdays, so terms of working days come out too early. The bank works on, so it is no fault.
/// </summary>
internal sealed class CalendarHealth(WorkingCalendar calendar, IClock clock, ILogger<CalendarHealth> log)
    : IHealthCheck,
        IHostedService
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken) =>
        Task.FromResult(HealthCheckResult.Healthy(Warning ?? $"Reaches to {calendar.EndsOn:uuuu-MM-dd}."));

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Warning is { } warning)
        {
            log.LogWarning("{Warning}", warning);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string? Warning =>
        calendar.EndsSoon(BankCalendar.DayOf(clock.GetCurrentInstant()))
            ? $"The working calendar reaches to {calendar.EndsOn:uuuu-MM-dd}; later days count as plain weekdays. "
                + "Add the next year: CreditBank__WorkingCalendarFile, see the runbook of the server."
            : null;
}

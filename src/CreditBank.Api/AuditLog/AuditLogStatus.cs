using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CreditBank.Ledger.Audit;

namespace CreditBank.Api.AuditLog;

/// <summary>What this node knows of each log, for health, metrics and the list of books.</summary>
public sealed class AuditLogStatus : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "CreditBank.AuditLog";

    private readonly Meter meter = new(MeterName);
    private readonly ConcurrentDictionary<string, LogStatus> logs = new();

    /// <summary>Registers the gauges.</summary>
    public AuditLogStatus()
    {
        meter.CreateObservableGauge("creditbank.audit.leaves", () => Measure(status => status.Size), "{leaf}");
        meter.CreateObservableGauge("creditbank.audit.behind", () => Measure(status => status.Behind), "{event}");
        meter.CreateObservableGauge("creditbank.audit.late", () => Measure(status => status.LateEvents), "{event}");
        meter.CreateObservableGauge("creditbank.audit.alarms", () => Measure(status => status.AlarmCount), "{alarm}");
    }

    /// <summary>Every log that this node has looked at.</summary>
    public IReadOnlyDictionary<string, LogStatus> Logs => logs;

    /// <summary>What is known of a log; nothing yet is zeros.</summary>
    public LogStatus Of(string log) => logs.GetValueOrDefault(log) ?? LogStatus.Unknown;

    /// <summary>Notes something of a log.</summary>
    internal void Note(string log, Func<LogStatus, LogStatus> change) =>
        logs.AddOrUpdate(log, _ => change(LogStatus.Unknown), (_, before) => change(before));

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<long>> Measure(Func<LogStatus, long> value) =>
        logs.Select(pair => new Measurement<long>(
            value(pair.Value),
            new KeyValuePair<string, object?>("log", pair.Key)
        ));
}

/// <summary>How a log does.</summary>
/// <param name="Size">How many leaves.</param>
/// <param name="Behind">How many sequence numbers were taken that are not settled and sealed yet.</param>
/// <param name="LateEvents">How many events came late, ever.</param>
/// <param name="Checkpoint">The newest signed one.</param>
/// <param name="Broken">Why nothing is sealed or signed; none while all is well.</param>
/// <param name="Alarms">What a person must look at.</param>
public sealed record LogStatus(
    long Size,
    long Behind,
    long LateEvents,
    Checkpoint? Checkpoint,
    string? Broken,
    IReadOnlyList<AuditAlarm> Alarms
)
{
    /// <summary>Nothing is known yet.</summary>
    public static readonly LogStatus Unknown = new(0, 0, 0, null, null, []);

    /// <summary>Alarms, a broken log counting as one.</summary>
    public long AlarmCount => Alarms.Count + (Broken is null ? 0 : 1);
}

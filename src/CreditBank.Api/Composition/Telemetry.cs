using CreditBank.Api.AuditLog;
using CreditBank.Api.Expiry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CreditBank.Api.Composition;

/// <summary>Traces and metrics by OpenTelemetry; off unless <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
internal static class Telemetry
{
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            return;
        }

        builder
            .Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddSource("Wolverine", "Marten", "Npgsql"))
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddMeter(
                        AuditLogStatus.MeterName,
                        Deadlines.MeterName,
                        "Wolverine*",
                        "Marten",
                        "Npgsql",
                        "System.Runtime"
                    )
            )
            .UseOtlpExporter();
    }
}

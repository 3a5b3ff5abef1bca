using CreditBank.Api.Audit;
using CreditBank.Api.Infrastructure.Storage;
using JasperFx.CommandLine;

namespace CreditBank.Api.Hosting.Commands;

/// <summary>Replays the ledger while the service is not running; a running one is asked over HTTP.</summary>
[Description("Recompute every balance from the events and compare it with what storage keeps", Name = "replay")]
public sealed class ReplayCommand : JasperFxAsyncCommand<NetCoreInput>
{
    /// <inheritdoc/>
    public override async Task<bool> Execute(NetCoreInput input)
    {
        using var host = input.BuildHost();
        await host.Services.GetServices<IHostedService>().OfType<BookKeeping>().Single().StartingAsync(default);
        var report = await ReplayRunner.RunAsync(
            host.Services.GetRequiredService<LedgerBooks>(),
            new ReplayOptions(KnownAt: null),
            (progress, _) =>
                Console.Error.WriteLineAsync(
                    $"{progress.EventsRead:n0} events, {progress.Percent} %, {progress.SecondsLeft ?? 0:n0} s left"
                ),
            CancellationToken.None
        );
        Console.WriteLine(report.ToText());
        return report is { DifferenceCount: 0, TrialBalanceIsZero: true };
    }
}

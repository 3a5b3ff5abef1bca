using CreditBank.Api.Audit;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.RuleSets;
using JasperFx.CommandLine;

namespace CreditBank.Api.Hosting.Commands;

/// <summary>What to replay.</summary>
public sealed class ReplayInput : NetCoreInput
{
    /// <summary>Another version.</summary>
    [Description("Also evaluate every decision again under this version of a rule set")]
    public string? RuleSetFlag { get; set; }
}

/// <summary>Replays the ledger while the service is not running; a running one is asked over HTTP.</summary>
[Description("Recompute every balance from the events and compare it with what storage keeps", Name = "replay")]
public sealed class ReplayCommand : JasperFxAsyncCommand<ReplayInput>
{
    /// <inheritdoc/>
    public override async Task<bool> Execute(ReplayInput input)
    {
        using var host = input.BuildHost();
        await host.Services.GetServices<IHostedService>().OfType<BookKeeping>().Single().StartingAsync(default);
        var books = host.Services.GetRequiredService<LedgerBooks>();
        OtherRules? other = null;
        if (input.RuleSetFlag is { } version)
        {
            var library = host.Services.GetRequiredService<RuleSetLibrary>();
            other =
                await OtherRules.FindAsync(books, library, version, CancellationToken.None)
                ?? throw new StartRefusedException($"There is no version {version} of a rule set.");
        }

        var report = await ReplayRunner.RunAsync(
            books,
            new ReplayOptions(KnownAt: null, other),
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

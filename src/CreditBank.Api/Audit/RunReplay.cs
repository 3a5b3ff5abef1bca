using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.RuleSets;
using Marten;
using NodaTime;
using Wolverine;
using Wolverine.Attributes;

namespace CreditBank.Api.Audit;

/// <summary>Runs a replay that was asked for: a durable message, delivered again after a crash.</summary>
/// <param name="ReplayId">The replay.</param>
public sealed record RunReplay(string ReplayId);

/// <summary>Runs replays.</summary>
public static class RunReplayHandler
{
    private const int SecondsMax = 24 * 60 * 60;

    private static readonly Duration BetweenReports = Duration.FromSeconds(1);

    /// <summary>Runs the replay from its start; one that is done is left alone.</summary>
    [MessageTimeout(SecondsMax)]
    public static async Task Handle(
        RunReplay message,
        LedgerBooks books,
        RuleSetLibrary library,
        IClock clock,
        ILogger<Replay> log,
        CancellationToken cancellation
    )
    {
        await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
        var replay = await session.LoadAsync<Replay>(message.ReplayId, cancellation);
        if (replay is null or { State: Replay.Completed or Replay.Failed })
        {
            return;
        }

        var keeper = new Keeper(replay, session, clock);
        try
        {
            replay.Attempts++;
            await keeper.Keep(Replay.Running, cancellation);
            var other = replay.RuleSet is { } asked
                ? await OtherRules.OfAsync(session, library, asked, cancellation)
                : null;
            replay.Report = await ReplayRunner.RunAsync(
                books,
                new ReplayOptions(replay.KnownAt, other),
                keeper.Hear,
                cancellation
            );
            await keeper.Keep(Replay.Completed, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The service stops. The next start takes it up again.
            await keeper.Keep(Replay.Queued, CancellationToken.None);
            throw;
        }
        catch (Exception fault) when (!Outages.IsAway(fault))
        {
            log.LogError(fault, "Replay {ReplayId} failed", replay.Id);
            await keeper.Keep(Replay.Failed, CancellationToken.None);
            throw;
        }
    }

    private sealed class Keeper(Replay replay, IDocumentSession session, IClock clock)
    {
        public Task Hear(ReplayProgress progress, CancellationToken cancellation)
        {
            replay.Progress = progress;
            return clock.GetCurrentInstant() - replay.ReportedAt < BetweenReports
                ? Task.CompletedTask
                : Keep(Replay.Running, cancellation);
        }

        public Task Keep(string state, CancellationToken cancellation)
        {
            replay.State = state;
            replay.ReportedAt = clock.GetCurrentInstant();
            session.Store(replay);
            return session.SaveChangesAsync(cancellation);
        }
    }
}

/// <summary>
/// At start, takes up the replays that were left queued: their message was lost, or the service stopped amid them.
/// </summary>
public sealed class ReplayResumption(LedgerBooks books, IServiceProvider services) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var left = await session
            .Query<Replay>()
            .Where(replay => replay.State == Replay.Queued)
            .Select(replay => replay.Id)
            .ToListAsync(cancellationToken);
        await using var scope = services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        foreach (var id in left)
        {
            await bus.PublishAsync(new RunReplay(id));
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Transfers;
using CreditBank.Rules;
using Marten;
using Wolverine;
using Wolverine.Attributes;

namespace CreditBank.Api.RuleSets;

/// <summary>Runs an impact report that was asked for: a durable message, delivered again after a crash.</summary>
/// <param name="ImpactId">The run.</param>
public sealed record RunImpact(string ImpactId);

/// <summary>Runs impact reports.</summary>
public static class RunImpactHandler
{
    private const int SecondsMax = 60 * 60;

    /// <summary>Runs it from its start; one that is done is left alone.</summary>
    [MessageTimeout(SecondsMax)]
    public static async Task Handle(
        RunImpact message,
        LedgerBooks books,
        ILogger<ImpactRun> log,
        CancellationToken cancellation
    )
    {
        await using var session = books.Write(LedgerBooks.Registry, Actor.Bank);
        var run = await session.LoadAsync<ImpactRun>(message.ImpactId, cancellation);
        if (run is null or { State: ImpactRun.Completed or ImpactRun.Failed })
        {
            return;
        }

        try
        {
            run.Attempts++;
            await Keep(session, run, ImpactRun.Running, cancellation);
            var text = await session.LoadAsync<RuleSetText>(run.Hash, cancellation);
            var rules = RuleSet.FromCanonicalJson(text!.CanonicalJson).RuleSet!;
            var replay = new ImpactReplay(rules, run.Erratum);
            foreach (var book in books.Learners)
            {
                await foreach (var part in PastDecisions.ReadAsync(books, book, PastDecisions.Approved, cancellation))
                {
                    replay.Add(part, cancellation);
                    run.DecisionsRead += part.Count;
                    await Keep(session, run, ImpactRun.Running, cancellation);
                }
            }

            run.Findings = replay.Findings();
            await Keep(session, run, ImpactRun.Completed, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The service stops. The next start takes it up again.
            run.DecisionsRead = 0;
            await Keep(session, run, ImpactRun.Queued, CancellationToken.None);
            throw;
        }
        catch (Exception fault)
        {
            log.LogError(fault, "Impact report {ImpactId} failed", run.Id);
            await Keep(session, run, ImpactRun.Failed, CancellationToken.None);
            throw;
        }
    }

    private static Task Keep(IDocumentSession session, ImpactRun run, string state, CancellationToken cancellation)
    {
        run.State = state;
        session.Store(run);
        return session.SaveChangesAsync(cancellation);
    }
}

/// <summary>Counts past decisions under another version, on every core. Only decisions of its family are asked.</summary>
/// <param name="rules">The version whose effect is asked for.</param>
/// <param name="erratum">The erratum that brought it about; none for an impact on all decisions.</param>
public sealed class ImpactReplay(RuleSet rules, Ledger.Events.ErratumPublished? erratum)
{
    private const int EffectsMax = 1_000;
    private readonly Impact total = new(rules);
    private readonly List<DecisionUnderError> underError = [];
    private readonly Lock counted = new();
    private int notReplayed;

    /// <summary>Counts a part of the decisions.</summary>
    public void Add(IReadOnlyList<(Transfer Transfer, RequestDocument? First)> part, CancellationToken cancellation) =>
        Parallel.ForEach(
            part,
            new ParallelOptions { CancellationToken = cancellation },
            () => new Impact(rules),
            (decided, _, own) =>
            {
                Add(decided.Transfer, decided.First, own);
                return own;
            },
            own =>
            {
                lock (counted)
                {
                    total.Merge(own);
                }
            }
        );

    /// <summary>What was found so far.</summary>
    public ImpactFindings Findings()
    {
        var effects = erratum is null ? [] : Errata.Effects(RuleSetDecider.ModeOf(erratum.Mode), underError);
        return new ImpactFindings(total.Report(), notReplayed, effects.Count, [.. effects.Take(EffectsMax)]);
    }

    private void Add(Transfer transfer, RequestDocument? first, Impact own)
    {
        if (erratum is not null && !PastDecisions.RestsOn(transfer, erratum))
        {
            return;
        }

        if (first is null)
        {
            Interlocked.Increment(ref notReplayed);
            return;
        }

        var decision = PastDecisions.Of(transfer, first.Read());
        if (decision.Request.Programme.RuleSetFamily != rules.Family)
        {
            return;
        }

        own.Add(decision);
        if (erratum is not null)
        {
            var line = Impact.Of(decision, rules);
            lock (counted)
            {
                underError.Add(new DecisionUnderError(line.TransferId, line.Before, line.After));
            }
        }
    }
}

/// <summary>At start, takes up the runs that were left: their message was lost, or the service stopped amid them.</summary>
public sealed class ImpactResumption(LedgerBooks books, IServiceProvider services) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await using var session = books.Read(LedgerBooks.Registry);
        var left = await session
            .Query<ImpactRun>()
            .Where(run => run.State == ImpactRun.Queued)
            .Select(run => run.Id)
            .ToListAsync(cancellationToken);
        await using var scope = services.CreateAsyncScope();
        var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
        foreach (var id in left)
        {
            await bus.PublishAsync(new RunImpact(id));
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

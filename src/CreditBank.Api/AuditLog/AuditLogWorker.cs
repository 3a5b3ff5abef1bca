using CreditBank.Api.Infrastructure.Storage;
using NodaTime;
using Npgsql;

namespace CreditBank.Api.AuditLog;

/// <summary>
/// Keeps the audit logs while the service runs: one <see cref="LogKeeper"/> for each database, made anew whenever its
/// connection breaks.
/// </summary>
public sealed class AuditLogWorker(
    LedgerBooks books,
    AuditLogs logs,
    AuditLogStatus status,
    IHttpClientFactory clients,
    IClock clock,
    ILoggerFactory loggers
) : BackgroundService
{
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    private readonly ILogger log = loggers.CreateLogger<AuditLogWorker>();
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<string, LogKeeper> keepers = [];
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Seals and signs everything that is committed when it is called, in the books that this node keeps. For exports
    /// and tests; the service by itself is some seconds behind.
    /// </summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        await started.Task.WaitAsync(cancellation);
        await gate.WaitAsync(cancellation);
        try
        {
            foreach (var keeper in keepers.Values)
            {
                await keeper.CycleAsync(signNow: true, cancellation);
                var goal = keeper.Taken;
                while (!keeper.HasSealed(goal))
                {
                    await keeper.CycleAsync(signNow: true, cancellation);
                }
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!logs.Settings.IsOn)
        {
            return;
        }

        var databases = new Dictionary<string, List<string>>();
        foreach (var book in books.All)
        {
            var database = await books.Store.Storage.FindOrCreateDatabase(book);
            databases.TryAdd(database.Id.ToString(), []);
            databases[database.Id.ToString()].Add(book);
        }

        await Task.WhenAll(databases.Values.Select(group => KeepAsync(group, stoppingToken)));
    }

    private async Task KeepAsync(IReadOnlyList<string> group, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await KeepConnectedAsync(group, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning(fault, "The audit log lost its database or its folder; it goes on as soon as it can.");
                await Task.Delay(AfterFault, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task KeepConnectedAsync(IReadOnlyList<string> group, CancellationToken stopping)
    {
        await using var connection = await ConnectAsync(group[0], stopping);
        var settings = logs.Settings;
        var witnesses = new Witnesses(logs, clients.CreateClient(), loggers.CreateLogger<Witnesses>());
        var outside = new LastSigned(settings.Folder ?? string.Empty);
        var signer = new CheckpointSigner(logs, outside, witnesses, clock);
        var keepsTop = group.Contains(LedgerBooks.Registry);
        var keeper = new LogKeeper(connection, logs, group, keepsTop, signer, status, clock, log);
        while (!stopping.IsCancellationRequested)
        {
            var busy = await CycleAsync(group[0], keeper, stopping);
            var wait = busy ? settings.PollEvery : settings.IdlePollEvery;
            await Task.Delay(wait.ToTimeSpan(), stopping);
        }
    }

    private async Task<bool> CycleAsync(string name, LogKeeper keeper, CancellationToken stopping)
    {
        await gate.WaitAsync(stopping);
        try
        {
            keepers[name] = keeper;
            var busy = await keeper.CycleAsync(signNow: false, stopping);
            started.TrySetResult();
            return busy;
        }
        catch
        {
            keepers.Remove(name);
            throw;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(string book, CancellationToken cancellation)
    {
        var database = await books.Store.Storage.FindOrCreateDatabase(book);
        var connection = database.CreateConnection();
        await connection.OpenAsync(cancellation);
        return connection;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        gate.Dispose();
        base.Dispose();
    }
}

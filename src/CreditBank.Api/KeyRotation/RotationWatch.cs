using CreditBank.Api.Hosting;
using CreditBank.Api.Infrastructure.Schema;
using CreditBank.Api.Infrastructure.Vault;
using Npgsql;

namespace CreditBank.Api.KeyRotation;

/// <summary>
/// Keeps a rotation of the data keys away while this service runs, and this service from working on with keys that
/// were rotated while the database was away.
/// </summary>
public sealed class RotationWatch(
    DatabaseAccess access,
    KeyRingStore rings,
    VaultKeys keys,
    IHostApplicationLifetime lifetime,
    ILogger<RotationWatch> log
) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private RotationLock? held;

    /// <inheritdoc/>
    public async Task StartingAsync(CancellationToken cancellationToken) =>
        held =
            await RotationLock.TryServeAsync(access.Service, cancellationToken)
            ?? throw new StartRefusedException(
                "The data keys are being rotated. Start the service when rotate-keys has ended."
            );

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (NpgsqlException away)
            {
                log.LogDebug(away, "The database is away; the lock against rotations is taken again when it is back.");
                await LetGoAsync();
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        if (held is not null)
        {
            await held.RequireHeldAsync(cancellation);
            return;
        }

        held = await RotationLock.TryServeAsync(access.Service, cancellation);
        var ring = held is null ? null : await rings.ReadAsync(cancellation);
        if (ring is null || ring.IsRotating || ring.Generation != keys.Data.Current.Number)
        {
            log.LogCritical(
                "The data keys were rotated while the database was away. The service stops; start it anew."
            );
            lifetime.StopApplication();
        }
    }

    private async Task LetGoAsync()
    {
        if (held is { } lost)
        {
            held = null;
            await lost.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await LetGoAsync();
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

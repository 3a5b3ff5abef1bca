using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CreditBank.Postgres;

/// <summary>
/// A private PostgreSQL that lives as long as the service: it is created at the first start, started again when it
/// dies, and stopped with the service. Its data survives all of that. Thread-safe.
/// </summary>
public sealed partial class EmbeddedPostgres : IAsyncDisposable
{
    /// <summary>The role that owns everything; it is the cluster's superuser.</summary>
    public const string Owner = "creditbank_owner";

    private readonly EmbeddedPostgresOptions options;
    private readonly ILogger log;
    private readonly DataFolder folder;
    private readonly FolderLock held;
    private readonly RunUser user;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim stopOnce = new(1, 1);
    private Postmaster postmaster;
    private Task supervision = Task.CompletedTask;
    private volatile PostgresHealth health = new(PostgresState.Ready, 0, null);
    private TaskCompletionSource changed = NewSignal();

    private EmbeddedPostgres(Preparation ready, Postmaster postmaster, int? port)
    {
        options = ready.Options;
        log = ready.Log;
        folder = ready.Folder;
        held = ready.Held;
        user = ready.User;
        Binaries = ready.Binaries;
        this.postmaster = postmaster;
        Port = port;
    }

    /// <summary>The programs in use.</summary>
    public PostgresBinaries Binaries { get; }

    /// <summary>The data folder, absolute.</summary>
    public string Folder => folder.Root;

    /// <summary>The port at 127.0.0.1; none where only the socket is open.</summary>
    public int? Port { get; private set; }

    /// <summary>What it does now, for a health check; cheap, never throws.</summary>
    public PostgresHealth Health => health;

    /// <summary>Waits until <see cref="Health"/> is so, and gives it.</summary>
    public async Task<PostgresHealth> WhenAsync(Func<PostgresHealth, bool> isSo, CancellationToken ct = default)
    {
        while (true)
        {
            var next = Volatile.Read(ref changed).Task;
            if (health is var now && isSo(now))
                return now;
            await next.WaitAsync(ct);
        }
    }

    /// <summary>The number of the server process, for a person who looks for it.</summary>
    public int? ProcessId => postmaster.ProcessId;

    /// <summary>
    /// Creates the cluster where there is none, starts it and waits until it answers. From then on it is started again
    /// whenever it ends by itself.
    /// </summary>
    /// <param name="options">Where and how.</param>
    /// <param name="log">Told about every step that takes time.</param>
    /// <param name="ct">Gives up; what was started is stopped.</param>
    /// <exception cref="PostgresUnavailableException">A person has to act; the message says how.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresOptions options,
        ILogger log,
        CancellationToken ct = default
    )
    {
        if (OperatingSystem.IsWindows())
            throw new PostgresUnavailableException(
                PostgresUnavailableException.PlatformUnsupported,
                "The embedded PostgreSQL runs on Linux and macOS. Set ConnectionStrings__CreditBank to use a server."
            );
        var watch = Stopwatch.StartNew();
        var ready = await Preparation.RunAsync(options, log, ct);
        try
        {
            var (postmaster, port) = await Launch.RunAsync(ready, null, ct);
            var running = new EmbeddedPostgres(ready, postmaster, port);
            await running.CheckPasswordAsync(ct);
            running.supervision = Task.Run(running.SuperviseAsync, CancellationToken.None);
            log.LogInformation(
                "PostgreSQL {Version} is ready in {Folder} after {Milliseconds} ms",
                ready.Binaries.Version,
                ready.Folder.Root,
                watch.ElapsedMilliseconds
            );
            return running;
        }
        catch
        {
            ready.Held.Dispose();
            throw;
        }
    }

    /// <summary>How to connect to a database here. The text holds a password: it belongs in no log.</summary>
    /// <param name="database">The database's name.</param>
    /// <param name="role">The owner, or a role made by <see cref="EnsureRoleAsync"/>.</param>
    public string ConnectionString(string database, string role = Owner) => Connection(database, role).ConnectionString;

    /// <summary>The same as <see cref="ConnectionString"/>, to add to.</summary>
    /// <exception cref="InvalidOperationException">The role was not made here.</exception>
    public NpgsqlConnectionStringBuilder Connection(string database, string role = Owner)
    {
        if (!folder.KnowsPasswordOf(role))
            throw new InvalidOperationException($"The role {role} has to be made with EnsureRoleAsync first.");
        var hasSocket = folder.SocketFolder is not null;
        return new NpgsqlConnectionStringBuilder
        {
            Host = hasSocket ? folder.Sockets : "127.0.0.1",
            Port = hasSocket ? Port ?? DataFolder.SocketPort : Port!.Value,
            Database = database,
            Username = role,
            Password = folder.PasswordOf(role),
            ApplicationName = "CreditBank",
            // The socket and the loopback are private already; asking for encryption would cost a round trip.
            SslMode = SslMode.Disable,
        };
    }

    /// <summary>Shuts down fast and waits for the end. A second call waits for the first.</summary>
    public async Task StopAsync()
    {
        await stopOnce.WaitAsync();
        try
        {
            if (health.State == PostgresState.Stopped)
                return;
            Become(health with { State = PostgresState.Stopping });
            await stopping.CancelAsync();
            await supervision;
            if (!await postmaster.StopAsync(options.StopLimit))
                log.LogWarning("PostgreSQL did not stop within {Limit} and was forced", options.StopLimit);
            postmaster.Dispose();
            held.Dispose();
            Become(health with { State = PostgresState.Stopped });
        }
        finally
        {
            stopOnce.Release();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>A cluster that was put here from elsewhere has another password than the one that is kept.</summary>
    private async Task CheckPasswordAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = await OpenAsync(ct);
        }
        catch (Exception refused)
        {
            await postmaster.StopAsync(options.StopLimit);
            postmaster.Dispose();
            if (refused is not PostgresException { SqlState: PostgresErrorCodes.InvalidPassword })
                throw;
            throw new PostgresUnavailableException(
                PostgresUnavailableException.StartFailed,
                $"The cluster in {folder.Root} does not accept the kept password of {Owner}. If it comes from a "
                    + $"backup, remove {folder.PasswordFile(Owner)} and start again: a new password is then set.",
                refused
            );
        }
    }

    private async Task SuperviseAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.WhenAny(postmaster.Exited, Task.Delay(Timeout.Infinite, stopping.Token));
            if (stopping.IsCancellationRequested)
                return;
            await RecoverAsync();
        }
    }

    /// <summary>Starts the server again, waiting longer after each failure, until it runs or all stops.</summary>
    private async Task RecoverAsync()
    {
        Become(new PostgresHealth(PostgresState.Recovering, health.Restarts + 1, null));
        log.LogError("PostgreSQL ended by itself; starting it again");
        postmaster.Dispose();
        for (var wait = TimeSpan.FromMilliseconds(100); ; wait = Min(wait * 2, LongestWait))
        {
            try
            {
                var again = new Preparation(options, log, folder, held, user, Binaries);
                await Leftovers.ClearAsync(folder, user, options.StopLimit, log, stopping.Token);
                (postmaster, Port) = await Launch.RunAsync(again, Port, stopping.Token);
                Become(new PostgresHealth(PostgresState.Ready, health.Restarts, null));
                log.LogInformation("PostgreSQL is ready again");
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // Whatever it was, the next attempt may succeed; until then health says why it does not.
                Become(health with { LastFailure = failure.Message });
                log.LogError(failure, "PostgreSQL could not be started again; next attempt in {Wait}", wait);
            }
            await Task.WhenAny(Task.Delay(wait, stopping.Token));
            if (stopping.IsCancellationRequested)
                return;
        }
    }

    private void Become(PostgresHealth next)
    {
        health = next;
        Interlocked.Exchange(ref changed, NewSignal()).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

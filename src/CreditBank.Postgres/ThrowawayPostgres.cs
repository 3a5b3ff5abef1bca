using Microsoft.Extensions.Logging.Abstractions;

namespace CreditBank.Postgres;

/// <summary>
/// A cluster in a temporary folder for tests: real, but nothing in it waits for the disk, and it is removed at the end.
/// </summary>
public sealed class ThrowawayPostgres : IAsyncDisposable
{
    private static readonly Lazy<Task<ThrowawayPostgres>> OfThisProcess = new(() => StartAsync());

    private readonly EmbeddedPostgres postgres;
    private readonly Janitor janitor;
    private int databases;

    private ThrowawayPostgres(EmbeddedPostgres postgres, Janitor janitor)
    {
        this.postgres = postgres;
        this.janitor = janitor;
    }

    /// <summary>The running server.</summary>
    public EmbeddedPostgres Server => postgres;

    /// <summary>One cluster for all tests of this process. Nobody disposes it: it ends with the process.</summary>
    public static Task<ThrowawayPostgres> SharedAsync() => OfThisProcess.Value;

    /// <summary>A cluster of its own, removed when it is disposed.</summary>
    /// <param name="settings">Further settings of <c>postgresql.conf</c>.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<ThrowawayPostgres> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null,
        CancellationToken ct = default
    )
    {
        var folder = Directory.CreateTempSubdirectory("creditbank-throwaway-").FullName;
        var janitor = Janitor.Attach(folder);
        var options = new EmbeddedPostgresOptions
        {
            DataFolder = folder,
            Settings = settings ?? new Dictionary<string, string>(),
            IsThrowaway = true,
        };
        return new ThrowawayPostgres(await EmbeddedPostgres.StartAsync(options, NullLogger.Instance, ct), janitor);
    }

    /// <summary>Makes an empty database and gives its connection string.</summary>
    /// <param name="name">Its name; none for one that no other call gets.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<string> CreateDatabaseAsync(string? name = null, CancellationToken ct = default)
    {
        var chosen = name ?? $"test_{Interlocked.Increment(ref databases)}";
        await postgres.EnsureDatabaseAsync(chosen, ct);
        return postgres.ConnectionString(chosen);
    }

    /// <summary>Stops the server and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await postgres.DisposeAsync();
        Directory.Delete(postgres.Folder, recursive: true);
        janitor.Dispose();
    }
}

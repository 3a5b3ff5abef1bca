using Microsoft.Extensions.Logging.Abstractions;

namespace CreditBank.Postgres;

/// <summary>
/// A cluster in a temporary folder for tests: real, but nothing in it waits for the disk, and it is removed at the end.
/// </summary>
public sealed class ThrowawayPostgres : IAsyncDisposable
{
    private const string Prefix = "creditbank-throwaway-";

    private static readonly Lazy<Task<ThrowawayPostgres>> OfThisProcess = new(StartForProcessAsync);

    private readonly EmbeddedPostgres postgres;
    private int databases;

    private ThrowawayPostgres(EmbeddedPostgres postgres) => this.postgres = postgres;

    /// <summary>The running server.</summary>
    public EmbeddedPostgres Server => postgres;

    /// <summary>One cluster for all tests of this process, started at the first call and removed at its end.</summary>
    public static Task<ThrowawayPostgres> SharedAsync() => OfThisProcess.Value;

    /// <summary>A cluster of its own, removed when it is disposed.</summary>
    /// <param name="settings">Further settings of <c>postgresql.conf</c>.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<ThrowawayPostgres> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null,
        CancellationToken ct = default
    )
    {
        RemoveAbandoned();
        var options = new EmbeddedPostgresOptions
        {
            DataFolder = Directory.CreateTempSubdirectory(Prefix).FullName,
            Settings = settings ?? new Dictionary<string, string>(),
            IsThrowaway = true,
        };
        return new ThrowawayPostgres(await EmbeddedPostgres.StartAsync(options, NullLogger.Instance, ct));
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
    }

    private static async Task<ThrowawayPostgres> StartForProcessAsync()
    {
        var shared = await StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => shared.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10));
        return shared;
    }

    /// <summary>A test run that was killed leaves its folder; the server itself ends with its process.</summary>
    private static void RemoveAbandoned()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            // A young one may be in the making and not locked yet.
            var age = TimeProvider.System.GetUtcNow() - Directory.GetCreationTimeUtc(folder);
            if (age < TimeSpan.FromMinutes(2) || !FolderLock.IsFree(folder))
                continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception others) when (others is UnauthorizedAccessException or IOException)
            {
                // Another user's, or another run removes it at the same time: not ours to care about.
            }
        }
    }
}

using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CreditBank.Postgres.Tests;

/// <summary>Base of the tests on real clusters: one data folder for each test.</summary>
public abstract class ClusterTests : IDisposable
{
    private protected readonly TemporaryFolder folder = new();

    protected string Data => folder.At("data");

    protected EmbeddedPostgresOptions Options => new() { DataFolder = Data };

    protected KeptLog Kept { get; } = new();

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions? options = null) =>
        EmbeddedPostgres.StartAsync(options ?? Options, Kept);

    /// <summary>Makes a data folder with a cluster that was stopped in order.</summary>
    protected async Task CreateAsync()
    {
        await using var first = await StartAsync();
        await RunAsync(first, "create table kept (n int)", "insert into kept values (1)");
    }

    protected static async Task RunAsync(EmbeddedPostgres postgres, params string[] statements)
    {
        foreach (var statement in statements)
            await AskAsync<object?>(postgres, statement);
    }

    protected static async Task<T> AskAsync<T>(
        EmbeddedPostgres postgres,
        string question,
        string role = EmbeddedPostgres.Owner
    )
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString("postgres", role));
        await using var command = source.CreateCommand(question);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Asks again and again until it is so; fails after half a minute.</summary>
    protected static async Task EventuallyAsync(Func<bool> isSo, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"never came to be: {what}");
            await Task.Delay(20);
        }
    }

    protected static Task RestartedAsync(EmbeddedPostgres postgres, int times) =>
        EventuallyAsync(
            () =>
                postgres.Health is { State: PostgresState.Ready, LastFailure: null } health && health.Restarts == times,
            $"{times} restarts"
        );

    protected static void Kill(int process) => Process.GetProcessById(process).Kill();

    protected static bool IsAlive(int process) => !ProcessStatus(process).StartsWith('Z');

    /// <summary>A dead process that nobody has collected yet counts as dead.</summary>
    private static string ProcessStatus(int process)
    {
        var status = Command.RunAsync(Command.Prepare("ps", ["-o", "stat=", "-p", $"{process}"]), default);
        return status.GetAwaiter().GetResult() is { Succeeded: true, Output: { Length: > 0 } text } ? text : "Z";
    }

    protected async Task<PostgresUnavailableException> RefusedAsync(EmbeddedPostgresOptions? options = null) =>
        await Assert.ThrowsAsync<PostgresUnavailableException>(() =>
            EmbeddedPostgres.StartAsync(options ?? Options, NullLogger.Instance)
        );
}

/// <summary>A service of its own process, which a test may kill.</summary>
internal sealed class OtherService : IDisposable
{
    private readonly Process process;

    private OtherService(Process process) => this.process = process;

    public int ProcessId => process.Id;

    /// <summary>Starts it and gives its first line: <c>ready</c>, or the code of a refusal.</summary>
    public static async Task<(OtherService Service, string FirstLine)> StartAsync(string dataFolder)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(OtherService).Assembly.Location, dataFolder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        return (new OtherService(process), await process.StandardOutput.ReadLineAsync() ?? "");
    }

    /// <summary>As by the operator's <c>kill -9</c>, or when memory runs out.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }
}

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

    /// <summary>Brings a data folder with a stopped cluster that holds the row 1 in <c>kept</c>.</summary>
    protected async Task CreateAsync()
    {
        var template = await Template.Value;
        var copy = await Command.RunAsync(Command.Prepare("cp", ["-Rp", template.At("data"), Data]), default);
        Assert.Equal("", copy.Error);
    }

    /// <summary>Made once for a run, because creating a cluster takes longer than all else in these tests.</summary>
    private static readonly Lazy<Task<TemporaryFolder>> Template = new(MakeTemplateAsync);

    private static async Task<TemporaryFolder> MakeTemplateAsync()
    {
        var template = new TemporaryFolder();
        Janitor.Attach(template.Path);
        var options = new EmbeddedPostgresOptions { DataFolder = template.At("data") };
        await using var first = await EmbeddedPostgres.StartAsync(options, NullLogger.Instance);
        await RunAsync(first, "create table kept (n int)", "insert into kept values (1)");
        return template;
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

    /// <summary>Waits for a state of the server; fails after half a minute.</summary>
    protected static Task BecomesAsync(EmbeddedPostgres postgres, Func<PostgresHealth, bool> isSo) =>
        postgres.WhenAsync(isSo).WaitAsync(TimeSpan.FromSeconds(30));

    protected static Task RestartedAsync(EmbeddedPostgres postgres, int times) =>
        BecomesAsync(postgres, health => health.State == PostgresState.Ready && health.Restarts == times);

    protected static void Kill(int process) => Process.GetProcessById(process).Kill();

    /// <summary>A dead process that nobody has collected yet counts as dead.</summary>
    protected static async Task<bool> IsAliveAsync(int process)
    {
        var status = await Command.RunAsync(Command.Prepare("ps", ["-o", "stat=", "-p", $"{process}"]), default);
        return status is { Succeeded: true, Output.Length: > 0 } && !status.Output.StartsWith('Z');
    }

    protected async Task<PostgresUnavailableException> RefusedAsync(EmbeddedPostgresOptions? options = null) =>
        await Assert.ThrowsAsync<PostgresUnavailableException>(() =>
            EmbeddedPostgres.StartAsync(options ?? Options, NullLogger.Instance)
        );
}

/// <summary>This test program as a process of its own, which a test may kill: see Program.cs.</summary>
internal sealed class OtherProcess : IDisposable
{
    private readonly Process process;

    private OtherProcess(Process process) => this.process = process;

    public int ProcessId => process.Id;

    public static OtherProcess Start(string argument)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(OtherProcess).Assembly.Location, argument])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new OtherProcess(Process.Start(start)!);
    }

    /// <summary>Starts it and gives its first line.</summary>
    public static async Task<(OtherProcess Process, string FirstLine)> StartAsync(string argument)
    {
        var other = Start(argument);
        return (other, await other.process.StandardOutput.ReadLineAsync() ?? "");
    }

    /// <summary>As by the operator's <c>kill -9</c>, or when memory runs out.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Lets it end by itself.</summary>
    public void End()
    {
        process.StandardInput.Close();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }
}

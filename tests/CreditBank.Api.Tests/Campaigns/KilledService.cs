using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using CreditBank.Api.Hosting;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Postgres;
using Npgsql;

namespace CreditBank.Api.Tests.Campaigns;

/// <summary>The built program as a process of its own, with its embedded PostgreSQL, to be killed.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class KilledService : IAsyncDisposable
{
    /// <summary>
    /// The program's own folder: beside the tests lie assemblies that its search for commands cannot load.
    /// </summary>
    private static readonly string ProgramFolder = Path.Combine(
        RepositoryRoot.Path,
        "src/CreditBank.Api",
        Path.GetRelativePath(Path.Combine(RepositoryRoot.Path, "tests/CreditBank.Api.Tests"), AppContext.BaseDirectory)
    );

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("creditbank-campaign-");
    private readonly Queue<string> lastLines = new();
    private Process process;

    private KilledService()
    {
        // Run by root, the database belongs to another user, who must be able to pass through.
        File.SetUnixFileMode(folder.FullName, folder.UnixFileMode | UnixFileMode.OtherExecute);
        Address = new Uri($"http://127.0.0.1:{FreePort()}");
        process = Launch("--urls", Address.ToString());
    }

    public Uri Address { get; }

    public string DataFolder => Path.Combine(folder.FullName, "bank");

    /// <summary>The keys that development tokens are signed with.</summary>
    public VaultKeys Keys => MasterKeyFile.Read(DataFolder);

    /// <summary>The number of PostgreSQL's main process, as it noted it.</summary>
    private int Postmaster =>
        int.Parse(
            File.ReadLines(Path.Combine(DataFolder, "cluster", "postmaster.pid")).First(),
            CultureInfo.InvariantCulture
        );

    public static async Task<KilledService> StartAsync()
    {
        var service = new KilledService();
        await service.UntilReady();
        return service;
    }

    /// <summary>SIGKILL to the service; it is started again, and waited for.</summary>
    public async Task KillServiceAsync()
    {
        process.Kill(entireProcessTree: false);
        await process.WaitForExitAsync();
        process.Dispose();
        process = Launch("--urls", Address.ToString());
        await UntilReady();
    }

    /// <summary>SIGKILL to PostgreSQL's main process; the service starts it again by itself.</summary>
    public async Task KillPostgresAsync()
    {
        var killed = Postmaster;
        using (var postmaster = Process.GetProcessById(killed))
        {
            postmaster.Kill(entireProcessTree: false);
            await postmaster.WaitForExitAsync();
        }

        await UntilReady();
        Assert.NotEqual(killed, Postmaster);
    }

    /// <summary>SIGTERM; ends in order.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", process.Id.ToString(CultureInfo.InvariantCulture));
        await process.WaitForExitAsync();
    }

    /// <summary>Runs a command of the program on the stopped service's data.</summary>
    public async Task<int> RunAsync(params string[] command)
    {
        using var run = Launch(command);
        await run.WaitForExitAsync();
        return run.ExitCode;
    }

    /// <summary>The rows of a query, each as a text, with the owner's rights.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder
            {
                Host = Path.Combine(DataFolder, "sockets"),
                Database = Database.Name,
                Username = EmbeddedPostgres.Owner,
                Password = await File.ReadAllTextAsync(Path.Combine(DataFolder, $"password-{EmbeddedPostgres.Owner}")),
                Pooling = false,
            }
        );
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private Process Launch(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(ProgramFolder, "CreditBank.Api.dll"), .. arguments])
        {
            WorkingDirectory = ProgramFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CreditBank__DataFolder"] = DataFolder;
        start.Environment["CreditBank__Books"] = "2";
        start.Environment["Logging__LogLevel__Default"] = "None";
        start.Environment["Logging__LogLevel__Marten"] = "None";
        start.Environment["Logging__LogLevel__Wolverine"] = "Error";
        start.Environment["Logging__LogLevel__CreditBank"] = "Warning";
        start.Environment.Remove("ConnectionStrings__CreditBank");
        var started = Process.Start(start)!;
        started.OutputDataReceived += (_, line) => Note(line.Data);
        started.ErrorDataReceived += (_, line) => Note(line.Data);
        started.BeginOutputReadLine();
        started.BeginErrorReadLine();
        return started;
    }

    private void Note(string? line)
    {
        const int LinesMax = 60;
        lock (lastLines)
        {
            if (line is not null)
            {
                lastLines.Enqueue(line);
            }

            if (lastLines.Count > LinesMax)
            {
                lastLines.Dequeue();
            }
        }
    }

    private async Task UntilReady()
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var patience = new CancellationTokenSource(Patience);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await beat.WaitForNextTickAsync(patience.Token))
        {
            if (process.HasExited)
            {
                throw new InvalidOperationException("The service ended:\n" + LastWords());
            }

            try
            {
                var health = new Uri("/health/ready", UriKind.Relative);
                using var answer = await client.GetAsync(health, patience.Token);
                var checks = JsonNode.Parse(await answer.Content.ReadAsStringAsync(patience.Token))?["checks"];
                if ((string?)checks?["database"]?["status"] == "healthy")
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet: the next beat asks again.
            }
        }
    }

    /// <summary>The end of what the service wrote.</summary>
    public string LastWords()
    {
        lock (lastLines)
        {
            return string.Join('\n', lastLines);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await StopAsync();
        }

        process.Dispose();
        folder.Delete(recursive: true);
    }
}

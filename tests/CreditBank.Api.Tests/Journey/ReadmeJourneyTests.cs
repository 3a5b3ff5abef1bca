using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;

namespace CreditBank.Api.Tests.Journey;

/// <summary>The README's journey, pasted into a shell against the program as it is built, with its own PostgreSQL.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class ReadmeJourneyTests
{
    [UnixShellFact]
    public async Task the_journey_in_the_readme_shows_each_personas_result()
    {
        var folder = Directory.CreateTempSubdirectory("creditbank-journey-");

        // Run by root, the database belongs to another user, who must be able to pass through.
        File.SetUnixFileMode(folder.FullName, folder.UnixFileMode | UnixFileMode.OtherExecute);
        var address = $"http://127.0.0.1:{FreePort()}";
        using var service = StartService(folder, address);
        try
        {
            await UntilReady(service, address);

            var shown = await Paste(
                Journey().Replace("http://127.0.0.1:5080", address, StringComparison.Ordinal),
                folder
            );

            Assert.Contains("\"accepted\":3,\"duplicates\":0", shown, StringComparison.Ordinal);
            Assert.Contains("\"accepted\":0,\"duplicates\":3", shown, StringComparison.Ordinal);
            Assert.Contains("\"state\":\"verified\"", shown, StringComparison.Ordinal);
            foreach (var result in new[] { "match", "maybe", "miss" })
            {
                Assert.Contains($"\"result\":\"{result}\"", shown, StringComparison.Ordinal);
            }

            Assert.Contains("\"state\":\"approved\"", shown, StringComparison.Ordinal);
            Assert.Contains("\"amount\":15,\"unit\":\"sqf-credit\"", shown, StringComparison.Ordinal);
            Assert.Contains("\"balanced\":true", shown, StringComparison.Ordinal);
            Assert.Contains("\"state\":\"completed\"", shown, StringComparison.Ordinal);
            Assert.Contains("\"differenceCount\":0", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("urn:creditbank:problem", shown, StringComparison.Ordinal);
        }
        finally
        {
            // SIGTERM, so that the embedded PostgreSQL is stopped in order.
            using var stop = Process.Start(
                "kill",
                service.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)
            );
            await service.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static string Journey()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));
        var journey = readme[readme.IndexOf("## The journey", StringComparison.Ordinal)..];
        return string.Concat(ShellBlock().Matches(journey).Select(block => block.Groups[1].Value));
    }

    private static Process StartService(DirectoryInfo folder, string address)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "CreditBank.Api.dll"), "--urls", address },
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CreditBank__DataFolder"] = Path.Combine(folder.FullName, "bank");
        start.Environment.Remove("ConnectionStrings__CreditBank");
        var service = Process.Start(start)!;
        service.OutputDataReceived += (_, _) => { };
        service.ErrorDataReceived += (_, _) => { };
        service.BeginOutputReadLine();
        service.BeginErrorReadLine();
        return service;
    }

    private static async Task UntilReady(Process service, string address)
    {
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await beat.WaitForNextTickAsync(patience.Token))
        {
            Assert.False(service.HasExited, "The service ended before it was ready.");
            try
            {
                using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), patience.Token);
                if (ready.StatusCode == HttpStatusCode.OK)
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

    private static async Task<string> Paste(string script, DirectoryInfo folder)
    {
        var start = new ProcessStartInfo("bash")
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var shell = Process.Start(start)!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        var shown = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return shown;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}

/// <summary>A test that pastes into bash and calls curl; skipped where the machine has none.</summary>
public sealed class UnixShellFactAttribute : FactAttribute
{
    private static readonly string[] Needed = ["bash", "curl"];

    public UnixShellFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator);
        if (!Needed.All(tool => folders.Any(folder => File.Exists(Path.Combine(folder, tool)))))
        {
            Skip = "The journey is pasted into bash and calls curl; this machine lacks one of them.";
        }
    }
}

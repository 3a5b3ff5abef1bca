using System.Globalization;
using Microsoft.Extensions.Logging;

namespace CreditBank.Postgres;

/// <summary>
/// Installs the distribution's server package on Debian and its kin. Normally that package creates a cluster of its
/// own and starts it; while it is installed here, a settings file says not to.
/// </summary>
internal sealed class DebianFetch(SearchGround ground, bool isRoot, ILogger log)
{
    private string SettingsFolder => Path.Combine(ground.Root, "etc/postgresql-common/createcluster.d");

    private string NoCluster => Path.Combine(SettingsFolder, "creditbank.conf");

    /// <summary>Installs the newest major version that is offered, or the wanted one.</summary>
    public async Task<FetchOutcome> FetchAsync(int? wantedMajor, CancellationToken ct)
    {
        if (ground.Program("apt-get") is not { } aptGet || ground.Program("apt-cache") is not { } aptCache)
            return new FetchOutcome("this is no Debian (no apt-get)");
        if (!isRoot)
            return new FetchOutcome("apt-get needs root");

        var major = await OfferedAsync(aptCache, wantedMajor, ct);
        if (major is null)
        {
            // A fresh container has no package lists.
            await RunAsync("updating the package lists", aptGet, ["update"], ct);
            major = await OfferedAsync(aptCache, wantedMajor, ct);
        }
        if (major is null)
            return new FetchOutcome(
                $"apt-get offers no PostgreSQL {wantedMajor?.ToString(CultureInfo.InvariantCulture)
                ?? $"{PostgresBinaries.OldestMajor} or newer"}"
            );

        string[] install = ["install", "--yes", "--no-install-recommends", $"postgresql-{major}"];
        var answer = await WithoutClusterAsync(() => RunAsync($"installing postgresql-{major}", aptGet, install, ct));
        return answer.Succeeded
            ? FetchOutcome.Done
            : new FetchOutcome($"apt-get install postgresql-{major} failed: {answer.Error.Split('\n')[^1]}");
    }

    private async Task<int?> OfferedAsync(string aptCache, int? wantedMajor, CancellationToken ct)
    {
        const string Prefix = "postgresql-";
        var start = ground.PrepareWithEnvironment(aptCache, ["search", "--names-only", "^postgresql-[0-9]+$"], "/");
        var answer = await Command.RunAsync(start, ct);
        return answer
            .Output.Split('\n')
            .Select(line => line.Split(' ')[0])
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => int.TryParse(name[Prefix.Length..], CultureInfo.InvariantCulture, out var m) ? m : 0)
            .Where(major => wantedMajor is { } wanted ? major == wanted : major >= PostgresBinaries.OldestMajor)
            .OrderDescending()
            .Select(major => (int?)major)
            .FirstOrDefault();
    }

    private async Task<CommandResult> WithoutClusterAsync(Func<Task<CommandResult>> install)
    {
        var madeFolder = !Directory.Exists(SettingsFolder);
        Directory.CreateDirectory(SettingsFolder);
        await File.WriteAllTextAsync(NoCluster, "create_main_cluster = false\n", CancellationToken.None);
        try
        {
            return await install();
        }
        finally
        {
            File.Delete(NoCluster);
            if (madeFolder && !Directory.EnumerateFileSystemEntries(SettingsFolder).Any())
                Directory.Delete(SettingsFolder);
        }
    }

    private async Task<CommandResult> RunAsync(string what, string aptGet, string[] arguments, CancellationToken ct)
    {
        log.LogInformation("No PostgreSQL on this machine: {What}", what);
        // Another package manager may be at work, as at the first start of a cloud machine.
        string[] all = ["--quiet", "--option=DPkg::Lock::Timeout=120", .. arguments];
        var start = ground.PrepareWithEnvironment(aptGet, all, "/");
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        var work = Command.RunAsync(start, ct);
        await Patience.ShowAsync(
            work,
            seconds => log.LogInformation("Still {What}, {Seconds} s so far", what, seconds)
        );
        return await work;
    }
}

using Microsoft.Extensions.Logging;

namespace CreditBank.Postgres;

/// <summary>Finds PostgreSQL, fetches it where there is none, or says what a person can do.</summary>
internal sealed class BinarySource(SearchGround ground, bool isRoot, ILogger log)
{
    /// <param name="wantedMajor">The version that wrote the data; none for a new cluster.</param>
    /// <param name="mayFetch">Whether anything may be fetched or installed.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="PostgresUnavailableException">
    /// <c>postgres.binaries-missing</c> or <c>postgres.version-mismatch</c>, with the command for this system.
    /// </exception>
    public async Task<PostgresBinaries> GetAsync(int? wantedMajor, bool mayFetch, CancellationToken ct)
    {
        var search = new BinarySearch(ground);
        var found = await search.SearchAsync(ct);
        if (BinarySearch.Choose(found, wantedMajor) is { } there)
            return there;

        // Who names a folder wants that one, not another.
        if (ground.Variable(PostgresBinaries.FolderVariable) is { Length: > 0 })
            throw Missing(found, wantedMajor, []);

        List<string> obstacles = [];
        Func<Task<FetchOutcome>>[] ways = mayFetch
            ?
            [
                () => new NpmFetch(ground, log).FetchAsync(NpmPins.For(wantedMajor, ground.Platform), ct),
                () => new DebianFetch(ground, isRoot, log).FetchAsync(wantedMajor, ct),
            ]
            : [];
        foreach (var way in ways)
        {
            var outcome = await way();
            if (outcome.Obstacle is { } obstacle)
            {
                log.LogInformation("PostgreSQL could not be had this way: {Obstacle}", obstacle);
                obstacles.Add(obstacle);
                continue;
            }
            found = await search.SearchAsync(ct);
            if (BinarySearch.Choose(found, wantedMajor) is { } fetched)
                return fetched;
        }
        throw Missing(found, wantedMajor, obstacles);
    }

    private PostgresUnavailableException Missing(SearchResult found, int? wantedMajor, List<string> obstacles)
    {
        var file = Path.Combine(ground.Root, "etc/os-release");
        var osRelease = File.Exists(file) ? File.ReadAllText(file) : "";
        var command = InstallAdvice.Command(osRelease, OperatingSystem.IsMacOS(), isRoot, wantedMajor);
        var plain = BinarySearch.Missing(found, wantedMajor);
        var tried = obstacles.Count == 0 ? "" : $" Fetching it failed: {string.Join("; ", obstacles)}.";
        var wanted = wantedMajor is { } major
            ? $"PostgreSQL {major}"
            : $"PostgreSQL {PostgresBinaries.OldestMajor} or newer";
        var advice = command is null
            ? $" Install the server programs of {wanted} with your system's packages"
            : $" Install it with:\n\n    {command}\n\n";
        return new PostgresUnavailableException(
            plain.Code,
            $"{plain.Message}{tried}{advice}and start again. If it lies in an unusual place, name its bin folder in "
                + $"{PostgresBinaries.FolderVariable}."
        );
    }
}

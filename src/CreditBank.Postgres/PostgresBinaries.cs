namespace CreditBank.Postgres;

/// <summary>
/// A folder with the server programs of one PostgreSQL: <c>postgres</c>, <c>initdb</c> and <c>pg_ctl</c> at least.
/// </summary>
/// <param name="Folder">Absolute, symbolic links resolved.</param>
/// <param name="Version">Such as <c>15.14</c>; the part before the first dot decides who can read whose data.</param>
/// <param name="Major">Such as 15.</param>
public sealed record PostgresBinaries(string Folder, string Version, int Major)
{
    /// <summary>The oldest major version that the service accepts, inclusive.</summary>
    public const int OldestMajor = 15;

    /// <summary>Environment variable that names the folder to use and nothing else.</summary>
    public const string FolderVariable = "CREDITBANK_POSTGRES_BIN";

    /// <summary>The programs without which a folder does not count.</summary>
    internal static readonly string[] Needed = ["postgres", "initdb", "pg_ctl"];

    /// <summary>The full path of a program of this PostgreSQL, whether or not it is there.</summary>
    public string PathOf(string program) => Path.Combine(Folder, program);

    /// <summary>Whether a program is there that not every package brings, such as <c>pg_dump</c>.</summary>
    public bool Has(string program) => File.Exists(PathOf(program));

    /// <summary>
    /// Finds the programs on this machine without fetching any: the newest of the wanted major version, or the newest
    /// of all where none is wanted.
    /// </summary>
    /// <param name="wantedMajor">The major version that wrote the data; none for a new cluster.</param>
    /// <param name="ct">Ends the search.</param>
    /// <exception cref="PostgresUnavailableException">
    /// None is there (<c>postgres.binaries-missing</c>), or only other versions (<c>postgres.version-mismatch</c>).
    /// </exception>
    public static Task<PostgresBinaries> FindAsync(int? wantedMajor = null, CancellationToken ct = default) =>
        new BinarySearch(SearchGround.ThisMachine(PostgresFolders.DefaultCache())).FindAsync(wantedMajor, ct);

    /// <summary>Reads <c>postgres (PostgreSQL) 15.14 (Debian ...)</c>; none where the text is something else.</summary>
    internal static (string Version, int Major)? ParseVersion(string text)
    {
        const string Mark = "(PostgreSQL) ";
        var at = text.IndexOf(Mark, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var version = text[(at + Mark.Length)..].Split(' ', '\n')[0];
        // Test releases read 18beta1: the digits in front are the major version.
        var digits = new string(version.TakeWhile(char.IsAsciiDigit).ToArray());
        return int.TryParse(digits, out var major) ? (version, major) : null;
    }
}

namespace CreditBank.Postgres;

/// <summary>
/// No PostgreSQL can be had, and a person has to do something about it. The message is written for that person: it
/// says what stands in the way and what to do, and holds no secret. The code is stable and dotted.
/// </summary>
public sealed class PostgresUnavailableException : Exception
{
    /// <summary>Another process already runs on this data folder.</summary>
    public const string FolderInUse = "postgres.folder-in-use";

    /// <summary>The data folder cannot be reached, read or owned by the user that PostgreSQL runs as.</summary>
    public const string FolderUnusable = "postgres.folder-unusable";

    /// <summary>The folder holds something that is not a cluster of this service.</summary>
    public const string FolderForeign = "postgres.folder-foreign";

    /// <summary>No binaries of PostgreSQL 15 or newer, and none could be fetched.</summary>
    public const string BinariesMissing = "postgres.binaries-missing";

    /// <summary>The data was written by another major version than the binaries are.</summary>
    public const string VersionMismatch = "postgres.version-mismatch";

    /// <summary>PostgreSQL refuses root and no way was found to run it as another user.</summary>
    public const string NoUser = "postgres.no-user";

    /// <summary>A setting would give up durability.</summary>
    public const string SettingUnsafe = "postgres.setting-unsafe";

    /// <summary>The cluster could not be created.</summary>
    public const string InitFailed = "postgres.init-failed";

    /// <summary>The server did not become ready; the message carries the end of its log.</summary>
    public const string StartFailed = "postgres.start-failed";

    /// <summary>This operating system is not served.</summary>
    public const string PlatformUnsupported = "postgres.platform-unsupported";

    /// <summary>With a stable code and a message for a person.</summary>
    public PostgresUnavailableException(string code, string message, Exception? cause = null)
        : base(message, cause) => Code = code;

    /// <summary>One of the constants of this class.</summary>
    public string Code { get; }
}

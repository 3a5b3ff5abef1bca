using System.Globalization;
using System.Text;

namespace CreditBank.Postgres;

/// <summary>The settings of the cluster: modest, durable, loopback only, and no statements in its log.</summary>
internal static class ClusterSettings
{
    private const long Mebibyte = 1024 * 1024;

    /// <summary>Settings whose loss of durability the product never accepts, with the values it does accept.</summary>
    private static readonly string[] DurableSettings = ["fsync", "full_page_writes", "synchronous_commit"];

    private static readonly HashSet<string> WeakValues = new(StringComparer.OrdinalIgnoreCase)
    {
        "off",
        "of",
        "false",
        "fals",
        "fal",
        "fa",
        "f",
        "no",
        "n",
        "0",
    };

    /// <summary>The text of the settings file.</summary>
    /// <param name="options">What was asked for; its own settings come last and win.</param>
    /// <param name="socketFolder">The folder of the Unix socket; none for no socket.</param>
    /// <param name="port">The port at 127.0.0.1; none for no TCP.</param>
    /// <param name="memoryBytes">What this process may use of the machine's memory.</param>
    public static string Text(EmbeddedPostgresOptions options, string? socketFolder, int? port, long memoryBytes)
    {
        Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase)
        {
            ["listen_addresses"] = port is null ? "" : "127.0.0.1",
            ["port"] = (port ?? DataFolder.SocketPort).ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = socketFolder ?? "",
            ["unix_socket_permissions"] = "0700",
            ["cluster_name"] = "creditbank",
            ["max_connections"] = "200",
            // 16 books are partitions of every table, and one statement may touch them all.
            ["max_locks_per_transaction"] = "256",
            ["shared_buffers"] = Megabytes(Math.Clamp(memoryBytes / 8, 32 * Mebibyte, 512 * Mebibyte)),
            ["effective_cache_size"] = Megabytes(Math.Max(memoryBytes / 2, 256 * Mebibyte)),
            ["maintenance_work_mem"] = Megabytes(Math.Clamp(memoryBytes / 32, 32 * Mebibyte, 256 * Mebibyte)),
            ["max_wal_size"] = "2GB",
            ["wal_compression"] = "on",
            ["fsync"] = "on",
            ["full_page_writes"] = "on",
            ["synchronous_commit"] = "on",
            // Compiling a plan costs more than running the short statements of a ledger.
            ["jit"] = "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["password_encryption"] = "scram-sha-256",
            // A file a weekday, overwritten after a week. Neither statements nor the values of a broken constraint are
            // written: they could be about a person.
            ["logging_collector"] = "on",
            ["log_directory"] = "../log",
            ["log_filename"] = "postgres-%a.log",
            ["log_rotation_age"] = "1d",
            ["log_truncate_on_rotation"] = "on",
            ["log_error_verbosity"] = "terse",
            ["log_min_error_statement"] = "panic",
            ["log_checkpoints"] = "off",
        };
        if (options.IsThrowaway)
        {
            foreach (var name in DurableSettings)
                settings[name] = "off";
            settings["logging_collector"] = "off";
        }
        foreach (var (name, value) in options.Settings)
            settings[name] = value;
        var text = new StringBuilder("# Written by the service at each start; ALTER SYSTEM wins over this file.\n");
        foreach (var (name, value) in settings.OrderBy(s => s.Key, StringComparer.Ordinal))
            text.Append(
                CultureInfo.InvariantCulture,
                $"{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'\n"
            );
        return text.ToString();
    }

    /// <summary>Refuses settings that would give up durability, unless nobody will miss the data.</summary>
    /// <exception cref="PostgresUnavailableException"><c>postgres.setting-unsafe</c>.</exception>
    public static void Check(EmbeddedPostgresOptions options)
    {
        if (options.IsThrowaway)
            return;
        foreach (var (name, value) in options.Settings.Where(setting => IsWeak(setting.Key, setting.Value)))
            throw new PostgresUnavailableException(
                PostgresUnavailableException.SettingUnsafe,
                $"The setting {name} = {value} would lose what was confirmed when the machine stops; "
                    + "a ledger does not run with it. Remove the setting."
            );
    }

    private static bool IsWeak(string name, string value) =>
        DurableSettings.Contains(name, StringComparer.OrdinalIgnoreCase) && WeakValues.Contains(value.Trim());

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte}MB");
}

using System.Globalization;

namespace CreditBank.Postgres;

/// <summary>Names the command by which a person gets PostgreSQL on their system.</summary>
internal static class InstallAdvice
{
    /// <summary>The version that most releases in use of the other distributions offer.</summary>
    private const int OnMostReleases = 16;

    /// <summary>The exact command; none where the system is not known.</summary>
    /// <param name="osRelease">The text of <c>/etc/os-release</c>; empty where there is none.</param>
    /// <param name="isMac">Whether this is macOS.</param>
    /// <param name="isRoot">Whether <c>sudo</c> can be left out.</param>
    /// <param name="wantedMajor">The version that the data needs; none for a new cluster.</param>
    public static string? Command(string osRelease, bool isMac, bool isRoot, int? wantedMajor)
    {
        if (isMac)
            return $"brew install postgresql@{wantedMajor ?? NpmPins.NewClusterMajor}";

        var fields = Fields(osRelease);
        var names = $"{fields.GetValueOrDefault("ID")} {fields.GetValueOrDefault("ID_LIKE")}".Split(' ');
        var release = fields.GetValueOrDefault("VERSION_ID", "").Split('.')[0];
        _ = int.TryParse(release, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        var sudo = isRoot ? "" : "sudo ";
        if (names.Contains("debian") || names.Contains("ubuntu"))
            return OnDebian(names.Contains("ubuntu"), number, sudo, wantedMajor);
        if (names.Contains("fedora") || names.Contains("rhel") || names.Contains("centos"))
            return OnRedHat(names[0], number, sudo, wantedMajor);
        if (names.Contains("alpine"))
            return $"{sudo}apk add postgresql{wantedMajor ?? OnMostReleases}";
        if (names.Contains("suse") || names.Contains("opensuse"))
            return $"{sudo}zypper install postgresql{wantedMajor ?? OnMostReleases}-server";
        return names.Contains("arch") ? $"{sudo}pacman -S postgresql" : null;
    }

    /// <summary>Where the distribution has no version new enough, npm brings one at the next start.</summary>
    private static string OnDebian(bool isUbuntu, int release, string sudo, int? wantedMajor)
    {
        var offered = (isUbuntu, release) switch
        {
            (false, 12) => 15,
            (false, 13) => 17,
            (true, 24) => 16,
            (true, 25) => 17,
            (true, 26) => 18,
            _ => 0,
        };
        return offered != 0 && (wantedMajor ?? offered) == offered
            ? $"{sudo}apt-get install postgresql-{offered}"
            : $"{sudo}apt-get install npm";
    }

    /// <summary>Red Hat 8 and 9 keep newer versions in modules; later ones and Fedora have one package.</summary>
    private static string OnRedHat(string name, int release, string sudo, int? wantedMajor) =>
        (name, release) switch
        {
            ("amzn", _) => $"{sudo}dnf install postgresql{wantedMajor ?? OnMostReleases}-server",
            (not "fedora", 8 or 9) => $"{sudo}dnf module install postgresql:{wantedMajor ?? OnMostReleases}/server",
            _ => $"{sudo}dnf install postgresql-server",
        };

    private static Dictionary<string, string> Fields(string osRelease) =>
        osRelease
            .Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(parts => parts.Length == 2)
            .DistinctBy(parts => parts[0])
            .ToDictionary(parts => parts[0], parts => parts[1].Trim('"', ' '), StringComparer.Ordinal);
}

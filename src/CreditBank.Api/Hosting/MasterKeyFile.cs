using CreditBank.Api.Infrastructure.Vault;

namespace CreditBank.Api.Hosting;

/// <summary>The master key of the embedded trial.</summary>
internal static class MasterKeyFile
{
    /// <summary>Its name in the data folder.</summary>
    public const string FileName = "master.key";

    public static VaultKeys ReadOrCreate(string folder) => new(KeyFile.ReadOrCreate(PathIn(folder)));

    public static VaultKeys Read(string folder) =>
        File.Exists(PathIn(folder))
            ? new VaultKeys(KeyFile.Read(PathIn(folder)))
            : throw new StartRefusedException($"There is no trial in {folder}: start the service there once.");

    /// <summary>The file.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>The file of the key that takes its place; there only during a rotation.</summary>
    public static string NextPathIn(string folder) => PathIn(folder) + ".next";
}

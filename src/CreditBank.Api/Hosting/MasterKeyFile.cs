using CreditBank.Api.Infrastructure.Vault;

namespace CreditBank.Api.Hosting;

/// <summary>The master key of the embedded trial.</summary>
internal static class MasterKeyFile
{
    /// <summary>Its name in the data folder.</summary>
    public const string FileName = "master.key";

    public static VaultKeys ReadOrCreate(string folder) => new(KeyFile.ReadOrCreate(Path.Combine(folder, FileName)));

    public static VaultKeys Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path)
            ? new VaultKeys(KeyFile.Read(path))
            : throw new StartRefusedException($"There is no trial in {folder}: start the service there once.");
    }
}

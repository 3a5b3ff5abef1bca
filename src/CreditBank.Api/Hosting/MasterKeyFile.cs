using System.Security.Cryptography;
using CreditBank.Api.Infrastructure.Vault;

namespace CreditBank.Api.Hosting;

/// <summary>The master key of the embedded trial: made once, kept beside the data, readable by its owner only.</summary>
internal static class MasterKeyFile
{
    private const string FileName = "master.key";

    public static VaultKeys ReadOrCreate(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            Create(path);
        }

        return Read(folder);
    }

    public static VaultKeys Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new StartRefusedException($"There is no trial in {folder}: start the service there once.");
        }

        var bytes = new byte[VaultKeys.MasterKeyBytes];
        return
            Convert.TryFromBase64String(File.ReadAllText(path).Trim(), bytes, out var written)
            && written == bytes.Length
            ? new VaultKeys(bytes)
            : throw new StartRefusedException($"{path} does not hold a master key. Restore it from your backup.");
    }

    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Under another name first, so that a crash never leaves half a key behind.
        var unfinished = path + ".unfinished";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished, options))
        {
            using var writer = new StreamWriter(file);
            writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(VaultKeys.MasterKeyBytes)));
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path);
    }
}

using System.Security.Cryptography;

namespace CreditBank.Api.Hosting;

/// <summary>
/// A key of the embedded trial: made once, kept beside the data, readable by its owner only (mode 0600).
/// </summary>
internal static class KeyFile
{
    /// <summary>How many bytes every key has.</summary>
    public const int KeyBytes = 32;

    /// <summary>The key of a file; made when there is none yet.</summary>
    public static byte[] ReadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            Create(path);
        }

        return Read(path);
    }

    /// <summary>The key of a file.</summary>
    /// <exception cref="StartRefusedException">The file holds no key.</exception>
    public static byte[] Read(string path) =>
        TryDecode(File.ReadAllText(path).Trim()) is { } key
            ? key
            : throw new StartRefusedException($"{path} does not hold a key. Restore it from your backup.");

    /// <summary>Reads 32 bytes of base64; none when it is something else.</summary>
    public static byte[]? TryDecode(string text)
    {
        var bytes = new byte[KeyBytes];
        return Convert.TryFromBase64String(text, bytes, out var written) && written == bytes.Length ? bytes : null;
    }

    private static void Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Under another name first, so that a crash never leaves half a key behind.
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".unfinished";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished, options))
        {
            using var writer = new StreamWriter(file);
            writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)));
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path);
    }
}

using System.Security.Cryptography;
using CreditBank.Postgres;

namespace CreditBank.Api.Hosting.Backup;

/// <summary>
/// The list of a backup's files with their SHA-256, in the form that <c>sha256sum --check</c> reads. It is written
/// last: a backup without it is none.
/// </summary>
internal static class BackupSums
{
    /// <summary>The list's name in the backup.</summary>
    public const string FileName = "SHA256SUMS";

    private const string Between = "  ";

    /// <summary>Writes the list of everything in a folder.</summary>
    /// <returns>How many files there are.</returns>
    public static int Write(string folder)
    {
        var lines = FilesOf(folder).Select(path => SumOf(Path.Combine(folder, path)) + Between + path + "\n").ToList();
        DurableCopy.Write(Path.Combine(folder, FileName), System.Text.Encoding.UTF8.GetBytes(string.Concat(lines)));
        return lines.Count;
    }

    /// <summary>Compares a folder with its list.</summary>
    /// <exception cref="StartRefusedException">A file is missing, altered or new, or there is no list.</exception>
    public static void Check(string folder)
    {
        var list = Path.Combine(folder, FileName);
        if (!File.Exists(list))
        {
            throw new StartRefusedException($"{folder} is no complete backup: {FileName} is missing.");
        }

        var sums = File.ReadLines(list)
            .Select(line => line.Split(Between, 2))
            .ToDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal);
        var found = FilesOf(folder).ToHashSet(StringComparer.Ordinal);
        var wrong = sums
            .Keys.Except(found)
            .Concat(found.Except(sums.Keys))
            .Concat(
                found.Where(path => sums.TryGetValue(path, out var sum) && sum != SumOf(Path.Combine(folder, path)))
            )
            .FirstOrDefault();
        if (wrong is not null)
        {
            throw new StartRefusedException(
                $"{folder} is not the backup that was written: {wrong} is missing or altered."
            );
        }
    }

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(path => path != FileName)
            .Order(StringComparer.Ordinal);

    private static string SumOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}

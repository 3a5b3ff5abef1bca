using System.Security.Cryptography;
using System.Text.Json;
using CreditBank.Ledger;
using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>An export on disk: <see cref="ExportLayout"/>. Reads and judges nothing.</summary>
internal sealed class ExportFolder
{
    private ExportFolder(string path, ExportManifest manifest) => (Path, Manifest) = (path, manifest);

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>What it says it holds.</summary>
    public ExportManifest Manifest { get; }

    /// <summary>
    /// The books, in the manifest's order: the registry before the others, because decisions cite it.
    /// </summary>
    public IReadOnlyList<ExportedLog> Books =>
        [.. Manifest.Logs.Where(log => log.Log != ExportLayout.TopLog).OrderBy(log => log.Log != "registry")];

    /// <summary>Opens an export.</summary>
    /// <exception cref="UnusableExportException">It is none.</exception>
    public static ExportFolder Open(string path)
    {
        var manifest = System.IO.Path.Combine(path, ExportLayout.ManifestFile);
        if (!File.Exists(manifest))
        {
            throw new UnusableExportException($"{path} is no export: {ExportLayout.ManifestFile} is missing.");
        }

        try
        {
            var read = JsonSerializer.Deserialize<ExportManifest>(File.ReadAllBytes(manifest), LedgerJson.Options);
            return read is { Format: ExportLayout.Format, Bank: not null, Logs: not null }
                ? new ExportFolder(path, read)
                : throw new UnusableExportException($"{manifest} has a format that this program does not know.");
        }
        catch (JsonException malformed)
        {
            throw new UnusableExportException($"{manifest} cannot be read: {malformed.Message}");
        }
    }

    /// <summary>The path of a file of a log.</summary>
    public string PathOf(string log, string file) => System.IO.Path.Combine(Path, log, file);

    /// <summary>A file of a log; none when it is not there.</summary>
    public byte[]? Read(string log, string file)
    {
        var path = PathOf(log, file);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>A document by its hash; none when it is not there.</summary>
    /// <param name="sha256">Lower-case hexadecimal.</param>
    /// <param name="isRight">Whether the bytes have that hash.</param>
    public byte[]? Document(string sha256, out bool isRight)
    {
        var path = System.IO.Path.Combine(Path, ExportLayout.DocumentsFolder, $"{sha256}.json");
        var bytes = IsHash(sha256) && File.Exists(path) ? File.ReadAllBytes(path) : null;
        isRight = bytes is not null && Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256;
        return bytes;
    }

    /// <summary>The JSON strings of a file, one a line.</summary>
    /// <exception cref="UnusableExportException">A line is none.</exception>
    public IEnumerable<string> Strings(string log, string file)
    {
        var path = PathOf(log, file);
        if (!File.Exists(path))
        {
            yield break;
        }

        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            string? text;
            try
            {
                text = JsonSerializer.Deserialize<string>(line);
            }
            catch (JsonException)
            {
                text = null;
            }

            yield return text ?? throw new UnusableExportException($"{path}: line {number} is no JSON string.");
        }
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>What was given cannot be checked at all, for a reason its owner can mend.</summary>
internal sealed class UnusableExportException(string message) : Exception(message);

using System.Security.Cryptography;
using CreditBank.Ledger.Audit;

namespace CreditBank.Api.AuditLog;

/// <summary>Where the export of one log goes.</summary>
internal sealed class ExportTarget(string folder, string log)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>The log.</summary>
    public string Log => log;

    /// <summary>SHA-256 in lower-case hexadecimal.</summary>
    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Writes a file of the log.</summary>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(folder, log, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Begins a file of the log.</summary>
    public FileStream Create(string name)
    {
        Directory.CreateDirectory(Path.Combine(folder, log));
        return new FileStream(
            Path.Combine(folder, log, name),
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                BufferSize = BufferBytes,
            }
        );
    }

    /// <summary>
    /// Writes a document under the hash that an event gives it; nothing when storage does not have it.
    /// </summary>
    public void WriteDocument(string sha256, byte[]? bytes)
    {
        // The hash comes from the database: it must not lead out of the folder.
        if (bytes is not null && sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower))
        {
            var documents = Path.Combine(folder, ExportLayout.DocumentsFolder);
            Directory.CreateDirectory(documents);
            File.WriteAllBytes(Path.Combine(documents, $"{sha256}.json"), bytes);
        }
    }
}

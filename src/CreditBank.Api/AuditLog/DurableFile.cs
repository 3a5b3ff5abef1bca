namespace CreditBank.Api.AuditLog;

/// <summary>Writes files that are there whole or not at all, whatever happens to the machine meanwhile.</summary>
internal static class DurableFile
{
    /// <summary>Writes a file beside, flushes it to disk, and puts it in place.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".unfinished";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
    }
}

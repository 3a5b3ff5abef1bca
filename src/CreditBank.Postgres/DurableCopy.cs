namespace CreditBank.Postgres;

/// <summary>Copies files so that they are on disk when the call returns, for their owner's eyes only.</summary>
public static class DurableCopy
{
    /// <summary>Makes a folder of mode 0700 where it is missing.</summary>
    public static void MakeFolder(string path)
    {
        Directory.CreateDirectory(path);
        UnixFolders.SetMode(path, UnixFolders.OwnerFolder);
    }

    /// <summary>Copies a file to a new one of mode 0600.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static void Copy(string source, string target)
    {
        using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var to = NewFile(target);
        from.CopyTo(to);
        to.Flush(flushToDisk: true);
    }

    /// <summary>The same; a file that is not there, or not any more, is left out.</summary>
    public static void CopyIfThere(string source, string target)
    {
        try
        {
            Copy(source, target);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // Removed since the folder was listed. Nothing was made in the target: the source is opened first.
        }
    }

    /// <summary>Writes a new file of mode 0600.</summary>
    public static void Write(string target, ReadOnlySpan<byte> bytes)
    {
        using var file = NewFile(target);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    private static FileStream NewFile(string target)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFolders.OwnerFile;
        return new FileStream(target, options);
    }
}

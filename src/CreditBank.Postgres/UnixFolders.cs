namespace CreditBank.Postgres;

/// <summary>Folders and rights that do not depend on the umask this process happened to get.</summary>
internal static class UnixFolders
{
    /// <summary>0600.</summary>
    public const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0644.</summary>
    public const UnixFileMode OpenFile = OwnerFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0700.</summary>
    public const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>0711: others may pass through to what they know of, and see nothing.</summary>
    public const UnixFileMode PassableFolder = OwnerFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>0755, for a folder or a program.</summary>
    public const UnixFileMode Open = PassableFolder | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Makes a folder and those above it that are missing, readable for everybody.</summary>
    public static void CreateOpen(string folder)
    {
        if (Directory.Exists(folder))
            return;
        if (Path.GetDirectoryName(folder) is { } parent)
            CreateOpen(parent);
        Directory.CreateDirectory(folder);
        SetMode(folder, Open);
    }

    /// <summary>Changes the rights.</summary>
    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}

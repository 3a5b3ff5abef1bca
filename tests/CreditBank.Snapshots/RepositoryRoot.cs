namespace CreditBank.Snapshots;

/// <summary>Finds the repository that the running tests were built from.</summary>
public static class RepositoryRoot
{
    private const string Marker = "CreditBank.sln";

    /// <summary>The absolute path of the folder that holds CreditBank.sln, without a separator at the end.</summary>
    /// <exception cref="DirectoryNotFoundException">No folder above the running program holds it.</exception>
    public static string Path { get; } = Find();

    /// <summary>
    /// The path of a source file on this machine. A deterministic build writes <c>/_/</c> for the repository's root
    /// into the program; any other path is given back as it is.
    /// </summary>
    public static string OnThisMachine(string compiledPath) =>
        compiledPath.StartsWith("/_/", StringComparison.Ordinal)
            ? System.IO.Path.Combine(Path, compiledPath[3..])
            : compiledPath;

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, Marker)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds {Marker}.");
    }
}

using System.Diagnostics;

namespace CreditBank.Tidy.Reading;

/// <summary>The files that are, or on the next commit could be, part of the repository. Read once.</summary>
internal static class Repository
{
    private static readonly string[] FoldersBuilt = ["bin", "obj", "artifacts", "TestResults", ".git", ".vs", ".idea"];

    private static readonly Lazy<IReadOnlyList<RepositoryFile>> AllFiles = new(() =>
        (ListedByGit(RepositoryRoot.Path) ?? ListedByWalk(RepositoryRoot.Path))
            .Select(path => RepositoryFile.Read(RepositoryRoot.Path, path))
            .ToList()
    );

    public static IReadOnlyList<RepositoryFile> Files => AllFiles.Value;

    /// <summary>What git tracks and what it would add; none where git is missing or refuses to look.</summary>
    public static IReadOnlyList<string>? ListedByGit(string root)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = System.Text.Encoding.UTF8,
            ArgumentList = { "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate" },
        };
        try
        {
            using var git = Process.Start(start)!;
            var errors = git.StandardError.ReadToEndAsync();
            var paths = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            _ = errors.Result;
            return git.ExitCode == 0 ? [.. paths.Where(path => File.Exists(Path.Combine(root, path))).Order()] : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no git: a source archive is read by walking the folders.
            return null;
        }
    }

    /// <summary>Every file outside the folders that builds and editors fill.</summary>
    public static IReadOnlyList<string> ListedByWalk(string root) =>
        [
            .. Walk(new DirectoryInfo(root))
                .Select(file => Path.GetRelativePath(root, file.FullName).Replace('\\', '/'))
                .Where(path => path != ".git" && !path.Contains(".received."))
                .Order(),
        ];

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder) =>
        folder
            .EnumerateFiles()
            .Concat(folder.EnumerateDirectories().Where(inner => !FoldersBuilt.Contains(inner.Name)).SelectMany(Walk));
}

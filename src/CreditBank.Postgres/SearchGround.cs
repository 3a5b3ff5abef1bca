using System.Diagnostics;

namespace CreditBank.Postgres;

/// <summary>
/// The machine as the search sees it: variables, the tree of folders, the platform. A test brings a small one of its
/// own, with real programs in it.
/// </summary>
/// <param name="Variable">The value of an environment variable; none where it is not set.</param>
/// <param name="Root">The folder that stands for <c>/</c>.</param>
/// <param name="CacheFolder">Where fetched programs are kept.</param>
/// <param name="Platform">As npm names it, such as <c>linux-x64</c>; none where nothing is published for it.</param>
internal sealed record SearchGround(Func<string, string?> Variable, string Root, string CacheFolder, string? Platform)
{
    public static SearchGround ThisMachine(string cacheFolder) =>
        new(Environment.GetEnvironmentVariable, "/", Path.GetFullPath(cacheFolder), NpmPins.ThisPlatform());

    /// <summary>The same machine with the folder of the programs named; none changes nothing.</summary>
    public SearchGround Naming(string? binariesFolder) =>
        binariesFolder is null
            ? this
            : this with
            {
                Variable = name => name == PostgresBinaries.FolderVariable ? binariesFolder : Variable(name),
            };

    /// <summary>The absolute folders of PATH, in order.</summary>
    public IEnumerable<string> PathFolders =>
        (Variable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted);

    /// <summary>The full path of a program on PATH; none where it is not there.</summary>
    public string? Program(string name) =>
        PathFolders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>A command with the person's own environment, for tools that have settings in it.</summary>
    public ProcessStartInfo PrepareWithEnvironment(string file, IEnumerable<string> arguments, string workingFolder)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = workingFolder };
        start.Environment["PATH"] = Variable("PATH");
        return start;
    }
}

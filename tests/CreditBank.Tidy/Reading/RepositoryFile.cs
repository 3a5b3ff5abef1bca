using System.Text;

namespace CreditBank.Tidy.Reading;

/// <summary>One file of the repository, or a sample that plays one. Paths start at the root and have slashes.</summary>
internal sealed class RepositoryFile
{
    private const string Generated = "src/CreditBank.Api/Internal/Generated/";
    private readonly Lazy<SourceText> source;

    private RepositoryFile(string path, byte[] bytes)
    {
        Path = path;
        IsBinary = bytes.AsSpan().Contains((byte)0);
        HasByteOrderMark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble);
        Text = IsBinary ? "" : Encoding.UTF8.GetString(bytes.AsSpan(HasByteOrderMark ? 3 : 0));
        Lines = Text.Split('\n');
        source = new(() => new SourceText(Text));
    }

    public string Path { get; }

    public string Text { get; }

    /// <summary>The text cut at line feeds; behind a final line feed stands one more, empty line.</summary>
    public IReadOnlyList<string> Lines { get; }

    public bool IsBinary { get; }

    public bool HasByteOrderMark { get; }

    /// <summary>C# that people wrote. What Wolverine generates is compared by the build, not read by people.</summary>
    public bool IsSource => Path.EndsWith(".cs", StringComparison.Ordinal) && !IsGenerated;

    public bool IsGenerated => Path.StartsWith(Generated, StringComparison.Ordinal);

    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);

    public string Name => System.IO.Path.GetFileName(Path);

    public string NameWithoutExtension => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The folder with a slash at its end; empty for the root.</summary>
    public string Folder => Path[..(Path.LastIndexOf('/') + 1)];

    /// <summary>The file as C#, split into code, comments and literals.</summary>
    public SourceText Source => source.Value;

    public static RepositoryFile Read(string root, string path) =>
        new(path, File.ReadAllBytes(System.IO.Path.Combine(root, path)));

    public static RepositoryFile Sample(string path, string text) => new(path, Encoding.UTF8.GetBytes(text));

    public static RepositoryFile Sample(string path, byte[] bytes) => new(path, bytes);

    public bool IsIn(string folder) => Path.StartsWith(folder, StringComparison.Ordinal);

    /// <summary>The line, counted from one, that holds the character at this place.</summary>
    public int LineAt(int index) => Text.AsSpan(0, index).Count('\n') + 1;
}

namespace CreditBank.Tidy.Reading;

public class RepositoryTests
{
    [Fact]
    public void the_repository_is_read()
    {
        var paths = Repository.Files.Select(file => file.Path).ToHashSet();
        Assert.Contains("CreditBank.sln", paths);
        Assert.Contains("src/CreditBank.Kernel/Credits.cs", paths);
        Assert.DoesNotContain(paths, path => path.Contains("/bin/") || path.Contains("/obj/"));
    }

    [Fact]
    public void walking_the_folders_finds_what_git_lists()
    {
        var walked = Repository.ListedByWalk(RepositoryRoot.Path);
        Assert.Empty((Repository.ListedByGit(RepositoryRoot.Path) ?? []).Except(walked));
    }

    [Fact]
    public void where_git_knows_nothing_the_folders_are_walked()
    {
        var folder = Directory.CreateTempSubdirectory("tidy-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "a.md"), "");
            folder.CreateSubdirectory("obj");
            File.WriteAllText(Path.Combine(folder.FullName, "obj", "b.cs"), "");
            Assert.Null(Repository.ListedByGit(folder.FullName));
            Assert.Equal(["a.md"], Repository.ListedByWalk(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void a_file_knows_its_shape()
    {
        var marked = RepositoryFile.Sample("a/b.cs", [0xEF, 0xBB, 0xBF, (byte)'x', (byte)'\n']);
        Assert.True(marked.HasByteOrderMark);
        Assert.Equal("x\n", marked.Text);
        Assert.Equal("a/", marked.Folder);
        Assert.True(RepositoryFile.Sample("a.png", [1, 0, 2]).IsBinary);
        Assert.False(RepositoryFile.Sample("src/CreditBank.Api/Internal/Generated/X.cs", "").IsSource);
        Assert.Equal(2, RepositoryFile.Sample("a.md", "a\nb\n").LineAt(2));
    }
}

using System.Text;

namespace CreditBank.Rules.Tests;

/// <summary>Bad files: refused with their position, in bounded memory, without an exception.</summary>
public sealed class BadDocumentTests
{
    [Fact]
    public void The_small_rule_set_itself_is_good() => Assert.Empty(SmallRuleSet.With("").Problems);

    [Theory]
    [InlineData("clauses: *bomb", "yaml.alias", 10)]
    [InlineData("clauses: &bomb []", "yaml.alias", 10)]
    [InlineData("clauses: !!set {}", "yaml.tag", 10)]
    [InlineData("family: again", "yaml.duplicate-key", 1)]
    [InlineData("clauses: [", "yaml.syntax", 0)]
    [InlineData("<<: {a: b}", "yaml.key", 1)]
    [InlineData("{a: b}: c", "yaml.key", 0)]
    [InlineData("---\nfamily: two", "yaml.documents", 0)]
    public void What_can_mean_something_else_is_refused(string text, string code, int column)
    {
        var problem = Assert.Single(SmallRuleSet.With(text).Problems, problem => problem.Code == code);

        Assert.Equal("small.yaml", problem.File);
        Assert.True(problem.Line >= SmallRuleSet.NextLine, problem.ToString());
        if (column > 0)
            Assert.Equal(column, problem.Column);
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused_at_its_first_anchor()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var problem = Assert.Single(RuleSetFolder.Parse("bomb.yaml", bomb.ToString()).Problems);

        Assert.Equal(("yaml.alias", 1, 5), (problem.Code, problem.Line, problem.Column));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2_000_000);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var deep = "a: " + new string('[', 5_000) + new string(']', 5_000);

        Assert.Equal("yaml.depth", Assert.Single(RuleSetFolder.Parse("deep.yaml", deep).Problems).Code);
    }

    [Fact]
    public void A_hundred_megabytes_are_refused_before_they_are_read()
    {
        using var folder = new TemporaryFolder();
        using (var large = File.Create(Path.Combine(folder.Path, "rule-set.yaml")))
            large.SetLength(100L * 1024 * 1024);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var problem = Assert.Single(RuleSetFolder.Load(folder.Path).Problems);

        Assert.Equal("file.size", problem.Code);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Wrong_encodings_are_refused_with_their_position()
    {
        using var folder = new TemporaryFolder();
        // 学分 in GB 18030, of which the first two bytes happen to be UTF-8 as well.
        folder.Write("a.yaml", [.. "family: "u8, 0xD1, 0xA7, 0xB7, 0xD6]);
        folder.Write("b.yaml", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("x: y")).ToArray());
        folder.Write("c.yaml", [.. "x: y\nz: "u8, 0]);

        var problems = RuleSetFolder.Load(folder.Path).Problems;

        Assert.Equal(
            ["a.yaml(1,11): file.encoding", "b.yaml(1,1): file.encoding", "c.yaml(2,4): file.encoding"],
            problems.Select(problem => $"{problem.File}({problem.Line},{problem.Column}): {problem.Code}")
        );
    }

    [Fact]
    public void A_byte_order_mark_is_no_problem()
    {
        using var folder = new TemporaryFolder();
        folder.Write("rule-set.yaml", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(SmallRuleSet.Yaml)]);

        Assert.Empty(RuleSetFolder.Load(folder.Path).Problems);
    }

    [Fact]
    public void No_folder_and_an_empty_folder_are_said()
    {
        using var folder = new TemporaryFolder();

        Assert.Equal("folder.empty", Assert.Single(RuleSetFolder.Load(folder.Path).Problems).Code);
        var missing = Path.Combine(folder.Path, "missing");
        Assert.Equal("folder.missing", Assert.Single(RuleSetFolder.Load(missing).Problems).Code);
    }

    [Theory]
    [InlineData("", "json.syntax")]
    [InlineData("[]", "field.kind")]
    [InlineData("{\"a\":1}", "json.scalar")]
    [InlineData("{\"b\":\"x\",\"a\":\"y\"}", "json.order")]
    [InlineData("{\"a\":\"x\",\"a\":\"y\"}", "json.order")]
    [InlineData("{\"a\":\"x\"", "json.syntax")]
    [InlineData("{\"a\":\"x\"} trailing", "json.syntax")]
    [InlineData("{}", "field.missing")]
    public void Canonical_text_that_is_not_canonical_is_refused(string text, string code) =>
        Assert.Contains(RuleSet.FromCanonicalJson(text).Problems, problem => problem.Code == code);

    [Fact]
    public void Broken_texts_never_throw()
    {
        var random = new Random(20240901);
        var original = File.ReadAllText(Path.Combine(Specs.Folder("sqf", "2016.1"), "clauses.yaml"));
        for (var round = 0; round < 400; round++)
        {
            var text = new StringBuilder(original);
            for (var hits = random.Next(1, 6); hits > 0; hits--)
            {
                var at = random.Next(text.Length);
                if (random.Next(2) == 0)
                    text[at] = "{}[]:,-#&*!|>'\"%@`\t\n \0学"[random.Next(22)];
                else
                    text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at));
            }

            Assert.NotNull(RuleSetFolder.Parse("clauses.yaml", text.ToString()));
        }
    }
}

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rules-").FullName;

    public void Write(string name, byte[] bytes)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
    }

    public void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

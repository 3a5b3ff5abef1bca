namespace CreditBank.Tidy.Reading;

public class SourceTextTests
{
    /// <summary>C code, K comment, L literal; blanks do not count and stand for themselves.</summary>
    [Theory]
    [InlineData("a // b", "C KK K")]
    [InlineData("a /* b */ c", "C KK K KK C")]
    [InlineData("a \"b\" c", "C LLL C")]
    [InlineData("a \"\\\"\" c", "C LLLL C")]
    [InlineData("a \"//\" c", "C LLLL C")]
    [InlineData("a @\"\\\" c", "C LLLL C")]
    [InlineData("a @\"\"\"\" c", "C LLLLL C")]
    [InlineData("a $\"b{c}d\" e", "C LLLLCLLL C")]
    [InlineData("a $\"{{b}}\" e", "C LLLLLLLL C")]
    [InlineData("a $\"{f(\"x\")}\" e", "C LLLCCLLLCLL C")]
    [InlineData("a $\"{new{B=1}}\" e", "C LLLCCCCCCCCLL C")]
    [InlineData("a $@\"\\{b}\" e", "C LLLLLCLL C")]
    [InlineData("a \"\"\"b\"c\"\"\" d", "C LLLLLLLLL C")]
    [InlineData("a $$\"\"\"{b}{{c}}\"\"\" d", "C LLLLLLLLLLCLLLLL C")]
    [InlineData("'\\'' a '\"' b", "LLLL C LLL C")]
    [InlineData("#error it's // so", "CCCCCC CCCC KK KK")]
    [InlineData("a # 'b'", "C C LLL")]
    [InlineData("a \"open", "C LLLLL")]
    [InlineData("a /* open", "C KK KKKK")]
    public void code_comments_and_literals_are_told_apart(string text, string expected)
    {
        var source = new SourceText(text);
        var found = text.Select(
            (_, i) =>
                source.Code[i] != ' ' ? 'C'
                : source.Comments[i] != ' ' ? 'K'
                : source.Literals[i] != ' ' ? 'L'
                : ' '
        );
        Assert.Equal(expected, string.Concat(found));
    }

    [Fact]
    public void every_view_keeps_the_lines()
    {
        var source = new SourceText("a\n/* b\n */ \"\"\"\n c\n\"\"\"\n");
        Assert.All([source.Code, source.Comments, source.Literals], view => Assert.Equal(6, view.Split('\n').Length));
    }
}

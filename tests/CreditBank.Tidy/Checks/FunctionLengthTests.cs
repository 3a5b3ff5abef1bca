namespace CreditBank.Tidy.Checks;

public class FunctionLengthTests
{
    [Fact]
    public void functions_fit_on_a_screen() => TheRepository.Keeps(FunctionLength.Find);

    [Theory]
    [InlineData("void A()\n{", "x();", "}", 57, "")]
    [InlineData("void A()\n{", "x();", "}", 58, "function-length:3")]
    [InlineData("[Fact]\npublic async Task A(int b = 3)\n{", "if (b) { x(); }", "}", 60, "function-length:3")]
    [InlineData("T A<T>(T b) where T : class\n{", "foreach (var record in b) { x(); }", "}", 60, "function-length:3")]
    [InlineData("int A(int b) =>\nb switch\n{", "1 => 2,", "};", 60, "function-length:3")]
    [InlineData("IEnumerable<int> A() =>\nb", ".Where(c => c)", ";", 60, "function-length:3")]
    [InlineData("A(int b)\n: base(b)\n{", "x();", "}", 60, "function-length:3")]
    [InlineData("static readonly int[] A =\n[", "F(1),", "];", 60, "")]
    [InlineData("static readonly Map A = new()\n{", "[F(1)] = 2,", "};", 60, "")]
    [InlineData("int A { get; } = B(", "1 +", "1);", 60, "")]
    [InlineData("record A(int B)\n{", "int C() => 1;", "}", 60, "")]
    [InlineData("enum A\n{", "B,", "}", 60, "")]
    public void a_long_function_is_found(string head, string line, string tail, int lines, string expected)
    {
        var body = string.Concat(Enumerable.Repeat(line + "\n", lines));
        var code = $"namespace N;\nclass C : D<E> {{\n{head}\n{body}{tail}\nint After() => 1;\n}}\n";
        Assert.Equal(expected, TheRepository.Finds(FunctionLength.Find, "src/A.cs", code));
    }
}

namespace CreditBank.Tidy.Checks;

public class CatchBlocksTests
{
    [Fact]
    public void no_error_is_swallowed() => TheRepository.Keeps(CatchBlocks.Find);

    [Theory]
    [InlineData("try { A(); } catch { }", "swallowed-error:1")]
    [InlineData("try { A(); }\ncatch (Exception) { }", "swallowed-error:2")]
    [InlineData("try { A(); } catch (IOException e) when (e.X) {\n}", "swallowed-error:1")]
    [InlineData("try { A(); } catch (Exception) { /* never mind */ }", "swallowed-error:1")]
    [InlineData("try { A(); } catch (System.Exception e) { // no\n}", "swallowed-error:1")]
    [InlineData("try { A(); } catch (OperationCanceledException) { // Asked to stop.\n}", "")]
    [InlineData("try { A(); } catch (Exception e) when (IsGone(e)) { // Gone is what we want.\n}", "")]
    [InlineData("try { A(); } catch (Exception e) { Log(e); }", "")]
    public void an_empty_catch_is_found(string code, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(CatchBlocks.Find, "src/A.cs", code));
}

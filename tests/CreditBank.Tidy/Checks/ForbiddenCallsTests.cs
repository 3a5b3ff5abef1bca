namespace CreditBank.Tidy.Checks;

public class ForbiddenCallsTests
{
    private const string Feature = "src/CreditBank.Api/Transfers/ApproveTransfer.cs";
    private const string Decider = "src/CreditBank.Api/Transfers/TransferDecider.cs";
    private const string Kernel = "src/CreditBank.Kernel/Level.cs";
    private const string Composition = "src/CreditBank.Api/Composition/Clocks.cs";
    private const string Test = "tests/CreditBank.Api.Tests/TransferTests.cs";

    [Fact]
    public void no_call_breaks_a_promise_of_the_ledger() => TheRepository.Keeps(ForbiddenCalls.Find);

    [Theory]
    [InlineData(Test, "var now = DateTime.UtcNow;", "wall-clock:1")]
    [InlineData(Test, "var now = DateTimeOffset\n    .Now;", "wall-clock:1")]
    [InlineData(Feature, "\nDateTimeOffset at;", "date-type:2")]
    [InlineData(Feature, "DateTimeZone zone; // DateTime\nvar s = \"DateTime\";", "")]
    [InlineData(Feature, "var s = $\"{DateTime.Today}\";", "wall-clock:1 date-type:1")]
    [InlineData(Feature, "var clock = SystemClock.Instance;", "wall-clock:1")]
    [InlineData(Feature, "var clock = TimeProvider.System;", "wall-clock:1")]
    [InlineData(Composition, "var clock = SystemClock.Instance;", "")]
    [InlineData(Feature, "var now = clock.GetCurrentInstant();", "")]
    [InlineData(Decider, "var now = clock.GetCurrentInstant();", "clock-in-decision:1")]
    [InlineData(Kernel, "var watch = Stopwatch.StartNew();", "clock-in-decision:1")]
    public void the_wall_clock_is_found(string path, string code, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(ForbiddenCalls.Find, path, code));

    [Theory]
    [InlineData(Feature, "var id = Guid.NewGuid();", "")]
    [InlineData(Decider, "var id = Guid.NewGuid();", "chance-in-decision:1")]
    [InlineData(Kernel, "var id = Guid.CreateVersion7(at);", "chance-in-decision:1")]
    [InlineData(Kernel, "RandomNumberGenerator.Fill(bytes);", "chance-in-decision:1")]
    [InlineData(Kernel, "var n = Random.Shared.Next();", "chance-in-decision:1")]
    [InlineData(Kernel, "Span<byte> random; const int RandomCharacters = 20;", "")]
    [InlineData(
        Feature,
        "class A : SingleStreamProjection<B, string> { Guid id = Guid.NewGuid(); }",
        "chance-in-decision:1"
    )]
    [InlineData(Feature, "record A { public A Apply(B b) => new(Guid.NewGuid()); }", "chance-in-decision:1")]
    [InlineData(Feature, "static class HoldDecider { static Guid Id() => Guid.NewGuid(); }", "chance-in-decision:1")]
    public void chance_in_decisions_is_found(string path, string code, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(ForbiddenCalls.Find, path, code));

    [Theory]
    [InlineData("double credits = 3m;", "floating-point:1")]
    [InlineData("List<float> rates;", "floating-point:1")]
    [InlineData("var half = 0.5;", "floating-point:1")]
    [InlineData("var half = 5e-1d;", "floating-point:1")]
    [InlineData("var half = 1f;", "floating-point:1")]
    [InlineData("var exact = 0.5m + 1_000.25M + 0x1f + 1d2 + a[0..5].B1d;", "")]
    [InlineData("// double\nvar s = \"double 0.5\";", "")]
    public void floating_point_is_found(string code, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(ForbiddenCalls.Find, Feature, code));

    [Theory]
    [InlineData(Feature, "session.Events.OverwriteEvent(e);", "history:1")]
    [InlineData(Test, "session.Events.CompletelyReplaceEvent(1, e);", "history:1")]
    [InlineData(Test, "session.Events.TombstoneStream(id);", "history:1")]
    [InlineData(Feature, "await session.Events.CompactStreamAsync<A>(id);", "history:1")]
    [InlineData(Feature, "await store.Advanced.ApplyEventDataMasking(x => x);", "history:1")]
    [InlineData(Feature, "session.Events.ArchiveStream(id);", "history:1")]
    [InlineData(Feature, "session.Events.Append(id, new Archived(reason));", "history:1")]
    [InlineData(Feature, "await database.MarkEventsAsSkipped(list);", "history:1")]
    [InlineData(Feature, "await store.Advanced.DeleteAllTenantDataAsync(book, stop);", "history:1")]
    [InlineData(Feature, "await store.Advanced.Clean.DeleteAllEventDataAsync();", "history:1 history:1")]
    [InlineData(Test, "await store.Advanced.Clean.DeleteAllEventDataAsync();", "")]
    [InlineData(Test, "await host.ResetAllMartenDataAsync();", "")]
    [InlineData(Feature, "await host.ResetAllMartenDataAsync();", "history:1")]
    [InlineData(Feature, "var sql = \"update ledger.mt_events set data = @d\";", "history:1")]
    [InlineData(Feature, "var sql = \"\"\"\n    DELETE FROM mt_streams\n    \"\"\";", "history:2")]
    [InlineData(Feature, "var sql = \"revoke update, delete on mt_events from service\";", "")]
    [InlineData(Feature, "var sql = \"select data from mt_events\"; // update mt_events", "")]
    public void rewriting_history_is_found(string path, string code, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(ForbiddenCalls.Find, path, code));

    [Theory]
    [InlineData(Test, "Thread.Sleep(5);", "sleeping:1")]
    [InlineData(Test, "await Task\n    .Delay(5);", "sleeping:1")]
    [InlineData(Feature, "await Task.Delay(backoff, stop);", "")]
    public void sleeping_in_tests_is_found(string path, string code, string expected) =>
        Assert.Equal(expected, TheRepository.Finds(ForbiddenCalls.Find, path, code));
}

using CreditBank.Api.Programmes;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;

namespace CreditBank.Api.Tests.Programmes;

public sealed class ProgrammeDeciderTests
{
    private static readonly PublishProgramme Command = new()
    {
        Title = "软件工程",
        Level = 5,
        TotalCredits = new Credits(160),
        RuleSetFamily = "sqf",
        Courses = [Course("C1"), Course("C2")],
    };

    [Fact]
    public void a_family_without_a_published_version_is_refused()
    {
        var decision = ProgrammeDecider.Publish(null, "uni", "se", Command with { RuleSetFamily = "sfq" }, Families);

        Assert.Equal("programme.ruleSetFamily", decision.Refusal?.Code);
    }

    [Fact]
    public void the_first_one_is_version_1() => Assert.Equal(1, Publish(null, Command).Version);

    [Fact]
    public void the_same_content_changes_nothing()
    {
        var first = Publish(null, Command);

        Assert.Same(first, Publish(first, Command));
        Assert.Same(first, Publish(first, Command with { TotalCredits = new Credits(160.0m) }));
    }

    [Fact]
    public void other_content_is_the_next_version()
    {
        var first = Publish(null, Command);

        Assert.Equal(2, Publish(first, Command with { Courses = [Course("C1")] }).Version);
        Assert.Equal(2, Publish(first, Command with { Level = 6 }).Version);
    }

    [Fact]
    public void what_would_not_fit_a_leaf_of_the_audit_log_is_refused()
    {
        var courses = Enumerable.Range(0, 500).Select(number => Course($"C{number}", new string('课', 200)));

        var decision = ProgrammeDecider.Publish(null, "uni", "se", Command with { Courses = [.. courses] }, Families);

        Assert.Equal("programme.tooLarge", decision.Refusal?.Code);
    }

    private static ProgrammePublished Publish(ProgrammePublished? standing, PublishProgramme command) =>
        ProgrammeDecider.Publish(standing, "uni", "se", command, Families).Value!;

    private static readonly HashSet<string> Families = ["sqf"];

    private static CourseBody Course(string code, string title = "程序设计") =>
        new()
        {
            CourseCode = code,
            Title = title,
            Credits = new Credits(4),
            Category = "core",
            Compulsory = true,
        };
}

using System.Text;
using CreditBank.Ledger.Audit;
using NodaTime;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class TrustPolicyTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 9, 1, 0, 0);
    private static readonly string Log = TestKeys.Log("log.example").Vkey.ToString();

    [Theory]
    [InlineData("none", "", true)]
    [InlineData("X1", "X1", true)]
    [InlineData("X1", "X2", false)]
    [InlineData("X", "X1 X2", true)]
    [InlineData("X", "X1 X3 Y1", true)]
    [InlineData("X", "X3 Y1 Y2", false)]
    [InlineData("Y", "Y2", true)]
    [InlineData("Y", "X1 X2 X3", false)]
    [InlineData("X-and-Y", "X1 X2 Y1", true)]
    [InlineData("X-and-Y", "X1 X2 X3", false)]
    [InlineData("X-and-Y", "Y1 Y2 X1", false)]
    public void a_quorum_is_met_or_not(string quorum, string cosigners, bool isMet)
    {
        var policy = Parse(Example(quorum));
        using var log = TestKeys.Log("log.example");
        var checkpoint = new Checkpoint("log.example", 0, MerkleHash.EmptyRoot);
        var names = cosigners.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var signed = checkpoint.Sign(log).With(names.Select(name => TestKeys.Witness(name).Cosign(checkpoint, At)));
        Assert.Equal(isMet, policy.TryVerify(signed, out var verified, out var problem));
        Assert.Equal(isMet ? null : "audit.checkpoint.quorum", problem);
        Assert.Equal(isMet ? 1 + names.Length : 0, verified.Count);
    }

    [Fact]
    public void witnesses_cannot_stand_in_for_the_log()
    {
        var policy = Parse(Example("X1"));
        var checkpoint = new Checkpoint("log.example", 0, MerkleHash.EmptyRoot);
        using var witness = TestKeys.Witness("X1");
        var note = SignedNote.Create(checkpoint.Text, witness.Cosign(checkpoint, At));
        Assert.True(SignedCheckpoint.TryParse(note.ToBytes(), out var signed, out _));
        Assert.False(policy.TryVerify(signed, out _, out var problem));
        Assert.Equal("audit.note.unknown-keys", problem);
    }

    [Fact]
    public void blanks_comments_and_urls_are_read()
    {
        var policy = Parse(
            $"# comment \u0001\n".Replace("\u0001", "学", StringComparison.Ordinal)
                + $"\n \t \n\tlog \t {Log} https://log.example/ \n  # more\n"
                + $"witness 学 {TestKeys.Witness("W").Vkey} https://w.example/\nquorum 学\n"
        );
        Assert.Equal("https://log.example/", Assert.Single(policy.Logs).Url);
        Assert.Equal("https://w.example/", Assert.Single(policy.Witnesses).Url);
    }

    [Fact]
    public void a_key_name_beyond_ascii_is_read()
    {
        var log = TestKeys.Log("学分银行.example");
        var policy = Parse($"log {log.Vkey}\nquorum none\n");
        Assert.Equal("学分银行.example", Assert.Single(policy.Logs).Key.Name);
    }

    public static TheoryData<string, int> Wrong()
    {
        var (w1, w2) = ($"witness W1 {TestKeys.Witness("W1").Vkey}\n", $"witness W2 {TestKeys.Witness("W2").Vkey}\n");
        return new TheoryData<string, int>
        {
            { "", 1 }, // no quorum
            { w1, 2 },
            { "quorum none", 1 }, // no newline
            { "quorum none\nquorum none\n", 2 },
            { "quorum W1\n" + w1, 1 }, // named before it is defined
            { w1 + "quorum W2\n", 2 },
            { "quorum\n", 1 },
            { "quorum none none\n", 1 },
            { "Quorum none\n", 1 },
            { "quorum none\r\n", 1 },
            { "log\nquorum none\n", 1 },
            { "log x\nquorum none\n", 1 },
            { $"log {Log}\nlog {Log}\nquorum none\n", 2 },
            { $"log {Log} url more\nquorum none\n", 1 },
            { $"witness W1 {Log}\nquorum none\n", 1 }, // a log's key cannot cosign
            { w1 + w1 + "quorum none\n", 2 },
            { w1 + w1.Replace("W1 ", "W9 ", StringComparison.Ordinal) + "quorum none\n", 2 }, // one key, two names
            { w1 + w2.Replace("W2 ", "W1 ", StringComparison.Ordinal) + "quorum none\n", 2 }, // one name, two keys
            { $"witness none {TestKeys.Witness("W1").Vkey}\nquorum none\n", 1 },
            { w1 + "group G any\nquorum none\n", 2 },
            { w1 + "group G 0 W1\nquorum none\n", 2 },
            { w1 + "group G 2 W1\nquorum none\n", 2 },
            { w1 + "group G 01 W1\nquorum none\n", 2 },
            { w1 + "group G some W1\nquorum none\n", 2 },
            { w1 + "group G any W1 W1\nquorum none\n", 2 },
            { w1 + "group G any W1\ngroup H any W1\nquorum none\n", 3 },
            { w1 + "group G any W2\nquorum none\n", 2 },
            { w1 + "group G any none\nquorum none\n", 2 },
            { w1 + "group W1 any W1\nquorum none\n", 2 },
            { w1 + "group G any G\nquorum none\n", 2 },
        };
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void what_is_no_policy_is_refused_with_its_line(string text, int line)
    {
        Assert.False(TrustPolicy.TryParse(Encoding.UTF8.GetBytes(text), out _, out var problem));
        Assert.Equal(line, problem.Line);
        Assert.StartsWith("audit.", problem.Code, StringComparison.Ordinal);
    }

    private static string Example(string quorum)
    {
        var witnesses = "X1 X2 X3 Y1 Y2".Split(' ').Select(name => $"witness {name} {TestKeys.Witness(name).Vkey}\n");
        return $"log {Log}\n\n{string.Concat(witnesses)}group X 2 X1 X2 X3\ngroup Y any Y1 Y2\n"
            + $"group X-and-Y all X Y\nquorum {quorum}\n";
    }

    private static TrustPolicy Parse(string text)
    {
        Assert.True(TrustPolicy.TryParse(Encoding.UTF8.GetBytes(text), out var policy, out var problem), $"{problem}");
        return policy;
    }
}

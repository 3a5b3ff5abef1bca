using System.Globalization;
using System.Text;
using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class WitnessTests
{
    private static readonly NaiveTree Tree = new(20);

    [Fact]
    public void a_request_is_written_and_read()
    {
        using var log = TestKeys.Log();
        var request = Request(log, 7, 20);
        Assert.True(AddCheckpointRequest.TryParse(request.ToBytes(), out var read, out var problem), problem);
        Assert.Equal(7, read.OldSize);
        Assert.Equal(request.Proof, read.Proof);
        Assert.Equal(request.ToString(), read.ToString());
        var first = Request(log, 0, 20).ToBytes();
        Assert.StartsWith("old 0\n\n", Encoding.UTF8.GetString(first), StringComparison.Ordinal);
        Assert.True(AddCheckpointRequest.TryParse(first, out _, out _));
    }

    [Fact]
    public void what_is_no_request_is_refused()
    {
        using var log = TestKeys.Log();
        var right = Request(log, 7, 20).ToString();
        string[] wrong =
        [
            "",
            "old 0\n",
            right.Replace("old 7", "old 07", StringComparison.Ordinal),
            right.Replace("old 7", "old", StringComparison.Ordinal),
            right.Replace("old 7", "new 7", StringComparison.Ordinal),
            right.Replace("old 7", "old 7\nAAAA", StringComparison.Ordinal),
            right.Replace(
                "old 7",
                "old 7" + string.Concat(Enumerable.Repeat("\n" + Tree.Root(1), 64)),
                StringComparison.Ordinal
            ),
            right[..^1],
        ];
        Assert.All(
            wrong,
            text => Assert.False(AddCheckpointRequest.TryParse(Encoding.UTF8.GetBytes(text), out _, out _))
        );
    }

    [Fact]
    public void only_a_consistent_continuation_of_the_latest_checkpoint_is_cosigned()
    {
        using var log = TestKeys.Log();
        using var other = TestKeys.Log("other.example");
        Checkpoint At(int size) => new(log.Vkey.Name, size, Tree.Root(size));
        WitnessAnswer Decide(AddCheckpointRequest request, Checkpoint? latest) =>
            Witness.Decide(request, [log.Vkey], latest);

        Assert.Equal(WitnessAnswer.Cosign, Decide(Request(log, 0, 7), null));
        Assert.Equal(WitnessAnswer.Cosign, Decide(Request(log, 7, 20), At(7)));
        Assert.Equal(WitnessAnswer.Cosign, Decide(Request(log, 7, 7), At(7)));
        Assert.Equal(WitnessAnswer.UnknownLog, Witness.Decide(Request(log, 0, 7), [], null));
        Assert.Equal(WitnessAnswer.BadSignature, Witness.Decide(Request(log, 0, 7), [other.Vkey], null));
        Assert.Equal(WitnessAnswer.BadRequest, Decide(Request(log, 7, 20) with { OldSize = 21 }, At(7)));
        Assert.Equal(WitnessAnswer.Conflict, Decide(Request(log, 0, 20), At(7)));
        Assert.Equal(WitnessAnswer.Conflict, Decide(Request(log, 7, 20), At(8)));
        Assert.Equal(WitnessAnswer.Conflict, Decide(Request(log, 7, 7), At(7) with { Root = Tree.Root(9) }));
        Assert.Equal(WitnessAnswer.Inconsistent, Decide(Request(log, 7, 20), At(7) with { Root = Tree.Root(9) }));
        Assert.Equal(WitnessAnswer.Inconsistent, Decide(Request(log, 7, 20) with { Proof = [] }, At(7)));
        Assert.Equal(WitnessAnswer.Inconsistent, Decide(Request(log, 0, 7) with { Proof = [Tree.Root(1)] }, null));
    }

    [Fact]
    public void of_two_histories_a_witness_cosigns_only_one()
    {
        using var log = TestKeys.Log();
        var fork = new Checkpoint(log.Vkey.Name, 20, Tree.Root(19)).Sign(log);
        var latest = new Checkpoint(log.Vkey.Name, 7, Tree.Root(7));
        var honest = Request(log, 7, 20);
        Assert.Equal(WitnessAnswer.Cosign, Witness.Decide(honest, [log.Vkey], latest));
        Assert.Equal(WitnessAnswer.Inconsistent, Witness.Decide(honest with { Checkpoint = fork }, [log.Vkey], latest));
        Assert.Equal(
            WitnessAnswer.Conflict,
            Witness.Decide(new AddCheckpointRequest(20, [], fork), [log.Vkey], honest.Checkpoint.Checkpoint)
        );
    }

    // The transcript answers 403 for a log that is not known; the specification has 404 since, and so have we.
    [ExternalDataFact]
    public void the_published_transcript_of_a_witness_has_our_answers()
    {
        const string Origin = "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562";
        var key = Convert.FromHexString("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f");
        var answers = Replay("litewitness.txt", Vkey.Create(Origin, NoteKeyType.Ed25519, key), Origin);
        Assert.Equal(8, answers.Count);
        Assert.All(answers, answer => Assert.Equal(answer.Expected, answer.Actual));
    }

    [ExternalDataFact]
    public void a_checkpoint_of_the_live_checksum_database_is_cosigned()
    {
        const string Text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
        Assert.True(Vkey.TryParse(Text, out var key, out _));
        var answer = Assert.Single(Replay("sumdb.txt", key, "go.sum database tree"));
        Assert.Equal(200, answer.Expected);
        Assert.Equal(WitnessAnswer.Cosign, (WitnessAnswer)answer.Actual);
    }

    private static List<(int Expected, int Actual)> Replay(string file, Vkey key, string origin)
    {
        Checkpoint? latest = null;
        var answers = new List<(int, int)>();
        var transcript = File.ReadAllText(ExternalData.PathOf("merkle", "torchwood-witness", file));
        foreach (var exchange in transcript.Split("add-checkpoint\n```\n").Skip(1))
        {
            var (body, status) = (exchange.Split("```\n")[0], exchange.Split("\nHTTP ")[1][..3]);
            if (!AddCheckpointRequest.TryParse(Encoding.UTF8.GetBytes(body), out var request, out _))
            {
                // One wrong signature of the transcript is also badly spelled: its base64 sets spare bits.
                Assert.Equal("403", status);
                Assert.Contains("invalid signature", exchange, StringComparison.Ordinal);
                continue;
            }

            var asked = request.Checkpoint.Checkpoint;
            var answer = Witness.Decide(request, asked.Origin == origin ? [key] : [], latest);
            var isUnknown = exchange.Contains("unknown log", StringComparison.Ordinal);
            answers.Add((isUnknown ? 404 : int.Parse(status, CultureInfo.InvariantCulture), (int)answer));
            if (answer == WitnessAnswer.Conflict)
            {
                Assert.Contains($"body == \"{latest?.Size}\\n\"", exchange, StringComparison.Ordinal);
            }

            latest = answer == WitnessAnswer.Cosign ? asked : latest;
        }

        return answers;
    }

    private static AddCheckpointRequest Request(NoteSigner log, int older, int newer) =>
        new(
            older,
            older == 0 ? [] : Tree.Consistency(older, newer),
            new Checkpoint(log.Vkey.Name, newer, Tree.Root(newer)).Sign(log)
        );
}

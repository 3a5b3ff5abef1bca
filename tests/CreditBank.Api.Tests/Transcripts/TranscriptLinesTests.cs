using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Transcripts;

namespace CreditBank.Api.Tests.Transcripts;

public sealed class TranscriptLinesTests
{
    [Fact]
    public async Task lines_are_taken_and_sending_them_again_changes_nothing()
    {
        var registry = await Registry.At("tl-all");
        string[] lines =
        [
            .. Enumerable.Range(0, 9_000).Select(n => Registry.Line(registry.Record($"r-{n}", $"s-{n / 10}"))),
        ];

        var first = (await registry.PostLines("t1", lines.Length, lines)).Expect(HttpStatusCode.Accepted);
        var again = (await registry.PostLines("t1", lines.Length, lines)).Expect(HttpStatusCode.Accepted);

        Assert.Equal((9_000, 0, 0, 0), first.Counts());
        Assert.Equal((0, 9_000, 0, 0), again.Counts());
        var shown = (await registry.Caller.Get(again.Headers.Location!.ToString())).Expect(HttpStatusCode.OK);
        Assert.Equal("complete", shown.Json["state"]!.GetValue<string>());
        Assert.Equal(2, shown.Json["sending"]!.GetValue<int>());
        await EveryRowIsShownOnce(registry, again.Headers.Location!.ToString(), lines.Length);
    }

    [Fact]
    public async Task a_broken_line_is_rejected_with_its_number_and_the_rest_goes_on()
    {
        var registry = await Registry.At("tl-broken");
        var right = Registry.Line(registry.Record("r-1"));
        var twice = right.Replace("\"revision\"", "\"revision\":1,\"revision\"", StringComparison.Ordinal);

        var reply = await registry.PostLines(
            "t1",
            7,
            right + "\r",
            "",
            """{"recordId":"r-2",""",
            """{"recordId":"r-3","revision":"x"}""",
            twice,
            "\"" + new string('x', 70_000) + "\"",
            "[]",
            Registry.Line(registry.Record("r-4")),
            Registry.Line(registry.Record("r-5"))
        );

        reply.Expect(HttpStatusCode.Accepted);
        Assert.Equal((2, 0, 0, 6), reply.Counts());
        Assert.Equal("complete", reply.Json["state"]!.GetValue<string>());
        var rows = await registry.Caller.Get(reply.Headers.Location + "/records?status=rejected");
        var codes = rows.Json["items"]!.AsArray().Select(row => $"{row!["line"]} {row.Problem()}");
        Assert.Equal(
            [
                "4 line.malformed",
                "5 record.invalid",
                "6 line.malformed",
                "7 line.tooLong",
                "8 field.type",
                "10 transcript.rowCount",
            ],
            codes
        );
        Assert.Equal("r-3", rows.Json["items"]![1]!["recordId"]!.GetValue<string>());
    }

    [Fact]
    public async Task wrong_utf8_is_a_rejected_line()
    {
        var registry = await Registry.At("tl-utf8");
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes(registry.Header("t1", 2) + "\n{\"recordId\":\""),
            0xC3,
            0x28,
            .. Encoding.UTF8.GetBytes("\"}\n" + Registry.Line(registry.Record("r-1")) + "\n"),
        ];
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/x-ndjson");
        using var response = await registry.Caller.Client.PostAsync(
            new Uri("/v1/transcripts", UriKind.Relative),
            content
        );
        var reply = (await Reply.From(response)).Expect(HttpStatusCode.Accepted);

        Assert.Equal((1, 0, 0, 1), reply.Counts());
        var rows = await registry.Caller.Get(reply.Headers.Location + "/records?status=rejected");
        Assert.Equal("line.encoding", rows.Json["items"]![0]!.Problem());
    }

    [Fact]
    public async Task a_body_that_ends_early_is_incomplete_and_completed_by_sending_it_again()
    {
        var registry = await Registry.At("tl-early");
        string[] lines = [.. Enumerable.Range(0, 4).Select(n => Registry.Line(registry.Record($"r-{n}")))];

        var early = (await registry.PostLines("t1", 4, lines[..2])).Expect(HttpStatusCode.Accepted);
        var whole = (await registry.PostLines("t1", 4, lines)).Expect(HttpStatusCode.Accepted);

        Assert.Equal("incomplete", early.Json["state"]!.GetValue<string>());
        Assert.Equal("complete", whole.Json["state"]!.GetValue<string>());
        Assert.Equal((2, 2, 0, 0), whole.Counts());
    }

    [Fact]
    public async Task the_idempotency_key_covers_the_header_line()
    {
        var registry = await Registry.At("tl-key");
        registry.Caller.With("Idempotency-Key", "tl-key-1");
        var line = Registry.Line(registry.Record("r-1"));
        (await registry.PostLines("t1", 1, line)).Expect(HttpStatusCode.Accepted);

        var resumed = (await registry.PostLines("t1", 1, line)).Expect(HttpStatusCode.Accepted);
        var other = await registry.PostLines("t2", 1, line);

        Assert.Equal((0, 1, 0, 0), resumed.Counts());
        other.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("idempotency.keyReused", other.Code);
    }

    [Fact]
    public async Task of_identical_uploads_at_once_each_row_is_accepted_once()
    {
        var registry = await Registry.At("tl-race");
        string[] lines =
        [
            .. Enumerable.Range(0, 5_000).Select(n => Registry.Line(registry.Record($"r-{n}", $"s-{n / 4}"))),
        ];

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 3)
                .Select(_ => registry.Service.As("registry", "tl-race"))
                .Select(caller =>
                    caller.PostRaw(
                        "/v1/transcripts",
                        string.Join('\n', [registry.Header("t1", lines.Length), .. lines]),
                        PostTranscriptLines.MediaType
                    )
                )
        );

        Assert.All(replies, reply => reply.Expect(HttpStatusCode.Accepted));
        Assert.Equal(5_000, replies.Sum(reply => reply.Counts().Accepted));
        Assert.Equal(10_000, replies.Sum(reply => reply.Counts().Duplicates));
    }

    private static async Task EveryRowIsShownOnce(Registry registry, string location, int rows)
    {
        var seen = new HashSet<string>();
        var next = $"{location}/records?limit=500";
        while (next is not null)
        {
            var page = (await registry.Caller.Get(next)).Expect(HttpStatusCode.OK);
            Assert.All(
                page.Json["items"]!.AsArray(),
                row => Assert.True(seen.Add(row!["recordId"]!.GetValue<string>()))
            );
            next = page.Json["nextCursor"] is JsonValue cursor ? $"{location}/records?limit=500&cursor={cursor}" : null;
        }

        Assert.Equal(rows, seen.Count);
    }
}

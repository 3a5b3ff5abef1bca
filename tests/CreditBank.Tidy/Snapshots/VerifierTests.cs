using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Tidy.Snapshots;

public sealed class VerifierTests : IDisposable
{
    private const string Id = "acc-7f-0123456789abcdefghjk";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("snapshots-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task a_snapshot_beside_the_test_is_compared()
    {
        var at = Instant.FromUtc(2026, 1, 31, 8, 0);
        var target = new
        {
            Title = "学分 𠮷 <é>",
            Credits = 3.50m,
            EarnedOn = new LocalDate(2026, 1, 31),
            RecordedAt = at,
            Again = at,
            Later = at.Plus(Duration.FromNanoseconds(100)),
            Account = Id,
            Kind = DayOfWeek.Sunday,
            Link = $"/v1/accounts/{Id}/outcomes/out-00-zzzzzzzzzzzzzzzzzzzz",
            Request = Guid.Empty,
        };
        await Verifier.Verify(target);
    }

    [Fact]
    public async Task text_is_kept_in_a_text_file() => await Verifier.Verify("one\r\ntwo\n");

    [Fact]
    public async Task another_extension_can_be_given() => await Verifier.Verify("# 一", "md");

    [Theory]
    [InlineData(3, "course")]
    [InlineData(4, "a/b:c")]
    public async Task parameters_stand_in_the_name_of_the_file(int level, string kind)
    {
        var settings = new VerifySettings();
        settings.UseParameters(level, kind);
        await Verifier.Verify($"{kind} {level}", settings);
    }

    [Fact]
    public async Task nothing_verified_yet_fails_and_writes_what_was_received()
    {
        var failure = await Fails(Verifier.VerifyJson("{\"a\":[1.50,null]}", Named("new")));
        Assert.Contains("Nothing was verified yet", failure);
        Assert.Contains(PathOf("new.verified.json"), failure);
        Assert.Equal("{\n  \"a\": [\n    1.50,\n    null\n  ]\n}"u8, File.ReadAllBytes(PathOf("new.received.json")));
        Assert.False(File.Exists(PathOf("new.verified.json")));
    }

    [Fact]
    public async Task a_difference_fails_and_names_the_first_line_that_differs()
    {
        File.WriteAllText(PathOf("text.verified.txt"), "one\ntwo\nthree");
        var failure = await Fails(Verifier.Verify("one\n2\n3", Named("text")));
        Assert.Contains("line 2", failure);
        Assert.Contains("expected: two", failure);
        Assert.Contains("but was:  2", failure);
        Assert.Equal("one\n2\n3", File.ReadAllText(PathOf("text.received.txt")));
        Assert.Equal("one\ntwo\nthree", File.ReadAllText(PathOf("text.verified.txt")));
    }

    [Theory]
    [InlineData("one\ntwo", "one", "expected: (the end)")]
    [InlineData("one", "one\ntwo", "expected: two")]
    [InlineData("{}", " {}", "line 1")]
    public async Task a_longer_and_a_shorter_text_differ(string received, string verified, string expected)
    {
        File.WriteAllText(PathOf("text.verified.txt"), verified);
        Assert.Contains(expected, await Fails(Verifier.Verify(received, Named("text"))));
    }

    [Fact]
    public async Task accepting_by_renaming_passes_and_removes_an_old_received_file()
    {
        await Fails(Verifier.Verify(Guid.NewGuid(), Named("id")));
        File.Copy(PathOf("id.received.json"), PathOf("id.verified.json"));
        await Verifier.Verify(Guid.NewGuid(), Named("id"));
        Assert.False(File.Exists(PathOf("id.received.json")));
        Assert.Equal("\"Guid_1\"", File.ReadAllText(PathOf("id.verified.json")));
    }

    [Theory]
    [InlineData("one\r\ntwo\r\n")]
    [InlineData("one\ntwo\n")]
    public async Task line_ends_carry_no_meaning(string verified)
    {
        File.WriteAllText(PathOf("text.verified.txt"), verified);
        await Verifier.Verify("one\ntwo", Named("text"));
    }

    [Fact]
    public async Task values_that_change_are_counted_as_first_seen()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var text =
            $"{first} {second} {first:D} 2026-01-31T08:00:00.5+08:00 2026-01-31 {Id} etag-9 etag-7 etag-9 n-{first}";
        var settings = Named("counted");
        settings.ScrubCounted("ETag", "etag-[0-9]+");
        settings.AddScrubber(builder => builder.Replace("n-", "m-"));
        Assert.Equal(
            $"Guid_1 Guid_2 Guid_1 Instant_1 2026-01-31 LedgerId_1 ETag_1 ETag_2 ETag_1 m-{first}",
            await Received(text, settings)
        );
    }

    [Fact]
    public async Task every_kind_of_ledger_id_is_counted()
    {
        var ids = Enum.GetValues<LedgerIdKind>().Select(kind => LedgerId.Create(kind, 0xa7, "thirteen bytes"u8));
        var text = string.Join(' ', ids);
        var counted = string.Join(' ', ids.Select((_, index) => $"LedgerId_{index + 1}"));
        Assert.Equal(counted, await Received(text, Named("ids")));
    }

    [Fact]
    public async Task what_the_test_fixes_itself_can_stay()
    {
        var text = $"{Guid.Empty} 2026-01-31T08:00:00Z {Id}";
        var settings = Named("kept");
        settings.DontScrubGuids();
        settings.DontScrubInstants();
        settings.DontScrubLedgerIds();
        Assert.Equal(text, await Received(text, settings));
    }

    [Fact]
    public async Task a_member_can_be_hidden_at_any_depth()
    {
        var settings = Named("member");
        settings.ScrubMember("traceId");
        var json = JsonNode.Parse("""[{ "traceId": "00-1", "a": { "traceId": { "b": 1 } } }]""");
        await Fails(Verifier.Verify(json, settings));
        var received = JsonNode.Parse(File.ReadAllText(PathOf("member.received.json")));
        var expected = JsonNode.Parse("""[{ "traceId": "{Scrubbed}", "a": { "traceId": "{Scrubbed}" } }]""");
        Assert.True(JsonNode.DeepEquals(expected, received));
        Assert.Equal("00-1", json![0]!["traceId"]!.GetValue<string>());
    }

    [Fact]
    public async Task an_escaped_backslash_before_a_u_stays_what_it_is()
    {
        await Fails(Verifier.Verify(new { Told = "\\uD842\\uDFB7", Meant = "𠮷" }, Named("escapes")));
        var lines = File.ReadAllLines(PathOf("escapes.received.json"));
        Assert.Equal("""  "told": "\\uD842\\uDFB7",""", lines[1]);
        Assert.Equal("""  "meant": "𠮷" """.TrimEnd(), lines[2]);
    }

    [Fact]
    public async Task objects_can_be_written_as_the_service_writes_them()
    {
        var settings = Named("options");
        settings.UseJsonOptions(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
        await Fails(Verifier.Verify(new { HoldDays = 3 }, settings));
        Assert.Contains("\"hold_days\": 3", File.ReadAllText(PathOf("options.received.json")));
    }

    [Fact]
    public async Task text_that_is_no_json_is_not_compared_as_json() =>
        await Assert.ThrowsAnyAsync<JsonException>(() => Verifier.VerifyJson("{", Named("broken")));

    [Fact]
    public void a_path_from_a_deterministic_build_is_found_again()
    {
        var expected = Path.Combine(RepositoryRoot.Path, "tests", "A.cs");
        Assert.Equal(expected, RepositoryRoot.OnThisMachine("/_/tests/A.cs"));
        Assert.Equal("/elsewhere/A.cs", RepositoryRoot.OnThisMachine("/elsewhere/A.cs"));
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private VerifySettings Named(string name)
    {
        var settings = new VerifySettings();
        settings.UseDirectory(folder.FullName);
        settings.UseFileName(name);
        return settings;
    }

    private static async Task<string> Fails(Task comparison) =>
        (await Assert.ThrowsAsync<SnapshotException>(() => comparison)).Message;

    private async Task<string> Received(string text, VerifySettings settings)
    {
        await Fails(Verifier.Verify(text, settings));
        return Encoding.UTF8.GetString(File.ReadAllBytes(Directory.GetFiles(folder.FullName, "*.received.*").Single()));
    }
}

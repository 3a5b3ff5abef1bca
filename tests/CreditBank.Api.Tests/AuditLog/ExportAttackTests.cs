using CreditBank.Verifier;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>
/// Whoever hands out an export can change its files. The auditor brings the keys; <c>export.json</c> says only how the
/// files lie.
/// </summary>
public sealed class ExportAttackTests
{
    private const int FlipsOfEvents = 40;

    [Fact]
    public async Task a_flipped_byte_in_any_file_of_an_export_is_found()
    {
        await using var audit = await AuditService.StartAsync();
        await new LedgerJourney(audit.Service).WalkAsync();
        var folder = await Export.OfAllAsync(audit);
        var policy = Path.Combine(audit.Folder, "policy");
        File.Move(Path.Combine(folder, "policy.txt"), policy);
        (await Export.VerifyAsync(folder, "--policy", policy)).ExpectHolds();
        var cited = (await RuleSetHashes(folder)).Select(hash => Path.Combine(folder, "documents", $"{hash}.json"));
        var random = new Random(5);
        foreach (
            var file in Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => Path.GetFileName(file) != "export.json")
                .Where(file => !file.Contains("documents", StringComparison.Ordinal) || cited.Contains(file))
                .Where(file => new FileInfo(file).Length > 0)
        )
        {
            var bytes = await File.ReadAllBytesAsync(file);
            var place = random.Next(bytes.Length);
            await File.WriteAllBytesAsync(file, Flipped(bytes, place, random));

            var answer = await Export.VerifyAsync(folder, "--policy", policy);

            await File.WriteAllBytesAsync(file, bytes);
            Assert.True(answer.ExitCode != CommandLine.Holds, $"{file} at {place}: {answer.Text}");
        }

        (await Export.VerifyAsync(folder, "--policy", policy)).ExpectHolds();
    }

    [Fact]
    public async Task a_flipped_byte_anywhere_in_the_events_names_its_leaf()
    {
        await using var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit, "book01", 1, 10);
        var folder = await Export.OfAllAsync(audit);
        var file = Path.Combine(folder, "book01", "events.ndjson");
        var bytes = await File.ReadAllBytesAsync(file);
        var random = new Random(6);
        for (var flip = 0; flip < FlipsOfEvents; flip++)
        {
            var place = random.Next(bytes.Length - 1);
            var leaf = bytes.AsSpan(0, place).Count((byte)'\n');
            await File.WriteAllBytesAsync(file, Flipped(bytes, place, random));

            var answer = await Export.VerifyAsync(folder);

            Assert.True(answer.ExitCode == CommandLine.DoesNotHold, answer.Text);
            Assert.Equal(
                ("book01", leaf),
                ((string?)answer.Report!["first"]!["log"], (int?)answer.Report["first"]!["index"])
            );
        }
    }

    private static byte[] Flipped(byte[] bytes, int place, Random random)
    {
        var flipped = bytes.ToArray();
        flipped[place] ^= (byte)(1 << random.Next(7));
        return flipped;
    }

    /// <summary>The texts that events cite; the other documents are there for reading only.</summary>
    private static async Task<List<string>> RuleSetHashes(string folder) =>
        [
            .. (await File.ReadAllLinesAsync(Path.Combine(folder, "registry", "events.ndjson")))
                .Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!)
                .Where(leaf => (string?)leaf["type"] == "rule_set_published")
                .Select(leaf => (string)leaf["data"]!["hash"]!),
        ];
}

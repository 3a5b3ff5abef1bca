using CreditBank.Ledger;
using CreditBank.Verifier;
using NodaTime;

namespace CreditBank.Api.Tests.AuditLog;

public sealed class VerifierTests
{
    [Fact]
    public async Task a_journey_with_every_kind_of_event_verifies_from_its_export_alone()
    {
        await using var audit = await AuditService.StartAsync();
        await new LedgerJourney(audit.Service).WalkAsync();

        var folder = await Export.OfAllAsync(audit);

        var answer = (await Export.VerifyAsync(folder)).ExpectHolds();
        var kinds = TypesIn(folder);
        Assert.Equal(EventCatalogue.TypesByName.Keys.Order(), kinds);
        Assert.Equal(0, (long?)answer.Report!["findingsTotal"]);
        Assert.All(
            answer.Report["trialBalance"]!.AsArray().GroupBy(sum => $"{sum!["measure"]} {sum["unit"]}"),
            unit => Assert.Equal(0, unit.Sum(sum => (decimal)sum!["sum"]!))
        );
    }

    [Fact]
    public async Task a_running_service_is_fetched_and_verified_through_the_public_formats()
    {
        await using var audit = await AuditService.StartAsync();
        await new LedgerJourney(audit.Service).WalkAsync();
        await audit.CatchUpAsync();
        var folder = Directory.CreateTempSubdirectory("creditbank-fetched-").FullName;

        using (var copy = new ServiceCopy(audit.Service.As("auditor").Client, folder, null))
        {
            await copy.FetchAsync(SystemClock.Instance.GetCurrentInstant());
        }

        (await Export.VerifyAsync(folder)).ExpectHolds();
        await SampleEvents.LearnerAsync(audit, "book02", 7, 200);
        await audit.CatchUpAsync();
        using (var again = new ServiceCopy(audit.Service.As("auditor").Client, folder, null))
        {
            await again.FetchAsync(SystemClock.Instance.GetCurrentInstant());
        }

        (await Export.VerifyAsync(folder, "--without-rules")).ExpectHolds();
    }

    [Fact]
    public async Task a_page_says_what_holds()
    {
        await using var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit, "book01", 1, 3);
        var folder = await Export.OfAllAsync(audit);
        using var output = new StringWriter();

        var code = await CommandLine.RunAsync([folder, "--quiet"], output, TextWriter.Null);

        Assert.Equal(CommandLine.Holds, code);
        Assert.Contains("Everything holds.", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("holds    leaves", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_verification_goes_on_behind_the_books_that_are_done()
    {
        await using var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit, "book01", 1, 3);
        var folder = await Export.OfAllAsync(audit);
        var resume = Path.Combine(audit.Folder, "resume");
        var first = (await Export.VerifyAsync(folder, "--resume", resume)).ExpectHolds();
        var done = await File.ReadAllLinesAsync(resume);

        var second = (await Export.VerifyAsync(folder, "--resume", resume)).ExpectHolds();

        Assert.Equal(audit.Books.Learners.Count, done.Length);
        Assert.Equal((long?)first.Report!["leaves"], (long?)second.Report!["leaves"]);
        Assert.Equal(first.Report["trialBalance"]!.ToJsonString(), second.Report["trialBalance"]!.ToJsonString());
        Assert.Equal(done, await File.ReadAllLinesAsync(resume));
    }

    [Fact]
    public async Task a_book_that_does_not_fit_into_memory_is_parted_and_gives_the_same()
    {
        await using var audit = await AuditService.StartAsync();
        await new LedgerJourney(audit.Service).WalkAsync();
        var folder = await Export.OfAllAsync(audit);
        var (whole, parted) = (Path.Combine(audit.Folder, "whole"), Path.Combine(audit.Folder, "parted"));

        var first = (await Export.VerifyAsync(folder, "--balances", whole)).ExpectHolds();
        var second = (await Export.VerifyAsync(folder, "--in-memory", "3", "--balances", parted)).ExpectHolds();

        foreach (var figure in (string[])["trialBalance", "checks"])
        {
            Assert.Equal(first.Report![figure]?.ToJsonString(), second.Report![figure]?.ToJsonString());
        }

        Assert.Equal((await File.ReadAllLinesAsync(whole)).Order(), (await File.ReadAllLinesAsync(parted)).Order());
        Assert.Equal(CommandLine.Unusable, (await Export.VerifyAsync(folder, "--in-memory", "0")).ExitCode);
    }

    [Fact]
    public async Task what_is_no_export_is_said_to_be_none()
    {
        var empty = Directory.CreateTempSubdirectory("creditbank-empty-").FullName;

        Assert.Equal(CommandLine.Unusable, (await Export.VerifyAsync(empty)).ExitCode);
        Assert.Equal(CommandLine.Unusable, (await Export.VerifyAsync(empty, "--unknown")).ExitCode);
    }

    private static List<string> TypesIn(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "events.ndjson", SearchOption.AllDirectories)
                .SelectMany(File.ReadLines)
                .Select(line => (string)System.Text.Json.Nodes.JsonNode.Parse(line)!["type"]!)
                .Distinct()
                .Order(),
        ];
}

using System.Net;
using System.Text;
using CreditBank.Ledger.Audit;
using CreditBank.Verifier;

namespace CreditBank.Api.Tests.AuditLog;

public sealed class ReceiptTests
{
    private const string Book = "book01";

    [Fact]
    public async Task a_receipt_goes_to_those_who_may_see_the_event()
    {
        await using var audit = await AuditService.StartAsync();
        var account = await SampleEvents.LearnerAsync(audit, Book, 1, 3);
        await audit.CatchUpAsync();
        var path = $"/v1/audit/receipts/{await EventIdAsync(audit, 1)}";
        var service = audit.Service;

        foreach (
            var caller in new[]
            {
                service.As("learner", account: account),
                service.As("registry", "fudan"),
                service.As("auditor"),
            }
        )
        {
            var receipt = (await caller.Get(path)).Expect(HttpStatusCode.OK);
            Assert.StartsWith("c2sp.org/tlog-proof@v1\n", receipt.Text, StringComparison.Ordinal);
        }

        var other = SampleEvents.AccountOf(audit.Books, Book, 2);
        foreach (
            var caller in new[]
            {
                service.As("learner", account: other),
                service.As("registry", "shou"),
                service.As("operator"),
            }
        )
        {
            (await caller.Get(path)).Expect(HttpStatusCode.NotFound);
        }

        (await service.Anonymous().Get(path)).Expect(HttpStatusCode.Unauthorized);
        (await service.As("auditor").Get($"/v1/audit/receipts/{Guid.NewGuid()}")).Expect(HttpStatusCode.NotFound);
        (await service.As("auditor").Get("/v1/audit/receipts/none")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_receipt_is_checked_offline_and_shows_its_event()
    {
        await using var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit, Book, 1, 3);
        await audit.CatchUpAsync();
        var (file, policy) = await KeepAsync(audit);
        using var output = new StringWriter();

        var code = await CommandLine.RunAsync(["receipt", file, "--policy", policy], output, output);

        Assert.True(code == CommandLine.Holds, output.ToString());
        Assert.Contains("Holds: leaf 1 of bank.example/book01", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("outcome_recorded", output.ToString(), StringComparison.Ordinal);

        var lines = await File.ReadAllLinesAsync(file);
        var leaf = Encoding.UTF8.GetString(Convert.FromBase64String(lines[1]["extra ".Length..]));
        lines[1] =
            "extra "
            + Convert.ToBase64String(Encoding.UTF8.GetBytes(leaf.Replace("\"3\"", "\"9\"", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(file, string.Join('\n', lines) + "\n");
        Assert.Equal(
            CommandLine.DoesNotHold,
            await CommandLine.RunAsync(["receipt", file, "--policy", policy], output, output)
        );
    }

    [Fact]
    public async Task a_receipt_from_the_first_checkpoint_still_verifies_against_the_last()
    {
        await using var audit = await AuditService.StartAsync();
        await SampleEvents.LearnerAsync(audit, Book, 1, 3);
        await audit.CatchUpAsync();
        var (file, policy) = await KeepAsync(audit);
        var first = (await audit.CheckpointAsync(Book)).Size;
        for (var number = 2; number < 12; number++)
        {
            await SampleEvents.LearnerAsync(audit, Book, number, 60);
            await audit.CatchUpAsync();
        }

        // The receipt stands by itself, and its checkpoint is the beginning of the last one: by the public tiles alone.
        Assert.Equal(
            CommandLine.Holds,
            await CommandLine.RunAsync(["receipt", file, "--policy", policy], TextWriter.Null, TextWriter.Null)
        );
        Assert.True(TlogProof.TryParse(await File.ReadAllBytesAsync(file), out var receipt, out _));
        var last = await audit.CheckpointAsync(Book);
        Assert.True(last.Size > first);
        var plan = ProofPlan.Consistency(first, last.Size);
        var anyone = audit.Service.Anonymous().Client;
        var tiles = new Dictionary<TileId, byte[]>();
        foreach (var id in plan.Tiles)
        {
            tiles[id] = await anyone.GetByteArrayAsync(new Uri($"/v1/audit/books/{Book}/{id.Path}", UriKind.Relative));
        }

        Assert.True(receipt.Checkpoint.Checkpoint.IsContinuedBy(last, plan.Resolve(id => tiles[id])));
    }

    private static async Task<(string File, string Policy)> KeepAsync(AuditService audit)
    {
        var file = Path.Combine(audit.Folder, "kept.tlog-proof");
        var policy = Path.Combine(audit.Folder, "policy.txt");
        var receipt = await audit.Service.As("auditor").Get($"/v1/audit/receipts/{await EventIdAsync(audit, 1)}");
        await File.WriteAllTextAsync(file, receipt.Expect(HttpStatusCode.OK).Text);
        await File.WriteAllTextAsync(policy, (await audit.Service.Anonymous().Get("/v1/audit/policy")).Text);
        return (file, policy);
    }

    private static async Task<Guid> EventIdAsync(AuditService audit, long index)
    {
        await foreach (var (_, stored) in audit.Reader.EventsAsync(Book, index, index + 1, CancellationToken.None))
        {
            return stored!.Value.Envelope.EventId;
        }

        throw new InvalidOperationException("No such leaf.");
    }
}

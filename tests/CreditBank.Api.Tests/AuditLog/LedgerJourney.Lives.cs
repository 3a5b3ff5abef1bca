using System.Net;
using System.Text.Json;
using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>What time brings about, and appeals.</summary>
internal sealed partial class LedgerJourney
{
    /// <summary>
    /// A transfer lapses; of two certificates one ended before it came and is revoked, and of the other's end the
    /// learner is warned.
    /// </summary>
    private async Task Time()
    {
        var (path, _) = await Submit(Maths);
        var clock = new TestClock();
        clock.Advance(TransferTerms.HoldDaysDefault + 1);
        var desk = ActivatorUtilities.CreateInstance<TransferDesk>(service.Services, clock);
        await LapseTransferHandler.Handle(new LapseTransfer(path.Split('/')[^1]), desk, CancellationToken.None);
        var today = BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant());
        await Verified("over", today.PlusDays(-1));
        await Verified("near", today.PlusDays(20));
        var books = service.Services.GetRequiredService<LedgerBooks>();
        var sweep = service.Services.GetRequiredService<ExpirySweep>();
        await sweep.RunAsync(books.BookOf(Account), today, CancellationToken.None);
        await using var session = books.Read(books.BookOf(Account));
        var account = (await session.Events.AggregateStreamAsync<Account>(Account))!;
        var over = account.Outcomes.Values.Single(position => position.Expiries.Count > 0).OutcomeId;
        var revocation = await service
            .As("provider", "provider")
            .Post($"/v1/outcomes/{over}/revocation", new { reason = "certificateVoid" });
        revocation.Expect(HttpStatusCode.OK);
    }

    /// <summary>
    /// One agreement is approved, so that the transfer that follows rests on it, one is not, and one is taken back.
    /// </summary>
    private async Task Agreements()
    {
        foreach (var verb in (string[])["approval", "rejection", "withdrawal"])
        {
            var body = new
            {
                accountId = Account,
                institutionId = "shou",
                programmeId = "cs",
                source = new { institutionId = "fudan", courseCodes = new[] { Maths } },
                until = $"{BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(30):uuuu-MM-dd}",
            };
            var proposed = (await Learner.Post("/v1/learning-agreements", body)).Expect(HttpStatusCode.Created);
            var path = $"/v1/learning-agreements/{proposed.Json["agreementId"]}/{verb}";
            var decision =
                verb == "withdrawal" ? Learner.Post(path, new { }) : Approver.Post(path, new { reason = "按现行规则" });
            (await decision).Expect(HttpStatusCode.OK);
        }
    }

    /// <summary>
    /// A panel takes back what was approved and grants what was not; another remands, and a second appeal is dismissed.
    /// </summary>
    private async Task Appeals()
    {
        var panel = service.As("panel", "shou", subject: "panel");
        var (path, transfer) = await Submit(Maths, Databases);
        var lines = new[] { Verdict(transfer, Databases, "refuse") };
        (await Evaluator.Post($"{path}/evaluation", new { lines })).Expect(HttpStatusCode.OK);
        (await Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        var appeal = await Appealed(path);
        var answer = new { decision = "admit", reason = "理由充分" };
        (await panel.Post($"{appeal}/answer", answer)).Expect(HttpStatusCode.OK);
        var varied = new
        {
            decision = "vary",
            reason = "改判",
            lines = new[] { Verdict(transfer, Databases, "grant"), Verdict(transfer, Maths, "refuse") },
        };
        (await panel.Post($"{appeal}/decision", varied)).Expect(HttpStatusCode.OK);

        (path, _) = await Submit(Programming);
        (await Approver.Post($"{path}/rejection", new { reason = "材料不全" })).Expect(HttpStatusCode.OK);
        appeal = await Appealed(path);
        (await panel.Post($"{appeal}/decision", new { decision = "remand", reason = "重审" })).Expect(
            HttpStatusCode.OK
        );
        (await Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        appeal = await Appealed(path);
        var another = service.As("panel", subject: "panel of the bank");
        (await another.Post($"{appeal}/answer", new { decision = "dismiss", reason = "无新理由" })).Expect(
            HttpStatusCode.OK
        );
    }

    private async Task<string> Appealed(string path)
    {
        var filed = await Learner.Post($"{path}/appeals", new { reason = "大纲相同" });
        return $"{path}/appeals/{filed.Expect(HttpStatusCode.Created).Json["appealId"]}";
    }

    private async Task Verified(string number, LocalDate validUntil)
    {
        var body = JsonSerializer.SerializeToNode(Claim(number), JsonSerializerOptions.Web)!;
        body["certificate"]!["validUntil"] = $"{validUntil:uuuu-MM-dd}";
        var claimed = await service.As("provider", "provider").Post("/v1/certificate-claims", body);
        var path = $"/v1/certificate-claims/{claimed.Expect(HttpStatusCode.Created).Json["claimId"]}/verification";
        (
            await service
                .As("verifier", subject: "verifier")
                .Post(path, new { decision = "verified", reason = "与原件核对" })
        ).Expect(HttpStatusCode.OK);
    }
}

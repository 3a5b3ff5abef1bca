using System.Net;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>What issuers take back and correct, free, held and converted.</summary>
internal sealed partial class LedgerJourney
{
    /// <summary>What was converted is revoked, and what is still held for an open transfer as well.</summary>
    private async Task Ended()
    {
        await Approved();
        await Submit(Programming);
        foreach (var course in (string[])[Maths, Programming])
        {
            var path = $"/v1/outcomes/{outcomes[$"{Account} {course}"]}/revocation";
            (await service.As("registry", "fudan").Post(path, new { reason = "fraud" })).Expect(HttpStatusCode.OK);
        }
    }

    private async Task Corrections()
    {
        var registry = service.As("registry", "fudan");
        await LowerMaths();
        var maths = $"/v1/outcomes/{outcomes[$"{Account} {Maths}"]}";
        (await registry.Post($"{maths}/withdrawal", new { reason = "issuerError" })).Expect(HttpStatusCode.OK);
        var programming = $"/v1/outcomes/{outcomes[$"{Account} {Programming}"]}";
        (await registry.Post($"{programming}/revocation", new { reason = "fraud" })).Expect(HttpStatusCode.OK);
    }

    /// <summary>What was converted is corrected below it, proposed again behind the commit, approved again.</summary>
    private async Task CorrectedUse()
    {
        var (path, _) = await Submit(Maths, Programming);
        (await Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        await LowerMaths();
        await Eventually.Get(async () =>
            (await Learner.Get(path)).Json is var transfer && (string?)transfer["state"] == "evaluated"
                ? transfer
                : null
        );
        (await Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
    }

    private async Task LowerMaths()
    {
        var correction = new
        {
            revision = 2,
            reason = "creditChange",
            kind = "academicCourse",
            courseCode = Maths,
            title = Maths,
            credits = 4,
            unit = "cn-credit",
            level = 5,
            result = "passed",
            completedOn = "2024-01-10",
        };
        var path = $"/v1/outcomes/{outcomes[$"{Account} {Maths}"]}/corrections";
        (await service.As("registry", "fudan").Post(path, correction)).Expect(HttpStatusCode.OK);
    }
}

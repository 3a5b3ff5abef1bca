using System.Net;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>Awards: conferred, under review because an outcome was revoked, upheld, rescinded.</summary>
internal sealed partial class LedgerJourney
{
    private async Task Awards()
    {
        await PublishShortProgramme();
        Account = await Open("7");
        await Deposit(Maths);
        var request = new
        {
            accountId = Account,
            institutionId = "shou",
            programmeId = "short",
        };
        var transfer = (await Learner.Post("/v1/transfers", request)).Expect(HttpStatusCode.Created).Json;
        (await Approver.Post($"/v1/transfers/{transfer["transferId"]}/approval", new { })).Expect(HttpStatusCode.OK);
        await StudyEnglish();
        var asked = new
        {
            accountId = Account,
            institutionId = "shou",
            programmeId = "short",
            enrolledOn = "2020-09-01",
        };
        var award = (await Approver.Post("/v1/awards", asked)).Expect(HttpStatusCode.Created).Json;
        var path = $"/v1/awards/{award["awardId"]}";
        var revocation = new { reason = "fraud" };
        var revoked = $"/v1/outcomes/{outcomes[$"{Account} {Maths}"]}/revocation";
        (await service.As("registry", "fudan").Post(revoked, revocation)).Expect(HttpStatusCode.OK);
        var another = service.As("approver", "shou", subject: "another-approver");
        (await another.Post($"{path}/review", new { reason = "维持" })).Expect(HttpStatusCode.OK);
        await MergedAndParted();
        (await another.Post($"{path}/rescission", new { reason = "fraud", text = "撤销" })).Expect(HttpStatusCode.OK);
    }

    /// <summary>The account with the award is merged into another one, and both are two again.</summary>
    private async Task MergedAndParted()
    {
        var reason = "同一人";
        var merges = $"/v1/accounts/{await Open("7-merge")}/merges";
        var proposal = new { absorbed = Account, reason };
        var proposed = (await service.As("operator", subject: "one").Post(merges, proposal)).Expect(
            HttpStatusCode.Created
        );
        var another = service.As("operator", subject: "another");
        var path = $"{merges}/{proposed.Json["mergeId"]}";
        (await another.Post($"{path}/decision", new { decision = "confirmed" })).Expect(HttpStatusCode.OK);
        (await another.Post($"{path}/unmerge", new { reason })).Expect(HttpStatusCode.OK);
    }

    /// <summary>Prior learning: recognised once, refused once.</summary>
    private async Task PriorLearning()
    {
        Account = await Open("8");
        foreach (var decision in (string[])["recognise", "refuse", "withdraw"])
        {
            var application = new
            {
                accountId = Account,
                institutionId = "shou",
                statement = "在岗六年",
                evidence = new[] { evidence },
            };
            var submitted = (await Learner.Post("/v1/prior-learning", application)).Expect(HttpStatusCode.Created);
            var path = $"/v1/prior-learning/{submitted.Json["portfolioId"]}";
            var found = new
            {
                courseCode = "LOG-1",
                title = "物流基础",
                credits = 2,
                unit = "cn-credit",
            };
            var assessment = new
            {
                found,
                method = "interview",
                reason = "面谈",
            };
            (await Evaluator.Post($"{path}/assessment", assessment)).Expect(HttpStatusCode.OK);
            var decided =
                decision == "withdraw"
                    ? Learner.Post($"{path}/withdrawal", new { })
                    : Approver.Post($"{path}/decision", new { decision, reason = "已核对" });
            (await decided).Expect(HttpStatusCode.OK);
        }
    }

    private async Task PublishShortProgramme()
    {
        var body = new
        {
            title = "短期课程",
            level = 5,
            totalCredits = 8,
            ruleSetFamily = "sqf",
            courses = new[] { Course("SHOU-MATH", 4), Course("SHOU-ENG", 4) },
        };
        (await service.As("registry", "shou").Put("/v1/institutions/shou/programmes/short", body)).Expect(
            HttpStatusCode.Created
        );
    }

    private async Task StudyEnglish()
    {
        var record = new
        {
            recordId = $"{Account}-english",
            revision = 1,
            learner = new { accountId = Account },
            kind = "academicCourse",
            courseCode = "SHOU-ENG",
            title = "英语",
            credits = 4,
            unit = "cn-credit",
            level = 5,
            result = "passed",
            completedOn = "2024-01-10",
        };
        var body = new
        {
            institutionId = "shou",
            reference = $"journey-{++references}",
            term = "2023-1",
            records = new[] { record },
        };
        (await service.As("registry", "shou").Post("/v1/transcripts", body)).Expect(HttpStatusCode.OK);
    }
}

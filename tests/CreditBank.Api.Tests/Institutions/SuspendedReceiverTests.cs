using System.Net;
using System.Security.Cryptography;
using CreditBank.Api.Tests.Support;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Tests.Institutions;

/// <summary>An institution is suspended while it has transfers to decide. A ledger of its own: the receiver is shared
/// everywhere else.</summary>
public sealed class SuspendedReceiverTests
{
    private static readonly object Reason = new { zh = "年检", en = "inspection" };

    [Fact]
    public async Task a_transfer_in_progress_stays_and_is_approved_after_the_reinstatement()
    {
        await using var service = await TestService.StartAsync();
        var (account, outcomes) = await Learner(service);
        var learner = service.As("learner", account: account);
        var path = $"/v1/transfers/{await Submit(learner, account, outcomes[0])}";
        var approver = service.As("approver", "shou", subject: "approver");
        await Change(service, "suspension");

        var refused = await approver.Post($"{path}/approval", new { });
        var submitted = await learner.Post("/v1/transfers", Request(account, outcomes[1]));

        Assert.Equal("institution.suspended", refused.Expect(HttpStatusCode.Conflict).Code);
        Assert.Equal("institution.suspended", submitted.Expect(HttpStatusCode.Conflict).Code);
        Assert.Equal("evaluated", (string?)(await learner.Get(path)).Expect(HttpStatusCode.OK).Json["state"]);
        await Change(service, "reinstatement");
        (await approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        await Successor(service, learner, account, outcomes[1]);
    }

    [Fact]
    public async Task what_waits_for_a_suspended_receiver_is_decided_by_its_successor()
    {
        await using var service = await TestService.StartAsync();
        var (account, _) = await Learner(service);
        var learner = service.As("learner", account: account);
        var agreement = await Propose(learner, account);
        var path = $"/v1/learning-agreements/{agreement.Expect(HttpStatusCode.Created).Json["agreementId"]}";
        var portfolio = await Apply(learner, account);
        await Change(service, "suspension");

        var approved = await service.As("approver", "shou", subject: "approver").Post($"{path}/approval", new { });
        var proposed = await Propose(learner, account);

        Assert.Equal("institution.suspended", approved.Expect(HttpStatusCode.Conflict).Code);
        Assert.Equal("institution.suspended", proposed.Expect(HttpStatusCode.Conflict).Code);
        await Change(service, "reinstatement");
        await Heir(service);
        Assert.Equal("institution.merged", (await Propose(learner, account)).Expect(HttpStatusCode.Conflict).Code);
        (await service.As("approver", "heir", subject: "heir").Post($"{path}/approval", new { })).Expect(
            HttpStatusCode.OK
        );
        foreach (var waiting in (string[])[path, portfolio])
        {
            var listed = await service.As("evaluator", "heir", subject: "one").Get(waiting[..waiting.LastIndexOf('/')]);
            Assert.Contains(waiting.Split('/')[^1], listed.Expect(HttpStatusCode.OK).Text);
        }

        var nothing = new { method = "portfolio", reason = "所示不足" };
        (await service.As("evaluator", "heir", subject: "one").Post($"{portfolio}/assessment", nothing)).Expect(
            HttpStatusCode.OK
        );
        var refusal = new { decision = "refuse", reason = "不予认定" };
        (await service.As("approver", "heir", subject: "heir").Post($"{portfolio}/decision", refusal)).Expect(
            HttpStatusCode.OK
        );
    }

    private static Task<Reply> Propose(TestCaller learner, string accountId) =>
        learner.Post(
            "/v1/learning-agreements",
            new
            {
                accountId,
                institutionId = "shou",
                programmeId = "cs",
                source = new { institutionId = "fudan" },
                until = $"{BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(30):uuuu-MM-dd}",
            }
        );

    private static async Task<string> Apply(TestCaller learner, string accountId)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData("evidence"u8));
        using var content = new ByteArrayContent("evidence"u8.ToArray());
        using var put = await learner.Client.PutAsync(new Uri($"/v1/evidence/{sha256}", UriKind.Relative), content);
        Assert.True(put.IsSuccessStatusCode);
        var application = new
        {
            accountId,
            institutionId = "shou",
            statement = "在岗六年",
            evidence = new[] { sha256 },
        };
        var submitted = (await learner.Post("/v1/prior-learning", application)).Expect(HttpStatusCode.Created);
        return $"/v1/prior-learning/{submitted.Json["portfolioId"]}";
    }

    private static async Task Heir(TestService service)
    {
        (await service.As("operator").Post("/v1/institutions", Sample.Institution("heir"))).Expect(
            HttpStatusCode.Created
        );
        var merger = new { successorId = "heir", reason = Reason };
        (await service.As("operator").Post("/v1/institutions/shou/merger", merger)).Expect(HttpStatusCode.OK);
    }

    /// <summary>The successor decides what is in progress, and the old approver no more.</summary>
    private static async Task Successor(TestService service, TestCaller learner, string account, string outcome)
    {
        var path = $"/v1/transfers/{await Submit(learner, account, outcome)}";
        await Heir(service);
        var old = await service.As("approver", "shou", subject: "approver").Post($"{path}/approval", new { });
        Assert.Equal("institution.merged", old.Expect(HttpStatusCode.Conflict).Code);
        var heir = service.As("approver", "heir", subject: "heir");
        (await heir.Get(path)).Expect(HttpStatusCode.OK);
        (await heir.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
    }

    private static async Task Change(TestService service, string verb) =>
        (await service.As("operator").Post($"/v1/institutions/shou/{verb}", new { reason = Reason })).Expect(
            HttpStatusCode.OK
        );

    private static object Request(string account, string outcome) =>
        new
        {
            accountId = account,
            institutionId = "shou",
            programmeId = "cs",
            outcomeIds = new[] { outcome },
        };

    private static async Task<string> Submit(TestCaller learner, string account, string outcome) =>
        (string)
            (await learner.Post("/v1/transfers", Request(account, outcome))).Expect(HttpStatusCode.Created).Json[
                "transferId"
            ]!;

    private static async Task<(string Account, string[] Outcomes)> Learner(TestService service)
    {
        foreach (var id in (string[])["fudan", "shou"])
        {
            (await service.As("operator").Post("/v1/institutions", Sample.Institution(id))).Expect(
                HttpStatusCode.Created
            );
        }

        object[] courses = [Course("SHOU-MATH", 4), Course("SHOU-PROG", 3)];
        var programme = new
        {
            title = "计算机",
            level = 5,
            totalCredits = 70,
            ruleSetFamily = "sqf",
            courses,
        };
        (await service.As("registry", "shou").Put("/v1/institutions/shou/programmes/cs", programme)).Expect(
            HttpStatusCode.Created
        );
        var identity = new
        {
            type = "institutional",
            number = "1",
            institutionId = "fudan",
        };
        var opened = await service.As("operator").Post("/v1/accounts", new { identity, name = "张三" });
        var account = (string)opened.Expect(HttpStatusCode.Created).Json["accountId"]!;
        var body = new
        {
            institutionId = "fudan",
            reference = "t",
            term = "2023-1",
            records = new[] { Record(account, "MATH120021", 5), Record(account, "COMP110042", 3) },
        };
        var posted = (await service.As("registry", "fudan").Post("/v1/transcripts", body)).Expect(HttpStatusCode.OK);
        return (account, [.. posted.Json["records"]!.AsArray().Select(row => (string)row!["outcomeId"]!)]);
    }

    private static object Course(string courseCode, int credits) =>
        new
        {
            courseCode,
            title = courseCode,
            credits,
            category = "core",
            compulsory = true,
        };

    private static object Record(string accountId, string courseCode, int credits) =>
        new
        {
            recordId = courseCode,
            revision = 1,
            learner = new { accountId },
            kind = "academicCourse",
            courseCode,
            title = courseCode,
            credits,
            unit = "cn-credit",
            level = 5,
            result = "passed",
            grade = new { scale = "percent", value = "91" },
            completedOn = "2024-01-10",
        };
}

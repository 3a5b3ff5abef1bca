using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.RuleSets;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.AuditLog;

/// <summary>
/// Everything that can happen, once, over HTTP: every kind of event of the catalogue is in the ledger afterwards. The
/// institutions carry the ids that the shipped rule set names.
/// </summary>
internal sealed partial class LedgerJourney(TestService service)
{
    private const string Maths = "MATH120021";
    private const string Programming = "COMP110042";
    private const string Databases = "COMP130010";
    private const string Philosophy = "PHIL110";
    private readonly Dictionary<string, string> outcomes = [];
    private string evidence = "";
    private int references;

    /// <summary>The learner who converted.</summary>
    public string Account { get; private set; } = "";

    /// <summary>The outcome that was converted.</summary>
    public string Converted => outcomes[$"{Account} {Maths}"];

    private TestCaller Learner => service.As("learner", account: Account);

    private TestCaller Evaluator => service.As("evaluator", "shou", subject: "evaluator");

    private TestCaller Approver => service.As("approver", "shou", subject: "approver");

    /// <summary>Walks all of it.</summary>
    public async Task WalkAsync()
    {
        await Institutions();
        Account = await Open("1");
        await Deposit(Maths, Programming, Databases, Philosophy);
        await Consents();
        await Decided();
        Account = await Open("2");
        await Deposit(Maths, Programming);
        await Closed("return", Approver);
        await Closed("rejection", Approver);
        await Closed("withdrawal", Learner);
        await Corrections();
        await Claims();
        Account = await Open("4");
        await Deposit(Maths, Programming);
        await Ended();
        Account = await Open("corrected");
        await Deposit(Maths, Programming);
        await CorrectedUse();
        Account = await Open("5");
        await Deposit(Maths);
        await Agreements();
        await Time();
        Account = await Open("6");
        await Deposit(Maths, Programming, Databases);
        await Appeals();
        await Awards();
        await PriorLearning();
        Account = await Open("3");
        await Deposit(Maths, Programming);
        await Approved();
        await Merged();
        await InstitutionsChange();
        await Erased();
        await RuleSetsOfAnotherFamily();
    }

    /// <summary>A legal hold comes and goes, and then the person is erased.</summary>
    private async Task Erased()
    {
        var bank = service.As("operator");
        var path = $"/v1/accounts/{await Open("erased")}";
        var hold = (await bank.Post($"{path}/legal-holds", new { reason = "诉讼" })).Expect(HttpStatusCode.Created);
        (await bank.Delete($"{path}/legal-holds/{hold.Json["holdId"]}")).Expect(HttpStatusCode.OK);
        (await bank.Post($"{path}/erasure", new { reason = "request" })).Expect(HttpStatusCode.OK);
    }

    /// <summary>An institution is suspended and reinstated, changes its scope, and becomes part of another.</summary>
    private async Task InstitutionsChange()
    {
        var bank = service.As("operator");
        var reason = new { zh = "调整", en = "change" };
        (await bank.Post("/v1/institutions", Sample.Institution("college"))).Expect(HttpStatusCode.Created);
        var accreditation = new { kinds = new[] { "training" }, from = "1990-01-01" };
        (string Verb, object Body)[] changes =
        [
            ("suspension", new { reason }),
            ("reinstatement", new { reason }),
            ("accreditation", new { accreditation, reason }),
            ("merger", new { successorId = "provider", reason }),
        ];
        foreach (var (verb, body) in changes)
        {
            (await bank.Post($"/v1/institutions/college/{verb}", body)).Expect(HttpStatusCode.OK);
        }
    }

    /// <summary>A merge that is declined, one that is confirmed, a duplicate in it, and its undoing.</summary>
    private async Task Merged()
    {
        var absorbed = Account;
        var survivor = await Open("merge");
        var other = outcomes[$"{absorbed} {Maths}"];
        Account = survivor;
        await Deposit(Maths);
        var merges = $"/v1/accounts/{survivor}/merges";
        foreach (var decision in (string[])["declined", "confirmed"])
        {
            var reason = "同一人";
            var proposed = (await service.As("operator", subject: "one").Post(merges, new { absorbed, reason })).Expect(
                HttpStatusCode.Created
            );
            var path = $"{merges}/{proposed.Json["mergeId"]}";
            var another = service.As("operator", subject: "another");
            (await another.Post($"{path}/decision", new { decision, reason })).Expect(HttpStatusCode.OK);
            if (decision == "confirmed")
            {
                var duplicate = new
                {
                    outcomeId = other,
                    otherOutcomeId = outcomes[$"{survivor} {Maths}"],
                    decision = "distinct",
                    reason,
                };
                (await another.Post($"{path}/duplicates", duplicate)).Expect(HttpStatusCode.OK);
                (await another.Post($"{path}/unmerge", new { reason })).Expect(HttpStatusCode.OK);
            }
        }

        Account = absorbed;
    }

    /// <summary>A family that nobody asks for lives its life: drafted, published, found wrong, retired.</summary>
    private async Task RuleSetsOfAnotherFamily()
    {
        await SmallDraft.Publish(service, SmallDraft.Files("journey"));
        await SmallDraft.Publish(service, SmallDraft.Files("journey", "2", from: "2020-01-01"));
        var text = new { zh = "有误", en = "wrong" };
        var erratum = new
        {
            erratumId = "e1",
            clause = "maths",
            mode = "prospective",
            correctedBy = "journey-2",
            text,
        };
        var approver = SmallDraft.Approver(service);
        (await approver.Post("/v1/rule-sets/journey-1/errata", erratum)).Expect(HttpStatusCode.Created);
        (
            await approver.Post("/v1/rule-sets/journey-2/retirement", new { effectiveTo = "2999-01-01", reason = text })
        ).Expect(HttpStatusCode.OK);
    }

    private async Task Institutions()
    {
        foreach (var id in (string[])["fudan", "shou", "provider"])
        {
            (await service.As("operator").Post("/v1/institutions", Sample.Institution(id))).Expect(
                HttpStatusCode.Created
            );
        }

        object[] courses =
        [
            Course("SHOU-MATH", 4),
            Course("SHOU-PROG", 3),
            Course("SHOU-DB", 3),
            Course("SHOU-PHIL", 2),
        ];
        var body = new
        {
            title = "计算机科学与技术（专升本）",
            level = 5,
            totalCredits = 70,
            ruleSetFamily = "sqf",
            courses,
        };
        (await service.As("registry", "shou").Put("/v1/institutions/shou/programmes/cs", body)).Expect(
            HttpStatusCode.Created
        );
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

    private async Task<string> Open(string number)
    {
        var identity = new
        {
            type = "institutional",
            number,
            institutionId = "fudan",
        };
        var opened = await service.As("operator").Post("/v1/accounts", new { identity, name = "张三" });
        return (string)opened.Expect(HttpStatusCode.Created).Json["accountId"]!;
    }

    private async Task Deposit(params string[] courses)
    {
        var records = courses.Select(course => new
        {
            recordId = $"{Account}-{course}",
            revision = 1,
            learner = new { accountId = Account },
            kind = "academicCourse",
            courseCode = course,
            title = course,
            credits = course == Maths ? 5
            : course == Philosophy ? 2
            : 3,
            unit = "cn-credit",
            level = 5,
            result = "passed",
            grade = new { scale = "percent", value = "91" },
            completedOn = "2024-01-10",
        });
        var body = new
        {
            institutionId = "fudan",
            reference = $"journey-{++references}",
            term = "2023-1",
            records,
        };
        var posted = (await service.As("registry", "fudan").Post("/v1/transcripts", body)).Expect(HttpStatusCode.OK);
        foreach (var (course, row) in courses.Zip(posted.Json["records"]!.AsArray()))
        {
            Assert.True((string?)row!["status"] == "accepted", posted.Text);
            outcomes[$"{Account} {course}"] = (string)row["outcomeId"]!;
        }
    }

    private async Task Consents()
    {
        var path = $"/v1/accounts/{Account}/consents";
        var body = new { institutionId = "shou", scope = "account" };
        var granted = (await Learner.Post(path, body)).Expect(HttpStatusCode.Created);
        var ended = await Learner.Delete($"{path}/{granted.Json["consentId"]}");
        Assert.True((int)ended.Status < 300, ended.Text);
    }

    private async Task<(string Path, JsonNode Transfer)> Submit(params string[] courses)
    {
        var request = new
        {
            accountId = Account,
            institutionId = "shou",
            programmeId = "cs",
            outcomeIds = courses.Select(course => outcomes[$"{Account} {course}"]).ToArray(),
        };
        var submitted = (await Learner.Post("/v1/transfers", request)).Expect(HttpStatusCode.Created).Json;
        return ($"/v1/transfers/{submitted["transferId"]}", submitted);
    }

    /// <summary>A transfer with a question, an answer, maybe lines granted and refused, and a part approved.</summary>
    private async Task Decided()
    {
        var (path, transfer) = await Submit(Maths, Programming, Databases, Philosophy);
        (await Evaluator.Post($"{path}/information-requests", new { text = "请补充大纲" })).Expect(HttpStatusCode.OK);
        (await Learner.Post($"{path}/information", new { text = "见附件" })).Expect(HttpStatusCode.OK);
        var lines = new[] { Verdict(transfer, Databases, "grant"), Verdict(transfer, Philosophy, "refuse") };
        (await Evaluator.Post($"{path}/evaluation", new { lines })).Expect(HttpStatusCode.OK);
        int[] approved = [LineOf(transfer, Maths), LineOf(transfer, Databases)];
        (await Approver.Post($"{path}/approval", new { lines = approved })).Expect(HttpStatusCode.OK);
    }

    private object Verdict(JsonNode transfer, string course, string decision) =>
        new
        {
            line = LineOf(transfer, course),
            decision,
            reason = "已核对",
        };

    private int LineOf(JsonNode transfer, string course) =>
        (int)
            transfer["proposal"]!["lines"]!
                .AsArray()
                .Single(line => (string?)line!["outcomeIds"]![0] == outcomes[$"{Account} {course}"])!["line"]!;

    private async Task Closed(string verb, TestCaller caller)
    {
        var (path, _) = await Submit(Maths, Programming);
        object body = verb == "withdrawal" ? new { } : new { reason = "材料不全" };
        (await caller.Post($"{path}/{verb}", body)).Expect(HttpStatusCode.OK);
    }

    private async Task Approved()
    {
        var (path, _) = await Submit(Maths);
        (await Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
    }

    private async Task Claims()
    {
        var provider = service.As("provider", "provider");
        var bytes = Encoding.UTF8.GetBytes("scan");
        evidence = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var content = new ByteArrayContent(bytes);
        using var put = await provider.Client.PutAsync(new Uri($"/v1/evidence/{evidence}", UriKind.Relative), content);
        Assert.True(put.IsSuccessStatusCode);
        foreach (var decision in (string[])["verified", "rejected"])
        {
            var claimed = (await provider.Post("/v1/certificate-claims", Claim(decision))).Expect(
                HttpStatusCode.Created
            );
            var path = $"/v1/certificate-claims/{claimed.Json["claimId"]}/verification";
            (
                await service.As("verifier", subject: "verifier").Post(path, new { decision, reason = "与原件核对" })
            ).Expect(HttpStatusCode.OK);
        }

        var withdrawn = (await provider.Post("/v1/certificate-claims", Claim("withdrawn"))).Expect(
            HttpStatusCode.Created
        );
        (await provider.Post($"/v1/certificate-claims/{withdrawn.Json["claimId"]}/withdrawal", new { })).Expect(
            HttpStatusCode.OK
        );
    }

    private object Claim(string number) =>
        new
        {
            providerId = "provider",
            recordId = number,
            learner = new { accountId = Account },
            kind = "xCertificate",
            certificate = new
            {
                number = $"NO-{number}",
                code = "web-frontend",
                title = "Web 前端开发",
                level = "intermediate",
                issuerId = "provider",
                issuedOn = "2025-06-30",
            },
            evidence = new[]
            {
                new
                {
                    sha256 = evidence,
                    mediaType = "application/pdf",
                    title = "扫描件",
                },
            },
        };
}

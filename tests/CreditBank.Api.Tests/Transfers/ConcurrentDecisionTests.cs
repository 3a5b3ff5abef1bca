using System.Net;
using CreditBank.Api.Tests.Awards;
using CreditBank.Api.Tests.RuleSets;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Transfers;

/// <summary>Decisions against a real database, at the same moment as others and as deposits.</summary>
public sealed class ConcurrentDecisionTests
{
    private const string Maths = TransferScene.Maths;
    private const string Databases = TransferScene.Databases;
    private static readonly object Why = new { reason = "理由" };

    /// <summary>Half of the programme is 10; each course is worth 3.</summary>
    private const string HalfOfIt = """
        caps:
          - id: cap-half
            title: { zh: 一半, en: half }
            counts: { line.converted: "true" }
            limit: { share: 50% }
            cites: ASSUMPTION
        """;

    [Fact]
    public async Task of_32_approvals_under_one_cap_exactly_those_that_fit_are_posted()
    {
        string[] courses = [.. Enumerable.Range(0, 32).Select(number => $"CAP{number:00}")];
        var scene = await TransferScene.Open("conc-cap");
        await Programme(scene, courses);
        await scene.Deposit(courses);
        var paths = new List<string>();
        foreach (var course in courses)
        {
            paths.Add($"/v1/transfers/{(await scene.Submit(course))["transferId"]}/approval");
        }

        var replies = await Task.WhenAll(paths.Select(path => scene.Approver.Post(path, new { })));

        Assert.Equal(3, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        var refused = replies.Where(reply => reply.Status != HttpStatusCode.OK).ToList();
        Assert.All(refused, reply => Assert.Equal("cap.exceeded", reply.Code));
        Assert.All(refused, reply => reply.Expect(HttpStatusCode.UnprocessableEntity));
        var balances = await scene.Learner.Get($"/v1/accounts/{scene.Account}/balances");
        var granted = balances.Expect(HttpStatusCode.OK).Json["granted"]!.AsArray();
        Assert.Equal(9m, granted.Sum(one => (decimal)one!["amount"]!));
        Assert.Equal(29, (await scene.Ledger()).Outcomes.Values.Count(outcome => outcome.Held.Amount.Value == 3));
    }

    [Theory]
    [InlineData("approval")]
    [InlineData("evaluation")]
    [InlineData("return")]
    [InlineData("rejection")]
    [InlineData("withdrawal")]
    [InlineData("appeal")]
    [InlineData("award")]
    public async Task deposits_at_the_moment_of_a_decision_do_not_keep_it_from_being_taken(string decision)
    {
        for (var round = 0; round < 3; round++)
        {
            var id = $"conc-{decision}-{round}";
            var (scene, decide) = decision == "award" ? await Award(id) : await Transfer(id, decision);
            var deposits = Enumerable.Range(0, 12).Select(number => Deposit(scene, $"{id}-{number}"));

            var replies = await Task.WhenAll(deposits.Take(6).Append(decide()).Concat(deposits.Skip(6)));

            Assert.All(replies, reply => Assert.True((int)reply.Status is 200 or 201, reply.Text));
            Assert.Equal(12, (await scene.Ledger()).Outcomes.Values.Count(one => one.Record.CourseCode == "LATE"));
        }
    }

    [Fact]
    public async Task an_approver_who_named_the_version_is_told_of_another_and_not_overruled()
    {
        var scene = await TransferScene.Open("conc-version", Maths);
        var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";
        var seen = (await scene.Approver.Get(path)).Headers.ETag!.ToString();

        var replies = await Task.WhenAll(
            scene.Approver.With("If-Match", seen).Post($"{path}/approval", new { }),
            scene.Service.As("approver", "shou", subject: "other").With("If-Match", seen).Post($"{path}/return", Why)
        );

        var lost = Assert.Single(replies, reply => reply.Status == HttpStatusCode.Conflict);
        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.Equal("state.version", lost.Code);
    }

    private static async Task<(TransferScene Scene, Func<Task<Reply>> Decide)> Transfer(string id, string decision)
    {
        var scene = await TransferScene.Open(id, Maths, Databases);
        var transfer = await scene.Submit();
        var path = $"/v1/transfers/{transfer["transferId"]}";
        var line = scene.LineOf(transfer, Databases);
        var refuse = new
        {
            lines = new[]
            {
                new
                {
                    line,
                    decision = "refuse",
                    reason = "内容不同",
                },
            },
        };
        var approve = new { lines = new[] { scene.LineOf(transfer, Maths) } };
        if (decision != "appeal")
        {
            var (caller, body) = decision switch
            {
                "approval" => (scene.Approver, (object)approve),
                "evaluation" => (scene.Evaluator, refuse),
                "withdrawal" => (scene.Learner, new { }),
                _ => (scene.Approver, Why),
            };
            return (scene, () => caller.Post($"{path}/{decision}", body));
        }

        (await scene.Approver.Post($"{path}/rejection", Why)).Expect(HttpStatusCode.OK);
        var filed = (await scene.Learner.Post($"{path}/appeals", Why)).Expect(HttpStatusCode.Created);
        var appeal = $"{path}/appeals/{filed.Json["appealId"]}";
        var panel = scene.Service.As("panel", "shou", subject: "panel");
        (await panel.Post($"{appeal}/answer", new { decision = "admit", reason = "受理" })).Expect(HttpStatusCode.OK);
        return (scene, () => panel.Post($"{appeal}/decision", new { decision = "remand", reason = "重审" }));
    }

    private static async Task<(TransferScene Scene, Func<Task<Reply>> Decide)> Award(string id)
    {
        var scene = await AwardScene.Open(id, "SHOU-ENG");
        return (scene.Transfers, () => scene.Approver.Post("/v1/awards", scene.Request()));
    }

    private static Task<Reply> Deposit(TransferScene scene, string recordId)
    {
        var record = new
        {
            recordId,
            revision = 1,
            learner = new { accountId = scene.Account },
            kind = "academicCourse",
            courseCode = "LATE",
            title = "LATE",
            credits = 1,
            unit = "cn-credit",
            level = 5,
            result = "passed",
            completedOn = "2024-01-10",
        };
        var body = new
        {
            institutionId = "fudan",
            reference = recordId,
            term = "2023-1",
            records = new[] { record },
        };
        return scene.Service.As("registry", "fudan").Post("/v1/transcripts", body);
    }

    private static async Task Programme(TransferScene scene, string[] courses)
    {
        var equivalences = courses.Select(code =>
            $$"""
                  - id: {{code.ToLowerInvariant()}}
                    from: { institution: fudan, course: {{code}} }
                    to: { institution: shou, courses: {{code}} }
                    cites: ASSUMPTION
                """
        );
        var files = SmallDraft.Files(scene.ProgrammeId, equivalences: string.Join('\n', equivalences));
        files["caps.yaml"] = HalfOfIt;
        await SmallDraft.Publish(scene.Service, files);
        var body = new
        {
            title = "一半",
            level = 5,
            totalCredits = 20,
            ruleSetFamily = scene.ProgrammeId,
            courses = courses.Select(courseCode => new
            {
                courseCode,
                title = courseCode,
                credits = 3,
                category = "core",
                compulsory = false,
            }),
        };
        var path = $"/v1/institutions/shou/programmes/{scene.ProgrammeId}";
        (await scene.Service.As("registry", "shou").Put(path, body)).Expect(HttpStatusCode.OK);
    }
}

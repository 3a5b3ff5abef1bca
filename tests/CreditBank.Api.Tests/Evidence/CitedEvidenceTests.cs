using System.Net;
using System.Security.Cryptography;
using System.Text;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;

namespace CreditBank.Api.Tests.Evidence;

/// <summary>
/// Who decides on evidence can read it, by the rules of what cites it; nobody else knows that it is there.
/// </summary>
public sealed class CitedEvidenceTests
{
    [Fact]
    public async Task an_assessor_reads_what_an_application_cites()
    {
        var scene = await TransferScene.Open("evidence-rpl");
        var sha256 = await Upload(scene.Learner, "portfolio");
        var application = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            statement = "在岗六年",
            evidence = new[] { sha256 },
        };
        var submitted = (await scene.Learner.Post("/v1/prior-learning", application)).Expect(HttpStatusCode.Created);
        var path = $"/v1/prior-learning/{submitted.Json["portfolioId"]}/evidence";

        await Reads($"{path}/{sha256}", "portfolio", scene.Learner, scene.Evaluator, scene.Service.As("auditor"));

        await IsUnknown($"{path}/{sha256}", Strangers(scene.Service));
        await IsUnknown($"{path}/{await Upload(scene.Learner, "not cited")}", [scene.Evaluator]);
    }

    [Fact]
    public async Task a_receiver_reads_what_came_with_an_answer_and_a_panel_what_came_with_an_appeal()
    {
        var scene = await TransferScene.Open("evidence-transfer", TransferScene.Databases);
        var submitted = await scene.Submit();
        var path = $"/v1/transfers/{submitted["transferId"]}";
        var (answered, judged, appealed) = (
            await Upload(scene.Learner, "syllabus"),
            await Upload(scene.Evaluator, "comparison"),
            await Upload(scene.Learner, "textbook")
        );
        (await scene.Evaluator.Post($"{path}/information-requests", new { text = "大纲？" })).Expect(HttpStatusCode.OK);
        var answer = new { text = "见附件", evidence = new[] { answered } };
        (await scene.Learner.Post($"{path}/information", answer)).Expect(HttpStatusCode.OK);
        var verdict = new
        {
            line = scene.LineOf(submitted, TransferScene.Databases),
            decision = "refuse",
            reason = "不同",
            evidence = new[] { judged },
        };
        (await scene.Evaluator.Post($"{path}/evaluation", new { lines = new[] { verdict } })).Expect(HttpStatusCode.OK);
        (await scene.Approver.Post($"{path}/rejection", new { reason = "不同" })).Expect(HttpStatusCode.OK);
        var panel = scene.Service.As("panel", "shou", subject: "panel");
        await IsUnknown($"{path}/evidence/{answered}", [panel]);
        var appeal = new { reason = "相同", evidence = new[] { appealed } };
        var filed = (await scene.Learner.Post($"{path}/appeals", appeal)).Expect(HttpStatusCode.Created);
        var ofAppeal = $"{path}/appeals/{filed.Json["appealId"]}/evidence/{appealed}";

        await Reads($"{path}/evidence/{answered}", "syllabus", scene.Learner, scene.Evaluator, panel);
        await Reads($"{path}/evidence/{judged}", "comparison", scene.Learner, scene.Approver, panel);
        await Reads(ofAppeal, "textbook", scene.Learner, scene.Approver, panel, scene.Service.As("auditor"));

        // The issuer sees its lines, and neither what the learner wrote nor what was sent along.
        TestCaller[] others = [.. Strangers(scene.Service), scene.Service.As("registry", "fudan")];
        await IsUnknown($"{path}/evidence/{answered}", others);
        await IsUnknown(ofAppeal, others);
        await IsUnknown($"{path}/evidence/{appealed}", [panel]);
        await IsUnknown($"{path}/appeals/apl-none/evidence/{appealed}", [panel]);
        await IsUnknown($"/v1/transfers/trf-00-00000000000000000000/evidence/{answered}", [panel]);
    }

    private static TestCaller[] Strangers(TestService service) =>
        [
            service.As("evaluator", "another-place"),
            service.As("panel", "another-place"),
            service.As("learner", account: "acc-00-00000000000000000000"),
            service.As("operator"),
            service.As("verifier"),
        ];

    private static async Task Reads(string path, string content, params TestCaller[] callers)
    {
        foreach (var caller in callers)
        {
            using var response = await caller.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(content, await response.Content.ReadAsStringAsync());
            Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        }
    }

    private static async Task IsUnknown(string path, TestCaller[] callers)
    {
        foreach (var caller in callers)
        {
            Assert.Equal("evidence.unknown", (await caller.Get(path)).Expect(HttpStatusCode.NotFound).Code);
        }
    }

    private static async Task<string> Upload(TestCaller caller, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var content = new ByteArrayContent(bytes);
        using var put = await caller.Client.PutAsync(new Uri($"/v1/evidence/{sha256}", UriKind.Relative), content);
        Assert.True(put.IsSuccessStatusCode);
        return sha256;
    }
}

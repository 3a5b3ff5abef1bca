using System.Net;
using System.Security.Cryptography;
using CreditBank.Api.Tests.Awards;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Tests.Institutions;

/// <summary>One of each thing that waits for a decision of the receiver, on a ledger of its own.</summary>
internal sealed class WaitingMatters
{
    private static readonly object Why = new { zh = "年检", en = "inspection" };

    private WaitingMatters(TestService service, TransferScene scene) => (Service, Scene) = (service, scene);

    public TestService Service { get; }

    public TransferScene Scene { get; }

    /// <summary>An open transfer with a maybe line, and the body that grants it.</summary>
    public (string Path, object Grant) Open { get; private set; }

    /// <summary>Two rejected transfers with a filed appeal each.</summary>
    public List<string> Appeals { get; } = [];

    /// <summary>A proposed agreement.</summary>
    public string Agreement { get; private set; } = string.Empty;

    /// <summary>An application for prior learning that was assessed.</summary>
    public string Portfolio { get; private set; } = string.Empty;

    /// <summary>An award under review that another person conferred, and one that stands.</summary>
    public (string Reviewed, string Standing) Awards { get; private set; }

    /// <summary>An account and what an award of its own could be conferred on.</summary>
    public object Conferral { get; private set; } = new();

    public TestCaller Of(string role, string institution = "shou") =>
        Service.As(role, institution, subject: $"{role} who decides");

    public static async Task<WaitingMatters> OpenAsync(TestService service)
    {
        await TransferScene.Register(service);
        var scene = await TransferScene.Open(
            service,
            "waiting",
            TransferScene.Maths,
            TransferScene.Databases,
            TransferScene.Programming
        );
        var matters = new WaitingMatters(service, scene);
        var submitted = await scene.Submit(TransferScene.Databases);
        var grant = new
        {
            line = scene.LineOf(submitted, TransferScene.Databases),
            decision = "grant",
            reason = "相同",
        };
        matters.Open = ($"/v1/transfers/{submitted["transferId"]}", new { lines = new[] { grant } });
        foreach (var course in (string[])[TransferScene.Maths, TransferScene.Programming])
        {
            await matters.Appeal(course);
        }

        matters.Agreement = await matters.Propose();
        matters.Portfolio = await matters.Apply();
        await matters.Confer();
        return matters;
    }

    public async Task Change(string verb) =>
        (await Service.As("operator").Post($"/v1/institutions/shou/{verb}", new { reason = Why })).Expect(
            HttpStatusCode.OK
        );

    /// <summary>Makes an institution part of a new one.</summary>
    public async Task Merge(string institution = "shou", string heir = "heir")
    {
        (await Service.As("operator").Post("/v1/institutions", Sample.Institution(heir))).Expect(
            HttpStatusCode.Created
        );
        var merger = new { successorId = heir, reason = Why };
        (await Service.As("operator").Post($"/v1/institutions/{institution}/merger", merger)).Expect(HttpStatusCode.OK);
    }

    /// <summary>Every command of the receiver's people, by name; those that only give back apart.</summary>
    public IEnumerable<(string Name, bool GivesBack, Func<Task<Reply>> Send)> Commands(string institution)
    {
        var (approver, panel) = (Of("approver", institution), Of("panel", institution));
        var reason = new { reason = "x" };
        yield return (
            "evaluate",
            false,
            () => Of("evaluator", institution).Post($"{Open.Path}/evaluation", Open.Grant)
        );
        yield return ("ask", false, () => approver.Post($"{Open.Path}/information-requests", new { text = "?" }));
        yield return ("approve", false, () => approver.Post($"{Open.Path}/approval", new { }));
        yield return ("remand", false, () => panel.Post($"{Appeals[0]}/decision", Decision("remand")));
        yield return ("vary", false, () => panel.Post($"{Appeals[0]}/decision", Vary));
        yield return ("agree", false, () => approver.Post($"{Agreement}/approval", new { }));
        yield return ("recognise", false, () => approver.Post($"{Portfolio}/decision", Decision("recognise")));
        yield return ("confer", false, () => approver.Post("/v1/awards", Conferral));
        yield return ("uphold an award", false, () => approver.Post($"{Awards.Reviewed}/review", reason));
        yield return ("return", true, () => approver.Post($"{Open.Path}/return", reason));
        yield return ("admit", true, () => panel.Post($"{Appeals[0]}/answer", Decision("admit")));
        yield return ("uphold", true, () => panel.Post($"{Appeals[0]}/decision", Decision("uphold")));
        yield return ("dismiss", true, () => panel.Post($"{Appeals[1]}/answer", Decision("dismiss")));
        yield return ("decline", true, () => approver.Post($"{Agreement}/rejection", reason));
        yield return ("refuse", true, () => approver.Post($"{Portfolio}/decision", Decision("refuse")));
        yield return (
            "rescind",
            true,
            () => approver.Post($"{Awards.Standing}/rescission", new { reason = "issuerError", text = "x" })
        );
    }

    private static object Decision(string decision) => new { decision, reason = "x" };

    public static object Vary =>
        new
        {
            decision = "vary",
            reason = "x",
            lines = new[]
            {
                new
                {
                    line = 1,
                    decision = "grant",
                    reason = "x",
                },
            },
        };

    private async Task Appeal(string course)
    {
        var path = $"/v1/transfers/{(await Scene.Submit(course))["transferId"]}";
        (await Scene.Approver.Post($"{path}/rejection", new { reason = "材料不全" })).Expect(HttpStatusCode.OK);
        var filed = await Scene.Learner.Post($"{path}/appeals", new { reason = "大纲相同" });
        Appeals.Add($"{path}/appeals/{filed.Expect(HttpStatusCode.Created).Json["appealId"]}");
    }

    private async Task<string> Propose()
    {
        var body = new
        {
            accountId = Scene.Account,
            institutionId = "shou",
            programmeId = Scene.ProgrammeId,
            source = new { institutionId = "fudan" },
            until = $"{BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(30):uuuu-MM-dd}",
        };
        var proposed = await Scene.Learner.Post("/v1/learning-agreements", body);
        return $"/v1/learning-agreements/{proposed.Expect(HttpStatusCode.Created).Json["agreementId"]}";
    }

    private async Task<string> Apply()
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData("evidence"u8));
        using var content = new ByteArrayContent("evidence"u8.ToArray());
        using var put = await Scene.Learner.Client.PutAsync(
            new Uri($"/v1/evidence/{sha256}", UriKind.Relative),
            content
        );
        Assert.True(put.IsSuccessStatusCode);
        var application = new
        {
            accountId = Scene.Account,
            institutionId = "shou",
            statement = "在岗六年",
            evidence = new[] { sha256 },
        };
        var submitted = await Scene.Learner.Post("/v1/prior-learning", application);
        var path = $"/v1/prior-learning/{submitted.Expect(HttpStatusCode.Created).Json["portfolioId"]}";
        var found = new
        {
            courseCode = "LOG-1",
            title = "物流基础",
            credits = 3,
            unit = "cn-credit",
        };
        var assessment = new
        {
            found,
            method = "interview",
            reason = "x",
        };
        (await Scene.Evaluator.Post($"{path}/assessment", assessment)).Expect(HttpStatusCode.OK);
        return path;
    }

    /// <summary>Three learners: an award under review, one that stands, and one that is yet to be conferred.</summary>
    private async Task Confer()
    {
        var reviewed = await AwardScene.Open(Service, "waiting-reviewed", "SHOU-ENG");
        var standing = await AwardScene.Open(Service, "waiting-standing", "SHOU-ENG");
        var ready = await AwardScene.Open(Service, "waiting-ready", "SHOU-ENG");
        Awards = (
            $"/v1/awards/{(await reviewed.Confer())["awardId"]}",
            $"/v1/awards/{(await standing.Confer())["awardId"]}"
        );
        var revocation = new { reason = "fraud" };
        var outcome = reviewed.Transfers.Outcomes[TransferScene.Maths];
        (await Service.As("registry", "fudan").Post($"/v1/outcomes/{outcome}/revocation", revocation)).Expect(
            HttpStatusCode.OK
        );
        Conferral = ready.Request();
    }
}

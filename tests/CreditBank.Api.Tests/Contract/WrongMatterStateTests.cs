using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Awards;
using CreditBank.Api.Tests.Claims;
using CreditBank.Api.Tests.Erasure;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Tests.Contract;

/// <summary>
/// Every command on outcomes, claims, agreements, applications for prior learning and awards in every state in which
/// it is wrong.
/// </summary>
public sealed class WrongMatterStateTests
{
    private static readonly object Why = new { reason = "理由" };
    private static readonly object Fraud = new { reason = "fraud", text = "伪造" };

    [Fact]
    public async Task an_outcome_that_ended_refuses_every_change()
    {
        var scene = await TransferScene.Open("wrong-outcome", TransferScene.Maths, TransferScene.Programming);
        var registry = scene.Service.As("registry", "fudan");
        var duplicate = new { reason = "duplicate", text = "重复" };
        Thing[] things =
        [
            await Ended(TransferScene.Maths, "withdrawn", "withdrawal"),
            await Ended(TransferScene.Programming, "revoked", "revocation"),
        ];
        Command[] commands =
        [
            Command.Under("corrections", [], _ => registry, Correction()),
            Command.Under("withdrawal", [], _ => registry, duplicate),
            Command.Under("revocation", [], _ => registry, Fraud),
        ];

        Assert.Equal(6, await WrongStates.AllRefusedAsync(things, commands, Status));

        async Task<Thing> Ended(string course, string state, string command)
        {
            var path = $"/v1/outcomes/{scene.Outcomes[course]}";
            (await registry.Post($"{path}/{command}", command == "withdrawal" ? duplicate : Fraud)).Expect(
                HttpStatusCode.OK
            );
            return new Thing(state, path, scene.Learner);
        }

        async Task<string?> Status(Thing thing)
        {
            var outcomes = await thing.Learner.Get($"/v1/accounts/{scene.Account}/outcomes");
            var items = outcomes.Expect(HttpStatusCode.OK).Json["items"]!.AsArray();
            return (string?)items.Single(item => thing.Path.EndsWith((string)item!["outcomeId"]!, Ordinal))!["status"];
        }
    }

    [Fact]
    public async Task a_revision_that_is_not_higher_names_the_one_that_stands()
    {
        var scene = await TransferScene.Open("wrong-revision", TransferScene.Maths);
        var path = $"/v1/outcomes/{scene.Outcomes[TransferScene.Maths]}/corrections";

        var old = await scene.Service.As("registry", "fudan").Post(path, Correction(1));

        Assert.Equal((HttpStatusCode.Conflict, "record.revision", "1"), (old.Status, old.Code, old.State));
    }

    [Fact]
    public async Task a_claim_is_decided_once_and_its_certificate_claimed_once()
    {
        var scene = await ClaimScene.Open("wrong-claim");
        Thing[] things = [await Decided("verified"), await Decided("rejected")];
        var body = new { decision = "verified", reason = "与原件一致" };
        var verification = Command.Under("verification", ["submitted"], _ => scene.Verifier, body);

        Assert.Equal(2, await WrongStates.AllRefusedAsync(things, [verification], Shown));
        var twice = await scene.Claim(scene.Body("another", "N-verified"));
        var other = await scene.Claim(scene.Body("verified", "N-3"));
        Assert.Equal((HttpStatusCode.Conflict, "claim.duplicate", "claimed"), (twice.Status, twice.Code, twice.State));
        Assert.Equal((HttpStatusCode.Conflict, "record.conflict", "recorded"), (other.Status, other.Code, other.State));

        async Task<Thing> Decided(string state)
        {
            var claimId = await scene.Claimed(state, $"N-{state}");
            (await scene.Decide(claimId, state)).Expect(HttpStatusCode.OK);
            return new Thing(state, $"/v1/certificate-claims/{claimId}", scene.Learner);
        }
    }

    [Fact]
    public async Task an_agreement_is_decided_once()
    {
        var scene = await TransferScene.Open("wrong-agreement");
        Thing[] things = [await Decided("approved", "approval"), await Decided("rejected", "rejection")];
        Command[] commands =
        [
            Command.Under("approval", ["proposed"], _ => scene.Approver, Why),
            Command.Under("rejection", ["proposed"], _ => scene.Approver, Why),
        ];

        Assert.Equal(4, await WrongStates.AllRefusedAsync(things, commands, Shown));

        async Task<Thing> Decided(string state, string command)
        {
            var body = new
            {
                accountId = scene.Account,
                institutionId = "shou",
                programmeId = scene.ProgrammeId,
                source = new { institutionId = "fudan", courseCodes = new[] { TransferScene.Maths } },
                until = $"{BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(30):uuuu-MM-dd}",
            };
            var proposed = (await scene.Learner.Post("/v1/learning-agreements", body)).Expect(HttpStatusCode.Created);
            var path = $"/v1/learning-agreements/{proposed.Json["agreementId"]}";
            (await scene.Approver.Post($"{path}/{command}", Why)).Expect(HttpStatusCode.OK);
            return new Thing(state, path, scene.Learner);
        }
    }

    [Fact]
    public async Task an_application_for_prior_learning_goes_one_way()
    {
        var scene = await TransferScene.Open("wrong-rpl");
        var found = new
        {
            courseCode = "LOG-1",
            title = "物流基础",
            credits = 3,
            unit = "cn-credit",
            level = 4,
        };
        var assessment = new
        {
            found,
            method = "interview",
            reason = "面谈",
        };
        var recognise = new { decision = "recognise", reason = "同意" };
        var refuse = new { decision = "refuse", reason = "不同意" };
        Thing[] things =
        [
            await Brought(scene, "submitted"),
            await Brought(scene, "assessed", assessment),
            await Brought(scene, "recognised", assessment, recognise),
            await Brought(scene, "refused", assessment, refuse),
        ];
        Command[] commands =
        [
            Command.Under("assessment", ["submitted"], _ => scene.Evaluator, assessment),
            new("recognise", ["assessed"], _ => scene.Approver, thing => $"{thing.Path}/decision", recognise),
            new("refuse", ["assessed"], _ => scene.Approver, thing => $"{thing.Path}/decision", refuse),
        ];

        Assert.Equal(9, await WrongStates.AllRefusedAsync(things, commands, Shown));
    }

    [Fact]
    public async Task an_award_is_reviewed_only_under_review_and_rescinded_once()
    {
        var (scenes, things) = (new Dictionary<string, AwardScene>(), new List<Thing>());
        foreach (var state in (string[])["conferred", "underReview", "rescinded"])
        {
            var scene = await AwardScene.Open($"wrong-award-{state.ToLowerInvariant()}", "SHOU-ENG");
            var path = $"/v1/awards/{(await scene.Confer())["awardId"]}";
            scenes[path] = scene;
            things.Add(new Thing(state, path, scene.Transfers.Learner));
        }

        var outcome = scenes[things[1].Path].Transfers.Outcomes[TransferScene.Maths];
        var revoked = await scenes[things[1].Path]
            .Transfers.Service.As("registry", "fudan")
            .Post($"/v1/outcomes/{outcome}/revocation", Fraud);
        revoked.Expect(HttpStatusCode.OK);
        var error = new { reason = "issuerError", text = "误授" };
        (await scenes[things[2].Path].Approver.Post($"{things[2].Path}/rescission", error)).Expect(HttpStatusCode.OK);
        Command[] commands =
        [
            Command.Under("review", ["underReview"], thing => scenes[thing.Path].Other, Why),
            Command.Under("rescission", ["conferred", "underReview"], thing => scenes[thing.Path].Other, error),
        ];

        Assert.Equal(3, await WrongStates.AllRefusedAsync(things, commands, Shown));
        foreach (var thing in things.Take(2))
        {
            var again = await scenes[thing.Path].Approver.Post("/v1/awards", scenes[thing.Path].Request());
            Assert.Equal((HttpStatusCode.Conflict, "award.exists"), (again.Status, again.Code));
            Assert.Equal(thing.State, again.State);
        }
    }

    private static async Task<Thing> Brought(
        TransferScene scene,
        string state,
        object? first = null,
        object? then = null
    )
    {
        var evidence = new[] { await ErasedMattersTests.Upload(scene, state) };
        var body = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            statement = "六年网点管理",
            evidence,
        };
        var submitted = (await scene.Learner.Post("/v1/prior-learning", body)).Expect(HttpStatusCode.Created);
        var path = $"/v1/prior-learning/{submitted.Json["portfolioId"]}";
        if (first is not null)
        {
            (await scene.Evaluator.Post($"{path}/assessment", first)).Expect(HttpStatusCode.OK);
        }

        if (then is not null)
        {
            (await scene.Approver.Post($"{path}/decision", then)).Expect(HttpStatusCode.OK);
        }

        return new Thing(state, path, scene.Learner);
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static JsonObject Correction(int revision = 2) =>
        new()
        {
            ["revision"] = revision,
            ["reason"] = "gradeChange",
            ["text"] = "复核",
            ["kind"] = "academicCourse",
            ["courseCode"] = TransferScene.Maths,
            ["title"] = "高等数学",
            ["credits"] = 5,
            ["unit"] = "cn-credit",
            ["level"] = 5,
            ["result"] = "passed",
            ["completedOn"] = "2024-01-10",
        };

    private static Task<string?> Shown(Thing thing) => WrongStates.ShownAsync(thing.Learner, thing.Path);
}

using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;

namespace CreditBank.Api.Tests.Merges;

/// <summary>One person, two accounts: the survivor takes over, and what is frozen stays frozen.</summary>
public sealed class MergeTests
{
    private const string Maths = TransferScene.Maths;
    private const string Programming = TransferScene.Programming;
    private const string Philosophy = TransferScene.Philosophy;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task the_survivor_has_everything_and_the_other_account_points_to_it(bool inOneBook)
    {
        var scene = await MergeScene.Open($"mrg-take-{inOneBook}", [Philosophy], [Maths, Programming], inOneBook);
        await MergeScene.Approved(scene.Absorbed, Maths);

        await scene.Merge();

        Assert.Equal(3, (await scene.OutcomesOf(scene.Survivor)).Length);
        Assert.Empty(await scene.OutcomesOf(scene.Absorbed));
        Assert.Equal(10m, await scene.Total(scene.Survivor, "recorded"));
        Assert.Equal(5m, await scene.Total(scene.Survivor, "available"));
        Assert.Equal(4m, await scene.Total(scene.Survivor, "converted"));
        Assert.Equal(1m, await scene.Total(scene.Survivor, "forfeited"));
        Assert.Equal(4m, (decimal)(await scene.Read(scene.Survivor, "/balances"))["granted"]![0]!["amount"]!);
        var balances = await scene.Read(scene.Absorbed, "/balances");
        Assert.Equal(0m, (decimal)balances["totals"]!["recorded"]!);
        Assert.Equal(scene.Survivor.Account, (string?)balances["mergedInto"]);
        var account = await scene.Read(scene.Absorbed, "");
        Assert.Equal(scene.Survivor.Account, (string?)account["mergedInto"]);
        Assert.Equal(
            scene.Absorbed.Account,
            (string?)Assert.Single((await scene.Read(scene.Survivor, ""))["absorbed"]!.AsArray())
        );
        var kinds = (await scene.Read(scene.Survivor, "/statement?limit=100"))["items"]!
            .AsArray()
            .Select(line => (string?)line!["kind"]);
        Assert.Contains("takenOver", kinds);
        Assert.Contains("grantTakenOver", kinds);
        await Balanced(scene);
    }

    [Fact]
    public async Task another_person_confirms_and_only_once()
    {
        var scene = await MergeScene.Open("mrg-eyes", [], [Maths]);
        var mergeId = await scene.Propose();
        var decision = $"{scene.Merges}/{mergeId}/decision";

        var own = await scene.Proposer.Post(decision, new { decision = "confirmed" });
        var learner = await scene.Survivor.Learner.Post(decision, new { decision = "confirmed" });
        var vague = await scene.Confirmer.Post(decision, new { decision = "declined" });

        Assert.Equal("access.fourEyes", own.Expect(HttpStatusCode.Forbidden).Code);
        learner.Expect(HttpStatusCode.Forbidden);
        vague.Expect(HttpStatusCode.BadRequest);
        (await scene.Confirm(mergeId)).Expect(HttpStatusCode.OK);
        var again = await scene.Confirm(mergeId);
        Assert.Equal(("merge.state", "merged"), (again.Code, (string?)again.Json["state"]));
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        var shown = (await scene.Auditor.Get($"{scene.Merges}/{mergeId}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(("merged", "同一人"), ((string?)shown["state"], (string?)shown["reason"]));
        Assert.Single((await scene.Auditor.Get(scene.Merges)).Expect(HttpStatusCode.OK).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task a_merge_that_is_declined_moves_nothing()
    {
        var scene = await MergeScene.Open("mrg-no", [], [Maths]);
        var mergeId = await scene.Propose();

        var declined = await scene.Confirmer.Post(
            $"{scene.Merges}/{mergeId}/decision",
            new { decision = "declined", reason = "姓名不同" }
        );

        Assert.Equal("declined", (string?)declined.Expect(HttpStatusCode.OK).Json["state"]);
        Assert.Equal("merge.state", (await scene.Confirm(mergeId)).Expect(HttpStatusCode.Conflict).Code);
        Assert.Equal("merge.state", (await scene.Undo(mergeId)).Expect(HttpStatusCode.Conflict).Code);
        Assert.Single(await scene.OutcomesOf(scene.Absorbed));
    }

    [Fact]
    public async Task what_cannot_be_merged_is_refused_with_the_reason()
    {
        var scene = await MergeScene.Open("mrg-refused", [], [Maths]);
        var third = await TransferScene.Open("mrg-refused-third");
        var open = (string?)(await scene.Absorbed.Submit(Maths))["transferId"];

        Task<Reply> Propose(string survivor, string absorbed, TestCaller? caller = null) =>
            (caller ?? scene.Proposer).Post($"/v1/accounts/{survivor}/merges", new { absorbed, reason = "同一人" });

        var (own, other) = (scene.Survivor.Account, scene.Absorbed.Account);
        Assert.Equal("merge.same", (await Propose(own, own)).Expect(HttpStatusCode.UnprocessableEntity).Code);
        Assert.Equal(
            "merge.absorbed",
            (await Propose(own, "acc-none")).Expect(HttpStatusCode.UnprocessableEntity).Code
        );
        Assert.Equal("account.unknown", (await Propose("acc-none", own)).Expect(HttpStatusCode.NotFound).Code);
        (await Propose(own, other, scene.Survivor.Learner)).Expect(HttpStatusCode.Forbidden);
        (await scene.Proposer.Post($"/v1/accounts/{own}/merges", new { absorbed = other })).Expect(
            HttpStatusCode.BadRequest
        );
        var named = (await Propose(own, other)).Expect(HttpStatusCode.Conflict);
        Assert.Equal(("merge.openTransfers", open), (named.Code, (string?)named.Json["state"]));
        Assert.Equal("merge.unknown", (await scene.Confirm("mrg-none")).Expect(HttpStatusCode.NotFound).Code);

        var free = new MergeScene(scene.Survivor, third);
        await free.Merge();
        Assert.Equal("account.merged", (await Propose(other, third.Account)).Expect(HttpStatusCode.Conflict).Code);
        Assert.Equal("merge.absorbedSurvives", (await Propose(other, own)).Expect(HttpStatusCode.Conflict).Code);
    }

    [Fact]
    public async Task every_command_on_the_absorbed_account_names_the_survivor()
    {
        var scene = await MergeScene.Open("mrg-frozen", [], [Maths, Programming]);
        var path = await MergeScene.Approved(scene.Absorbed, Maths);
        await scene.Merge();
        var account = scene.Absorbed.Account;
        var learner = scene.Absorbed.Learner;

        Reply[] replies =
        [
            await learner.Post("/v1/transfers", scene.Absorbed.Request(Programming)),
            await learner.Post($"/v1/accounts/{account}/consents", new { institutionId = "shou", scope = "account" }),
            await learner.Delete($"/v1/accounts/{account}/consents/con-1"),
            await learner.Post($"{path}/withdrawal", new { }),
            await scene.Absorbed.Approver.Post($"{path}/approval", new { }),
            await scene.Proposer.Post($"/v1/accounts/{account}/subjects", new { subject = "somebody" }),
            await learner.Post(
                "/v1/evaluations",
                new
                {
                    accountId = account,
                    institutionId = "shou",
                    programmeId = scene.Absorbed.ProgrammeId,
                }
            ),
            await scene.Survivor.Learner.Post("/v1/transfers", scene.Absorbed.Request(Programming)),
        ];

        Assert.All(
            replies,
            reply =>
            {
                reply.Expect(HttpStatusCode.Conflict);
                Assert.Equal(("account.merged", scene.Survivor.Account), (reply.Code, (string?)reply.Json["state"]));
            }
        );
    }

    [Fact]
    public async Task records_of_the_absorbed_identity_go_to_the_survivor_and_stay_duplicates()
    {
        var scene = await MergeScene.Open("mrg-records", [], [Maths]);
        await scene.Merge();
        var (own, other) = (scene.Survivor, scene.Absorbed);
        object byIdentity = new { identity = Identity(other.ProgrammeId) };
        object byAccount = new { accountId = other.Account };

        var again = await Post(scene, $"{other.ProgrammeId}-{Maths}", 1, 5, byAccount, Maths);
        var higher = await Post(scene, $"{other.ProgrammeId}-{Maths}", 2, 4, byIdentity, Maths);
        var higherAgain = await Post(scene, $"{other.ProgrammeId}-{Maths}", 2, 4, byAccount, Maths);
        var fresh = await Post(scene, $"{other.ProgrammeId}-new", 1, 2, byIdentity, Philosophy);
        var named = await Post(scene, $"{other.ProgrammeId}-named", 1, 2, byAccount, Philosophy);

        Assert.Equal(
            ["duplicate", "accepted", "duplicate", "accepted", "accepted"],
            new[] { again, higher, higherAgain, fresh, named }.Select(row => (string?)row["status"])
        );
        Assert.Equal(3, (await scene.OutcomesOf(own)).Length);
        Assert.Empty(await scene.OutcomesOf(other));
        Assert.Equal(8m, await scene.Total(own, "available"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_revocation_after_the_merge_takes_back_what_was_converted_before_it(bool inOneBook)
    {
        var scene = await MergeScene.Open($"mrg-revoke-{inOneBook}", [], [Maths, Programming], inOneBook);
        var path = await MergeScene.Approved(scene.Absorbed, Maths, Programming);
        await scene.Merge();

        var revoked = await scene
            .Service.As("registry", "fudan")
            .Post($"/v1/outcomes/{scene.Absorbed.Outcomes[Maths]}/revocation", new { reason = "fraud" });

        Assert.Equal("revoked", (string?)revoked.Expect(HttpStatusCode.OK).Json["state"]);
        Assert.Equal(3m, (decimal)(await scene.Read(scene.Survivor, "/balances"))["granted"]![0]!["amount"]!);
        Assert.Equal(5m, await scene.Total(scene.Survivor, "revoked"));
        Assert.Equal(0m, await scene.Total(scene.Survivor, "available"));
        var transfer = (await scene.Survivor.Learner.Get(path)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("revoked", (string?)Assert.Single(transfer["voidedLines"]!.AsArray())!["cause"]);
        await Balanced(scene);
    }

    [Fact]
    public async Task the_learner_reads_both_accounts_and_a_bound_subject_moves_along()
    {
        var scene = await MergeScene.Open("mrg-reads", [], [Maths]);
        var bind = $"/v1/accounts/{scene.Absorbed.Account}/subjects";
        (await scene.Proposer.Post(bind, new { subject = "mrg-reader" })).Expect(HttpStatusCode.OK);
        var institution = scene.Service.As("registry", "shou");
        (
            await scene.Absorbed.Learner.Post(
                $"/v1/accounts/{scene.Absorbed.Account}/consents",
                new { institutionId = "shou", scope = "account" }
            )
        ).Expect(HttpStatusCode.Created);
        (await institution.Get($"/v1/accounts/{scene.Absorbed.Account}/outcomes")).Expect(HttpStatusCode.OK);

        var mergeId = await scene.Merge();

        var bound = scene.Service.As("learner", subject: "mrg-reader");
        (await bound.Get($"/v1/accounts/{scene.Survivor.Account}/outcomes")).Expect(HttpStatusCode.OK);
        (await bound.Get($"/v1/accounts/{scene.Absorbed.Account}/history")).Expect(HttpStatusCode.OK);
        (await scene.Survivor.Learner.Get($"/v1/accounts/{scene.Absorbed.Account}/transfers")).Expect(
            HttpStatusCode.OK
        );
        (await institution.Get($"/v1/accounts/{scene.Survivor.Account}/outcomes")).Expect(HttpStatusCode.NotFound);
        (await institution.Get($"/v1/accounts/{scene.Absorbed.Account}/outcomes")).Expect(HttpStatusCode.NotFound);
        (await scene.Undo(mergeId)).Expect(HttpStatusCode.OK);
        (await bound.Get($"/v1/accounts/{scene.Survivor.Account}/outcomes")).Expect(HttpStatusCode.NotFound);
        (await bound.Get($"/v1/accounts/{scene.Absorbed.Account}/outcomes")).Expect(HttpStatusCode.OK);
        (await institution.Get($"/v1/accounts/{scene.Absorbed.Account}/outcomes")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task duplicates_are_listed_and_a_person_decides()
    {
        var scene = await MergeScene.Open("mrg-twice", [Maths, Programming], [Maths, Programming]);
        var mergeId = await scene.Propose();
        var proposed = (await scene.Auditor.Get($"{scene.Merges}/{mergeId}")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(2, proposed["duplicates"]!.AsArray().Count);
        (await scene.Confirm(mergeId)).Expect(HttpStatusCode.OK);
        await MergeScene.Approved(scene.Survivor);

        Task<Reply> Decide(string course, string decision) =>
            scene.Confirmer.Post(
                $"{scene.Merges}/{mergeId}/duplicates",
                new
                {
                    outcomeId = scene.Absorbed.Outcomes[course],
                    otherOutcomeId = scene.Survivor.Outcomes[course],
                    decision,
                    reason = "同一门课",
                }
            );

        var once = (await Decide(Maths, "duplicate")).Expect(HttpStatusCode.OK).Json;
        var both = (await Decide(Programming, "distinct")).Expect(HttpStatusCode.OK).Json;
        var again = await Decide(Programming, "duplicate");

        Assert.Single(once["duplicates"]!.AsArray());
        Assert.Empty(both["duplicates"]!.AsArray());
        Assert.Equal(2, both["duplicateDecisions"]!.AsArray().Count);
        Assert.Equal("merge.noDuplicate", again.Expect(HttpStatusCode.UnprocessableEntity).Code);
        var outcomes = (await scene.Read(scene.Survivor, "/outcomes"))["items"]!.AsArray();
        var status = outcomes.Single(item => (string?)item!["outcomeId"] == scene.Absorbed.Outcomes[Maths])!["status"];
        Assert.Equal("withdrawn", (string?)status);
        await Balanced(scene);
    }

    internal static async Task Balanced(MergeScene scene)
    {
        var trial = (await scene.Auditor.Get("/v1/audit/trial-balance")).Expect(HttpStatusCode.OK);
        Assert.True((bool)trial.Json["balanced"]!, trial.Text);
    }

    internal static object Identity(string number) =>
        new
        {
            type = "institutional",
            number,
            institutionId = "fudan",
        };

    internal static async Task<JsonNode> Post(
        MergeScene scene,
        string recordId,
        int revision,
        int credits,
        object learner,
        string courseCode
    )
    {
        var record = new
        {
            recordId,
            revision,
            learner,
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
        var body = new
        {
            institutionId = "fudan",
            reference = $"{recordId}-{revision}-{Guid.NewGuid():n}",
            term = "2023-1",
            records = new[] { record },
        };
        var posted = await scene.Service.As("registry", "fudan").Post("/v1/transcripts", body);
        return posted.Expect(HttpStatusCode.OK).Json["records"]![0]!;
    }
}

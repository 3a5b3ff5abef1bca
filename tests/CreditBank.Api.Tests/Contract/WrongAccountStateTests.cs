using System.Net;
using CreditBank.Api.Tests.Erasure;
using CreditBank.Api.Tests.Merges;
using CreditBank.Api.Tests.RuleSets;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Tests.Contract;

/// <summary>
/// Every command on accounts that ended, on merges, rule sets, institutions and webhooks in every state in which it is
/// wrong.
/// </summary>
public sealed class WrongAccountStateTests
{
    private static readonly object Reason = new { zh = "年检", en = "inspection" };

    private static string Later =>
        $"{BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(30):uuuu-MM-dd}";

    [Fact]
    public async Task a_merged_account_sends_every_command_to_the_survivor()
    {
        var scene = await MergeScene.Open("wrong-merged", [], [TransferScene.Maths]);
        var commands = await Commands(scene.Absorbed, scene.Service.As("operator", subject: "another"));
        await scene.Merge();

        await Refused(commands, "account.merged", scene.Survivor.Account);
    }

    [Fact]
    public async Task an_erased_account_refuses_every_command_that_needs_the_person()
    {
        var scene = await TransferScene.Open("wrong-erased", TransferScene.Maths);
        var commands = await Commands(scene, scene.Service.As("operator", subject: "another"));
        (
            await scene.Service.As("operator").Post($"/v1/accounts/{scene.Account}/erasure", new { reason = "request" })
        ).Expect(HttpStatusCode.OK);

        await Refused(commands, "account.erased", "erased");
    }

    [Fact]
    public async Task a_merge_is_decided_once_and_undone_once()
    {
        var scenes = new Dictionary<string, MergeScene>();
        Thing[] things =
        [
            await Merge("proposed"),
            await Merge("declined"),
            await Merge("merged"),
            await Merge("undone"),
        ];
        var decision = new { decision = "confirmed" };
        var why = new { reason = "不是同一人" };
        var twice = new
        {
            outcomeId = "out-00-00000000000000000000",
            otherOutcomeId = "out-00-00000000000000000001",
            decision = "distinct",
            reason = "不同",
        };
        Command[] commands =
        [
            Command.Under("decision", ["proposed"], Confirmer, decision),
            Command.Under("unmerge", ["merged"], Confirmer, why),
            Command.Under("duplicates", ["merged"], Confirmer, twice),
        ];

        Assert.Equal(9, await WrongStates.AllRefusedAsync(things, commands, Shown));

        TestCaller Confirmer(Thing thing) => scenes[thing.Path].Confirmer;
        Task<string?> Shown(Thing thing) => WrongStates.ShownAsync(scenes[thing.Path].Auditor, thing.Path);

        async Task<Thing> Merge(string state)
        {
            var scene = await MergeScene.Open($"wrong-mrg-{state}", [], []);
            var mergeId = await scene.Propose();
            if (state != "proposed")
            {
                var body = new { decision = state == "declined" ? "declined" : "confirmed", reason = "核对" };
                (await scene.Confirmer.Post($"{scene.Merges}/{mergeId}/decision", body)).Expect(HttpStatusCode.OK);
            }

            if (state == "undone")
            {
                (await scene.Undo(mergeId)).Expect(HttpStatusCode.OK);
            }

            var path = $"{scene.Merges}/{mergeId}";
            scenes[path] = scene;
            return new Thing(state, path, scene.Auditor);
        }
    }

    [Fact]
    public async Task a_version_of_rules_goes_one_way()
    {
        var service = await TestService.SharedAsync();
        (await SmallDraft.Draft(SmallDraft.Editor(service), SmallDraft.Files("wrong-draft"))).Expect(
            HttpStatusCode.Created
        );
        await SmallDraft.Publish(service, SmallDraft.Files("wrong-published"));
        await SmallDraft.Publish(service, SmallDraft.Files("wrong-retired"));
        var end = new { effectiveTo = "2999-01-01", reason = Reason };
        (await SmallDraft.Approver(service).Post("/v1/rule-sets/wrong-retired-1/retirement", end)).Expect(
            HttpStatusCode.OK
        );
        var erratum = new
        {
            erratumId = "e1",
            clause = "maths",
            mode = "prospective",
            correctedBy = "wrong-published-1",
            text = Reason,
        };
        Command[] commands =
        [
            Command.Under("publication", ["draft"], _ => SmallDraft.Approver(service), new { }),
            Command.Under("retirement", ["published"], _ => SmallDraft.Approver(service), end),
            Command.Under("errata", ["published", "retired"], _ => SmallDraft.Approver(service), erratum),
            new(
                "draft again",
                ["draft"],
                _ => SmallDraft.Editor(service),
                _ => "/v1/rule-sets",
                new { documents = new Dictionary<string, string>() }
            ),
        ];
        Thing[] things = [.. ((string[])["draft", "published", "retired"]).Select(Named)];

        var sent = 0;
        foreach (var thing in things)
        {
            var family = thing.Path.Split('/')[^1][..^2];
            Command[] own =
            [
                .. commands[..3],
                commands[3] with
                {
                    Body = new { documents = SmallDraft.Files(family) },
                },
            ];
            sent += await WrongStates.AllRefusedAsync([thing], own, Shown);
        }

        Assert.Equal(7, sent);
        var draft = await SmallDraft
            .Approver(service)
            .Post("/v1/rule-sets/wrong-draft-1/publication", new { hash = "0000" });
        Assert.Equal(("ruleSet.hash", "draft"), (draft.Code, draft.State));

        Thing Named(string state) => new(state, $"/v1/rule-sets/wrong-{state}-1", SmallDraft.Editor(service));
        Task<string?> Shown(Thing thing) => WrongStates.ShownAsync(thing.Learner, thing.Path);
    }

    [Fact]
    public async Task an_institution_that_merged_changes_no_more_and_a_suspension_ends_once()
    {
        var service = await TestService.SharedAsync();
        var operators = service.As("operator");
        foreach (var id in (string[])["wrong-active", "wrong-suspended", "wrong-merged", "wrong-heir"])
        {
            (await operators.Post("/v1/institutions", Sample.Institution(id))).Expect(HttpStatusCode.Created);
        }

        var why = new { reason = Reason };
        var heir = new { successorId = "wrong-heir", reason = Reason };
        (await operators.Post("/v1/institutions/wrong-suspended/suspension", why)).Expect(HttpStatusCode.OK);
        (await operators.Post("/v1/institutions/wrong-merged/merger", heir)).Expect(HttpStatusCode.OK);
        var accreditation = new { kinds = new[] { "training" }, from = "1990-01-01" };
        Command[] commands =
        [
            Command.Under("suspension", ["active"], _ => operators, why),
            Command.Under("reinstatement", ["suspended"], _ => operators, why),
            Command.Under(
                "accreditation",
                ["active", "suspended"],
                _ => operators,
                new { accreditation, reason = Reason }
            ),
            Command.Under("merger", ["active", "suspended"], _ => operators, heir),
        ];

        foreach (var state in (string[])["active", "suspended"])
        {
            var thing = new Thing(state, $"/v1/institutions/wrong-{state}", operators);
            Assert.Equal(1, await WrongStates.AllRefusedAsync([thing], commands, _ => Task.FromResult<string?>(state)));
        }

        foreach (var command in commands)
        {
            var reply = await operators.Post($"/v1/institutions/wrong-merged/{command.Name}", command.Body);
            Assert.Equal((HttpStatusCode.Conflict, "wrong-heir"), (reply.Status, reply.State));
            Assert.Equal("institution.merged", reply.Code);
        }

        var again = await operators.Post("/v1/institutions", Sample.Institution("wrong-active"));
        Assert.Equal(("institution.exists", "registered"), (again.Code, again.State));
    }

    [Fact]
    public async Task an_institution_with_every_webhook_it_may_have_is_full_and_a_removed_one_is_unknown()
    {
        var service = await TestService.SharedAsync();
        (await service.As("operator").Post("/v1/institutions", Sample.Institution("wrong-hooks"))).Expect(
            HttpStatusCode.Created
        );
        var registry = service.As("registry", "wrong-hooks");
        const string Path = "/v1/institutions/wrong-hooks/webhooks";
        var hook = new { url = "https://registry.example.edu.cn/creditbank" };
        var reply = await registry.Post(Path, hook);
        var first = $"{Path}/{reply.Expect(HttpStatusCode.Created).Json["webhookId"]}";
        while (reply.Status == HttpStatusCode.Created)
        {
            reply = await registry.Post(Path, hook);
        }

        Assert.Equal((HttpStatusCode.Conflict, "webhook.tooMany", "full"), (reply.Status, reply.Code, reply.State));
        (await registry.Delete(first)).Expect(HttpStatusCode.NoContent);
        (await registry.Delete(first)).Expect(HttpStatusCode.NotFound);
        var since = new { since = "2026-01-01T00:00:00Z" };
        (await registry.Post($"{first}/replays", since)).Expect(HttpStatusCode.NotFound);
    }

    /// <summary>Everything that can be asked of an account, by who may while it stands.</summary>
    private static async Task<IReadOnlyList<(string Name, Func<Task<Reply>> Send)>> Commands(
        TransferScene scene,
        TestCaller operators
    )
    {
        var (account, learner) = ($"/v1/accounts/{scene.Account}", scene.Learner);
        var other = await TransferScene.Open($"{scene.ProgrammeId}-other");
        var evidence = new[] { await ErasedMattersTests.Upload(scene, "evidence") };
        var programme = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            programmeId = scene.ProgrammeId,
        };
        var agreement = new
        {
            programme.accountId,
            programme.institutionId,
            programme.programmeId,
            source = new { institutionId = "fudan", courseCodes = new[] { TransferScene.Maths } },
            until = Later,
        };
        var prior = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            statement = "六年网点管理",
            evidence,
        };
        var consent = new
        {
            institutionId = "shou",
            scope = "outcomes",
            from = "2026-01-01",
        };
        var allowed = (await learner.Post($"{account}/consents", consent)).Expect(HttpStatusCode.Created);
        return
        [
            ("submit", () => learner.Post("/v1/transfers", programme)),
            ("evaluate", () => learner.Post("/v1/evaluations", programme)),
            ("propose an agreement", () => learner.Post("/v1/learning-agreements", agreement)),
            ("apply for prior learning", () => learner.Post("/v1/prior-learning", prior)),
            ("confer", () => scene.Approver.Post("/v1/awards", programme)),
            ("consent", () => learner.Post($"{account}/consents", consent)),
            ("withdraw a consent", () => learner.Delete($"{account}/consents/{allowed.Json["consentId"]}")),
            ("claim", () => learner.Post("/v1/certificate-claims", Claim(scene))),
            ("audit", () => learner.Post("/v1/award-audits", programme)),
            ("bind", () => operators.Post($"{account}/subjects", new { subject = "s", issuer = "https://i.example" })),
            ("hold", () => operators.Post($"{account}/legal-holds", new { reason = "诉讼" })),
            ("erase", () => operators.Post($"{account}/erasure", new { reason = "request" })),
            ("merge", () => Merge(scene, other)),
            ("be merged", () => Merge(other, scene)),
        ];

        Task<Reply> Merge(TransferScene survivor, TransferScene absorbed) =>
            operators.Post(
                $"/v1/accounts/{survivor.Account}/merges",
                new { absorbed = absorbed.Account, reason = "同一人" }
            );
    }

    private static object Claim(TransferScene scene) =>
        new
        {
            recordId = "after",
            learner = new { accountId = scene.Account },
            kind = "xCertificate",
            certificate = new
            {
                number = $"{scene.ProgrammeId}-1",
                code = "web-frontend",
                title = "Web 前端开发",
                level = "intermediate",
                issuerId = "fudan",
                issuedOn = "2025-06-30",
            },
        };

    private static async Task Refused(
        IReadOnlyList<(string Name, Func<Task<Reply>> Send)> commands,
        string code,
        string state
    )
    {
        var faults = new List<string>();
        foreach (var (name, send) in commands)
        {
            var reply = await send();
            if ((reply.Status, reply.Code, reply.State) != (HttpStatusCode.Conflict, code, state))
            {
                faults.Add($"{name}: {(int)reply.Status} {reply.Text}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}

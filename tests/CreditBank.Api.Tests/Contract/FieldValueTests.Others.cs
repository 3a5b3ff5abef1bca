using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Institutions;
using CreditBank.Api.Tests.Merges;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace CreditBank.Api.Tests.Contract;

/// <summary>Programmes, institutions, agreements, transfers and accounts.</summary>
public sealed partial class FieldValueTests
{
    private static string Later =>
        $"{BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(30):uuuu-MM-dd}";

    private static async Task<Target> Agreements()
    {
        var scene = await TransferScene.Open("values-agreements");
        return new Target("an agreement", Body, body => scene.Learner.Post("/v1/learning-agreements", body))
        {
            Amounts = ["/limitCredits"],
            ComingDays = ["/until"],
            Periods = [("/until", "9999-12-31", "/until")],
            Texts = ["/source/courseCodes/0", "/text"],
        };

        JsonObject Body() =>
            new()
            {
                ["accountId"] = scene.Account,
                ["institutionId"] = "shou",
                ["programmeId"] = scene.ProgrammeId,
                ["source"] = new JsonObject { ["institutionId"] = "fudan", ["courseCodes"] = new JsonArray(Maths) },
                ["limitCredits"] = 10,
                ["until"] = Later,
                ["text"] = "拟修读高等数学",
            };
    }

    private static async Task<Target> Programmes()
    {
        var scene = await TransferScene.Open("values-programmes");
        var path = $"/v1/institutions/shou/programmes/{scene.ProgrammeId}";
        return new Target("a programme", Body, body => scene.Service.As("registry", "shou").Put(path, body))
        {
            Amounts = ["/totalCredits", "/courses/0/credits"],
            Texts = ["/title", "/courses/0/courseCode", "/courses/0/title"],
        };

        static JsonObject Body() =>
            new()
            {
                ["title"] = "计算机科学与技术",
                ["level"] = 5,
                ["totalCredits"] = 70,
                ["ruleSetFamily"] = "sqf",
                ["courses"] = new JsonArray(
                    new JsonObject
                    {
                        ["courseCode"] = "SHOU-MATH",
                        ["title"] = "高等数学",
                        ["credits"] = 4,
                        ["category"] = "foundation",
                        ["compulsory"] = true,
                    }
                ),
            };
    }

    private static async Task<Target> Institutions()
    {
        var operators = (await TestService.SharedAsync()).As("operator");
        return new Target("an institution", Body, body => operators.Post("/v1/institutions", body))
        {
            Days = ["/accreditation/from", "/accreditation/to"],
            Periods = [("/accreditation/to", "1990-01-01", "/accreditation/to")],
            Texts = ["/name/zh", "/name/en"],
        };

        static JsonObject Body() =>
            new()
            {
                ["institutionId"] = $"values-{Interlocked.Increment(ref number)}",
                ["name"] = new JsonObject { ["zh"] = "测试大学", ["en"] = "Test University" },
                ["kind"] = "university",
                ["country"] = "CN",
                ["unifiedSocialCreditCode"] = "12310000000000019X",
                ["accreditation"] = new JsonObject
                {
                    ["kinds"] = new JsonArray("academicCourse"),
                    ["levels"] = new JsonArray(),
                    ["from"] = "1990-01-01",
                    ["to"] = "2090-01-01",
                },
            };
    }

    private static async Task<IReadOnlyList<Target>> InstitutionChanges()
    {
        var operators = (await TestService.SharedAsync()).As("operator");
        foreach (var id in (string[])["values-changed", "values-heir"])
        {
            (await operators.Post("/v1/institutions", Sample.Institution(id))).Expect(HttpStatusCode.Created);
        }

        const string Path = "/v1/institutions/values-changed";
        return
        [
            new Target("a suspension", () => Change(), body => operators.Post($"{Path}/suspension", body))
            {
                ComingDays = ["/from"],
                Texts = ["/reason/zh", "/reason/en"],
                Shown = Reasons,
            },
            new Target("a reinstatement", () => Change(), body => operators.Post($"{Path}/reinstatement", body))
            {
                ComingDays = ["/from"],
                Texts = ["/reason/zh", "/reason/en"],
                Shown = Reasons,
            },
            new Target("another scope", () => Change(Scope()), body => operators.Post($"{Path}/accreditation", body))
            {
                ComingDays = ["/from"],
                Days = ["/accreditation/from"],
                Periods = [("/accreditation/to", "1990-01-01", "/accreditation/to")],
                Texts = ["/reason/zh", "/reason/en"],
                Shown = Reasons,
            },
            new Target("a merger", () => Change(("successorId", "values-heir")), Merge)
            {
                ComingDays = ["/from"],
                Texts = ["/reason/zh", "/reason/en"],
                Shown = Reasons,
            },
        ];

        Task<Reply> Merge(JsonObject body) => operators.Post($"{Path}/merger", body);

        static (string, JsonNode) Scope() =>
            ("accreditation", new JsonObject { ["kinds"] = new JsonArray("training"), ["from"] = "1990-01-01" });

        static JsonObject Change(params (string Name, JsonNode Value)[] others)
        {
            var body = new JsonObject
            {
                ["from"] = Later,
                ["reason"] = new JsonObject { ["zh"] = "年检", ["en"] = "inspection" },
            };
            foreach (var (name, value) in others)
            {
                body[name] = value;
            }

            return body;
        }
    }

    private static async Task<IReadOnlyList<Target>> Transfers()
    {
        var scene = await TransferScene.Open("values-transfers", Maths, TransferScene.Databases);
        var transfer = await scene.Submit(Maths, TransferScene.Databases);
        var path = $"/v1/transfers/{transfer["transferId"]}";
        var panel = scene.Service.As("panel", "shou", subject: "panel");
        var line = scene.LineOf(transfer, TransferScene.Databases);
        var appeal = string.Empty;
        return
        [
            new Target(
                "a question",
                () => Words("text"),
                body => scene.Evaluator.Post($"{path}/information-requests", body)
            )
            {
                Texts = ["/text"],
            },
            new Target("an answer", () => Words("text"), body => scene.Learner.Post($"{path}/information", body))
            {
                Texts = ["/text"],
            },
            new Target("an evaluation", Lines, body => scene.Evaluator.Post($"{path}/evaluation", body))
            {
                Texts = ["/lines/0/reason"],
            },
            new Target("a rejection", () => Words("reason"), body => scene.Approver.Post($"{path}/rejection", body))
            {
                Texts = ["/reason"],
            },
            new Target("an appeal", () => Words("reason"), File) { Texts = ["/reason"] },
            new Target("an answer to an appeal", () => Words("reason", ("decision", "admit")), Answer)
            {
                Texts = ["/reason"],
            },
            new Target("a panel's decision", () => Words("reason", ("decision", "uphold")), Decide)
            {
                Texts = ["/reason"],
            },
        ];

        JsonObject Lines()
        {
            var verdict = Words("reason", ("decision", "refuse"));
            verdict["line"] = line;
            return new JsonObject { ["lines"] = new JsonArray(verdict) };
        }

        async Task<Reply> File(JsonObject body)
        {
            var reply = await scene.Learner.Post($"{path}/appeals", body);
            appeal = reply.Json["appealId"] is { } id ? $"{path}/appeals/{id}" : appeal;
            return reply;
        }

        Task<Reply> Answer(JsonObject body) => panel.Post($"{appeal}/answer", body);
        Task<Reply> Decide(JsonObject body) => panel.Post($"{appeal}/decision", body);
    }

    private static async Task<IReadOnlyList<Target>> Accounts()
    {
        var scene = await MergeScene.Open("values-accounts", [Maths], []);
        var (account, operators) = ($"/v1/accounts/{scene.Survivor.Account}", scene.Service.As("operator"));
        var registry = scene.Service.As("registry", "fudan");
        var outcome = scene.Survivor.Outcomes[Maths];
        return
        [
            new Target("a consent", Consent, body => scene.Survivor.Learner.Post($"{account}/consents", body))
            {
                Days = ["/from"],
                Periods = [("/to", "2020-01-01", "/to"), ("/to", "1899-12-31", "/to")],
            },
            new Target("a legal hold", () => Words("reason"), body => operators.Post($"{account}/legal-holds", body))
            {
                Texts = ["/reason"],
            },
            new Target("a merge", Merge, body => operators.Post($"{account}/merges", body)) { Texts = ["/reason"] },
            new Target("an account", Open, body => operators.Post("/v1/accounts", body)) { SealedTexts = ["/name"] },
            new Target(
                "a revocation",
                () => Words("text", ("reason", "fraud")),
                body => registry.Post($"/v1/outcomes/{outcome}/revocation", body)
            )
            {
                SealedTexts = ["/text"],
            },
        ];

        JsonObject Merge() => Words("reason", ("absorbed", scene.Absorbed.Account));

        static JsonObject Consent() =>
            new()
            {
                ["institutionId"] = "shou",
                ["scope"] = "outcomes",
                ["from"] = "2026-01-01",
                ["to"] = "2090-01-01",
            };

        JsonObject Open() =>
            new()
            {
                ["identity"] = new JsonObject
                {
                    ["type"] = "institutional",
                    ["number"] = $"values-{Interlocked.Increment(ref number)}",
                    ["institutionId"] = "fudan",
                },
                ["name"] = "张三",
            };
    }

    /// <summary>The reasons of an institution's changes stand in its events.</summary>
    private static async Task<JsonNode> Reasons(Reply reply)
    {
        var books = (await TestService.SharedAsync()).Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(LedgerBooks.Registry);
        var events = await session.Events.FetchStreamAsync(Institution.StreamOf((string)reply.Json["institutionId"]!));
        return new JsonArray([.. events.Select(one => JsonSerializer.SerializeToNode(one.Data, LedgerJson.Options))]);
    }
}

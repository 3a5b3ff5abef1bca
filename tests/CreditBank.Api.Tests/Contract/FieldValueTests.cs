using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Claims;
using CreditBank.Api.Tests.Erasure;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;

namespace CreditBank.Api.Tests.Contract;

/// <summary>
/// Amounts, days and texts that cannot be, sent by who may to things that are there, so that they reach the decision;
/// and Chinese characters beyond the first plane, which are kept as they are.
/// </summary>
public sealed partial class FieldValueTests
{
    private const string Maths = TransferScene.Maths;
    private static int number;

    [Fact]
    public Task of_records() => Keeps(async () => [await Records()]);

    [Fact]
    public Task of_corrections() => Keeps(async () => [await Corrections()]);

    [Fact]
    public Task of_claims() => Keeps(Claims);

    [Fact]
    public Task of_prior_learning() => Keeps(PriorLearning);

    [Fact]
    public Task of_agreements() => Keeps(async () => [await Agreements()]);

    [Fact]
    public Task of_programmes_and_institutions() =>
        Keeps(async () => [await Programmes(), await Institutions(), .. await InstitutionChanges()]);

    [Fact]
    public Task of_transfers_and_appeals() => Keeps(Transfers);

    [Fact]
    public Task of_accounts() => Keeps(Accounts);

    /// <summary>Every wrong value is refused with its place; every text is kept when it is one.</summary>
    private static async Task Keeps(Func<Task<IReadOnlyList<Target>>> targets)
    {
        var faults = new List<string>();
        foreach (var target in await targets())
        {
            foreach (var (pointer, value, wrong) in FieldValues.WrongIn(target))
            {
                var reply = await target.Send(FieldValues.With(target.Body(), pointer, value));
                if (!FieldValues.Refuses(reply, wrong))
                {
                    faults.Add($"{target.Name} {pointer} = {Short(value.ToJsonString())}: {Short(reply.Text)}");
                }
            }

            var body = target.Body();
            string[] texts = [.. target.Texts.Select((_, index) => $"𠮷{index}𡈽")];
            foreach (var (pointer, text) in target.Texts.Zip(texts).Concat(target.SealedTexts.Select(Sealed)))
            {
                FieldValues.With(body, pointer, JsonValue.Create(text));
            }

            var taken = await target.Send(body);
            if (!FieldValues.Takes(taken))
            {
                faults.Add($"{target.Name} is not taken: {Short(taken.Text)}");
                continue;
            }

            var lost = texts.Except(FieldValues.TextsIn(await target.Shown(taken)));
            faults.AddRange(lost.Select(text => $"{target.Name} does not show {text}"));
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static (string Pointer, string Text) Sealed(string pointer) => (pointer, "𠮷𡈽");

    private static async Task<Target> Records()
    {
        var scene = await TransferScene.Open("values-records");
        return new Target("a record", Body, Send)
        {
            Amounts = ["/records/0/credits"],
            AmountsOrZero = ["/records/0/hours"],
            PastDays = ["/records/0/completedOn"],
            Days = ["/records/0/startedOn"],
            Periods = [("/records/0/startedOn", "2024-06-02", "/records/0/startedOn")],
            Texts =
            [
                "/records/0/courseCode",
                "/records/0/title",
                "/records/0/subject",
                "/records/0/level",
                "/records/0/grade/value",
            ],
            Shown = async _ => (await scene.Learner.Get($"/v1/accounts/{scene.Account}/outcomes?limit=100")).Json,
        };

        JsonObject Body()
        {
            var next = Interlocked.Increment(ref number);
            var record = Record($"values-{next}");
            record["learner"] = new JsonObject { ["accountId"] = scene.Account };
            record["recordId"] = $"values-{next}";
            return new JsonObject
            {
                ["institutionId"] = "fudan",
                ["reference"] = $"values-{next}",
                ["term"] = "2024-1",
                ["records"] = new JsonArray(record),
            };
        }

        Task<Reply> Send(JsonObject body) => scene.Service.As("registry", "fudan").Post("/v1/transcripts", body);
    }

    private static async Task<Target> Corrections()
    {
        var scene = await TransferScene.Open("values-corrections", Maths);
        var revision = 1;
        var path = $"/v1/outcomes/{scene.Outcomes[Maths]}/corrections";
        return new Target("a correction", Body, body => scene.Service.As("registry", "fudan").Post(path, body))
        {
            Amounts = ["/credits"],
            AmountsOrZero = ["/hours"],
            PastDays = ["/completedOn"],
            Days = ["/startedOn"],
            Periods = [("/startedOn", "2024-06-02", "/startedOn")],
            Texts = ["/courseCode", "/title", "/subject", "/level", "/grade/value"],
            SealedTexts = ["/text"],
            Shown = async _ => (await scene.Learner.Get($"/v1/accounts/{scene.Account}/outcomes")).Json,
        };

        JsonObject Body()
        {
            var body = Record("correction");
            body["revision"] = ++revision;
            body["reason"] = "gradeChange";
            body["text"] = "复核";
            return body;
        }
    }

    private static JsonObject Record(string course) =>
        new()
        {
            ["revision"] = 1,
            ["kind"] = "academicCourse",
            ["courseCode"] = course,
            ["title"] = "高等数学",
            ["credits"] = 3,
            ["hours"] = 48,
            ["unit"] = "cn-credit",
            ["level"] = "5",
            ["result"] = "passed",
            ["grade"] = new JsonObject { ["scale"] = "percent", ["value"] = "91" },
            ["completedOn"] = "2024-06-01",
            ["subject"] = "数学",
        };

    private static async Task<IReadOnlyList<Target>> Claims()
    {
        var scene = await ClaimScene.Open("values-claims");
        var waiting = await scene.Claimed("values-waiting", "VALUES-0");
        var verification = $"/v1/certificate-claims/{waiting}/verification";
        return
        [
            new Target("a claim", Body, scene.Claim)
            {
                PastDays = ["/certificate/issuedOn"],
                Days = ["/certificate/validUntil"],
                Periods = [("/certificate/validUntil", "2025-06-29", "/certificate/validUntil")],
                Texts =
                [
                    "/certificate/number",
                    "/certificate/code",
                    "/certificate/title",
                    "/certificate/level",
                    "/evidence/0/title",
                ],
            },
            new Target("a verification", () => Words("reason", ("decision", "verified")), Verify)
            {
                Texts = ["/reason"],
            },
        ];

        Task<Reply> Verify(JsonObject body) => scene.Verifier.Post(verification, body);

        JsonObject Body()
        {
            var next = Interlocked.Increment(ref number);
            var body = scene.Body($"values-{next}", $"VALUES-{next}");
            return body;
        }
    }

    private static async Task<IReadOnlyList<Target>> PriorLearning()
    {
        var scene = await TransferScene.Open("values-rpl");
        var evidence = await ErasedMattersTests.Upload(scene, "values");
        var (assessed, decided) = (await Portfolio(), await Portfolio());
        (await scene.Evaluator.Post($"{decided}/assessment", Assessment())).Expect(HttpStatusCode.OK);
        return
        [
            new Target("an application", Application, body => scene.Learner.Post("/v1/prior-learning", body))
            {
                Texts = ["/statement"],
            },
            new Target("an assessment", Assessment, body => scene.Evaluator.Post($"{assessed}/assessment", body))
            {
                Amounts = ["/found/credits"],
                Texts = ["/found/courseCode", "/found/title", "/found/level", "/reason"],
            },
            new Target(
                "a decision",
                () => Words("reason", ("decision", "refuse")),
                body => scene.Approver.Post($"{decided}/decision", body)
            )
            {
                Texts = ["/reason"],
            },
        ];

        async Task<string> Portfolio()
        {
            var reply = (await scene.Learner.Post("/v1/prior-learning", Application())).Expect(HttpStatusCode.Created);
            return $"/v1/prior-learning/{reply.Json["portfolioId"]}";
        }

        JsonObject Application() =>
            new()
            {
                ["accountId"] = scene.Account,
                ["institutionId"] = "shou",
                ["statement"] = "六年网点管理",
                ["evidence"] = new JsonArray(evidence),
            };

        JsonObject Assessment() =>
            new()
            {
                ["found"] = new JsonObject
                {
                    ["courseCode"] = "LOG-1",
                    ["title"] = "物流基础",
                    ["credits"] = 3,
                    ["unit"] = "cn-credit",
                    ["level"] = "4",
                },
                ["method"] = "interview",
                ["reason"] = "面谈",
            };
    }

    private static JsonObject Words(string name, params (string Name, string Value)[] others)
    {
        var body = new JsonObject { [name] = "理由" };
        foreach (var (other, value) in others)
        {
            body[other] = value;
        }

        return body;
    }

    private static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";
}

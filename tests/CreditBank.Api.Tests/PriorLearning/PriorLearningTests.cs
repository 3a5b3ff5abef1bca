using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.PriorLearning;

public sealed class PriorLearningTests
{
    [Fact]
    public async Task an_assessor_finds_what_it_is_worth_and_another_person_makes_it_an_outcome()
    {
        var scene = await Scene.Open("rpl-whole");
        var portfolio = await scene.Submit();
        var path = $"/v1/prior-learning/{portfolio["portfolioId"]}";

        var assessed = await scene.Evaluator.Post($"{path}/assessment", Scene.Assessment(3));
        var self = await scene.As("approver", "assessor").Post($"{path}/decision", Scene.Recognise);
        var recognised = await scene.As("approver", "approver").Post($"{path}/decision", Scene.Recognise);

        Assert.Equal("assessed", (string?)assessed.Expect(HttpStatusCode.OK).Json["state"]);
        Assert.Equal("access.fourEyes", self.Expect(HttpStatusCode.Forbidden).Code);
        Assert.Equal("recognised", (string?)recognised.Expect(HttpStatusCode.OK).Json["state"]);
        Assert.Equal("What I learned at work", (string?)recognised.Json["statement"]);
        var outcomes = await scene.Learner.Get($"/v1/accounts/{scene.Account}/outcomes");
        var outcome = outcomes.Expect(HttpStatusCode.OK).Json["items"]![0]!;
        Assert.Equal((string?)recognised.Json["outcomeId"], (string?)outcome["outcomeId"]);
        Assert.Equal("priorLearning", (string?)outcome["kind"]);
        var balances = await scene.Learner.Get($"/v1/accounts/{scene.Account}/balances");
        Assert.Equal(3, (int)balances.Json["lines"]![0]!["available"]!);
    }

    [Fact]
    public async Task what_was_decided_stays_and_nothing_is_recognised_that_was_not_found()
    {
        var scene = await Scene.Open("rpl-refused");
        var portfolio = await scene.Submit();
        var path = $"/v1/prior-learning/{portfolio["portfolioId"]}";
        var early = await scene.As("approver", "approver").Post($"{path}/decision", Scene.Recognise);
        var nothing = new { method = "portfolio", reason = "nothing shown" };
        (await scene.Evaluator.Post($"{path}/assessment", nothing)).Expect(HttpStatusCode.OK);

        var unfounded = await scene.As("approver", "approver").Post($"{path}/decision", Scene.Recognise);
        var refusal = new { decision = "refuse", reason = "no evidence of level" };
        var refused = await scene.As("approver", "approver").Post($"{path}/decision", refusal);
        var again = await scene.Evaluator.Post($"{path}/assessment", Scene.Assessment(3));

        Assert.Equal("priorLearning.state", early.Expect(HttpStatusCode.Conflict).Code);
        Assert.Equal("priorLearning.nothingFound", unfounded.Expect(HttpStatusCode.UnprocessableEntity).Code);
        Assert.Equal("refused", (string?)refused.Expect(HttpStatusCode.OK).Json["state"]);
        Assert.Equal("priorLearning.state", again.Expect(HttpStatusCode.Conflict).Code);
    }

    [Fact]
    public async Task an_application_is_for_the_learner_and_the_institution_it_was_made_to()
    {
        var scene = await Scene.Open("rpl-seen");
        var portfolio = await scene.Submit();
        var path = $"/v1/prior-learning/{portfolio["portfolioId"]}";

        (await scene.Service.As("evaluator", "rpl-nobody").Get(path)).Expect(HttpStatusCode.NotFound);
        (await scene.Service.As("auditor").Get(path)).Expect(HttpStatusCode.OK);
        var learner = await scene.Learner.Post($"{path}/assessment", Scene.Assessment(3));
        Assert.Equal("access.role", learner.Expect(HttpStatusCode.Forbidden).Code);
        var list = await scene.Evaluator.Get("/v1/prior-learning?state=submitted");
        Assert.Equal([(string?)portfolio["portfolioId"]], list.Json["items"]!.AsArray().Select(Id));
        Assert.Null(list.Json["items"]![0]!["statement"]);
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        var scene = await Scene.Open("rpl-wrong");
        var body = new
        {
            accountId = scene.Account,
            institutionId = "no such",
            statement = new string('x', 5_001),
            evidence = new[] { "nothash" },
        };

        var wrong = await scene.Learner.Post("/v1/prior-learning", body);
        var missing = await scene.Learner.Post("/v1/prior-learning", scene.Application(new string('a', 64)));

        Assert.Equal(3, wrong.Expect(HttpStatusCode.BadRequest).Json["errors"]!.AsArray().Count);
        Assert.Equal("evidence.missing", missing.Expect(HttpStatusCode.UnprocessableEntity).Code);
    }

    [Fact]
    public async Task nobody_assesses_or_decides_about_the_own_account_whatever_roles_they_have()
    {
        var scene = await Scene.Open("rpl-own");
        var path = $"/v1/prior-learning/{(await scene.Submit())["portfolioId"]}";
        var bound = new { subject = "rpl-own-subject" };
        (await scene.Service.As("operator").Post($"/v1/accounts/{scene.Account}/subjects", bound)).Expect(
            HttpStatusCode.OK
        );
        string[] hats = ["learner", "evaluator", "approver"];
        TestCaller[] owners =
        [
            scene.Service.As(hats, "rpl-own", scene.Account, "another-subject"),
            scene.Service.As(hats[1..], "rpl-own", subject: bound.subject),
        ];

        foreach (var owner in owners)
        {
            var refused = await owner.Post($"{path}/assessment", Scene.Assessment(3));
            Assert.Equal("access.fourEyes", refused.Expect(HttpStatusCode.Forbidden).Code);
        }

        (await scene.Evaluator.Post($"{path}/assessment", Scene.Assessment(3))).Expect(HttpStatusCode.OK);
        foreach (var owner in owners)
        {
            var refused = await owner.Post($"{path}/decision", Scene.Recognise);
            Assert.Equal("access.fourEyes", refused.Expect(HttpStatusCode.Forbidden).Code);
        }
    }

    [Fact]
    public async Task no_identity_number_goes_into_what_was_found()
    {
        var scene = await Scene.Open("rpl-number");
        var path = $"/v1/prior-learning/{(await scene.Submit())["portfolioId"]}";
        var found = new
        {
            courseCode = "310101190001010011",
            title = "物流基础",
            credits = 3,
            unit = "cn-credit",
        };
        var body = new
        {
            found,
            method = "interview",
            reason = "x",
        };

        var wrong = await scene.Evaluator.Post($"{path}/assessment", body);

        var error = Assert.Single(wrong.Expect(HttpStatusCode.BadRequest).Json["errors"]!.AsArray())!;
        Assert.Equal(
            ("/found/courseCode", "field.identityNumber"),
            ((string?)error["pointer"], (string?)error["code"])
        );
    }

    private static string? Id(JsonNode? item) => (string?)item!["portfolioId"];

    private sealed class Scene(TestService service, string institution)
    {
        public static readonly object Recognise = new { decision = "recognise", reason = "agreed" };

        public TestService Service => service;

        public string Account { get; private set; } = string.Empty;

        public TestCaller Learner => service.As("learner", account: Account);

        public TestCaller Evaluator => As("evaluator", "assessor");

        public static async Task<Scene> Open(string institution)
        {
            var service = await TestService.SharedAsync();
            var scene = new Scene(service, institution);
            (await service.As("operator").Post("/v1/institutions", Sample.Institution(institution))).Expect(
                HttpStatusCode.Created
            );
            var identity = new
            {
                type = "institutional",
                number = "1",
                institutionId = institution,
            };
            var opened = await service.As("operator").Post("/v1/accounts", new { identity, name = "张三" });
            scene.Account = (string)opened.Expect(HttpStatusCode.Created).Json["accountId"]!;
            return scene;
        }

        public TestCaller As(string role, string subject) => service.As(role, institution, subject: subject);

        public object Application(string evidence) =>
            new
            {
                accountId = Account,
                institutionId = institution,
                statement = "What I learned at work",
                evidence = new[] { evidence },
            };

        public static object Assessment(int credits) =>
            new
            {
                found = new
                {
                    courseCode = "LOG-1",
                    title = "物流基础",
                    credits,
                    unit = "cn-credit",
                    level = 4,
                },
                method = "interview",
                reason = "shown in an interview",
            };

        public async Task<JsonNode> Submit()
        {
            var bytes = Encoding.UTF8.GetBytes($"portfolio of {institution}");
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            using var content = new ByteArrayContent(bytes);
            using var put = await Learner.Client.PutAsync(new Uri($"/v1/evidence/{hash}", UriKind.Relative), content);
            Assert.True(put.IsSuccessStatusCode);
            return (await Learner.Post("/v1/prior-learning", Application(hash))).Expect(HttpStatusCode.Created).Json;
        }
    }
}

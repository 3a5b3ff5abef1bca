using System.Net;
using CreditBank.Api.Composition;
using CreditBank.Api.Tests.Support;

namespace CreditBank.Api.Tests.Access;

public sealed class AccessTests
{
    [Fact]
    public async Task a_service_for_others_issues_no_development_tokens_and_takes_none()
    {
        await using var service = await TestService.StartAsync(settings =>
            settings with
            {
                Mode = new DeploymentMode(IsTrial: false, "https://login.example"),
            }
        );

        var refused = await service.Anonymous().Post("/v1/dev/tokens", """{"roles":["operator"]}""");

        refused.Expect(HttpStatusCode.NotFound);
        Assert.Equal("access.noDevelopmentTokens", refused.Code);
        (await service.As("operator").Post("/v1/institutions", Sample.Institution("dev-1"))).Expect(
            HttpStatusCode.Unauthorized
        );
    }

    [Fact]
    public async Task who_brings_no_token_is_limited_and_told_when_to_come_again()
    {
        await using var service = await TestService.StartAsync(settings =>
            settings with
            {
                RateLimits = new RateLimitSettings { PublicReads = 3 },
            }
        );
        var anyone = service.Anonymous();
        for (var call = 0; call < 3; call++)
        {
            (await anyone.Get("/v1/institutions")).Expect(HttpStatusCode.OK);
        }

        var limited = await anyone.Get("/v1/institutions");

        limited.Expect(HttpStatusCode.TooManyRequests);
        Assert.Equal("rate.limited", limited.Code);
        Assert.NotNull(limited.Headers.RetryAfter);
        (await service.As("auditor").Get("/v1/institutions")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_bound_subject_is_the_learner_of_the_account()
    {
        var service = await TestService.SharedAsync();
        var opened = await service
            .As("operator")
            .Post(
                "/v1/accounts",
                new { identity = new { type = "passport", number = "E12345678" }, name = "Zhang San" }
            );
        var account = (string)opened.Expect(HttpStatusCode.Created).Json["accountId"]!;
        var learner = service.As("learner", subject: "zhang-san");
        (await learner.Get($"/v1/accounts/{account}")).Expect(HttpStatusCode.NotFound);

        (await service.As("branch").Post($"/v1/accounts/{account}/subjects", new { subject = "zhang-san" })).Expect(
            HttpStatusCode.OK
        );

        (await learner.Get($"/v1/accounts/{account}")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_person_has_one_account_however_the_number_is_written()
    {
        var service = await TestService.SharedAsync();
        var @operator = service.As("operator");
        object Person(string number) => new { identity = new { type = "residentId", number }, name = "李四" };
        (await @operator.Post("/v1/accounts", Person("11010519491231002X"))).Expect(HttpStatusCode.Created);

        var second = await @operator.Post("/v1/accounts", Person("11010519491231002x"));

        second.Expect(HttpStatusCode.Conflict);
        Assert.Equal("account.exists", second.Code);
        Assert.DoesNotContain("110105", second.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a token")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4Iiwicm9sZXMiOlsib3BlcmF0b3IiXX0.")]
    public async Task a_token_that_nobody_signed_is_no_token(string token)
    {
        var service = await TestService.SharedAsync();
        var caller = new TestCaller(service.Host.Server.CreateClient(), token);

        var refused = await caller.Post("/v1/institutions", Sample.Institution("dev-2"));

        refused.Expect(HttpStatusCode.Unauthorized);
        Assert.Equal("access.token", refused.Code);
    }

    [Fact]
    public async Task problems_speak_chinese_when_asked()
    {
        var service = await TestService.SharedAsync();

        var english = await service.Anonymous().Get("/v1/institutions/nobody");
        var chinese = await service
            .Anonymous()
            .With("Accept-Language", "fr, zh-CN;q=0.9, en;q=0.8")
            .Get("/v1/institutions/nobody");

        Assert.Equal("There is no such thing, or not for you.", (string?)english.Json["title"]);
        Assert.Equal("不存在，或您无权知晓。", (string?)chinese.Json["title"]);
        Assert.Equal(english.Code, chinese.Code);
    }

    [Theory]
    [InlineData("", "application/json", HttpStatusCode.BadRequest, "body.invalid")]
    [InlineData("{\"a\":1,\"a\":2}", "application/json", HttpStatusCode.BadRequest, "body.invalid")]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest, "body.invalid")]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType, "body.mediaType")]
    public async Task broken_bodies_get_one_clear_answer(string body, string type, HttpStatusCode status, string code)
    {
        var service = await TestService.SharedAsync();

        var refused = await service.As("operator").PostRaw("/v1/institutions", body, type);

        refused.Expect(status);
        Assert.Equal(code, refused.Code);
        Assert.Equal("application/problem+json", refused.MediaType);
    }

    [Fact]
    public async Task a_body_over_the_limit_is_refused()
    {
        var service = await TestService.SharedAsync();
        var body = "{\"institutionId\":\"" + new string('a', 5 * 1024 * 1024) + "\"}";

        var refused = await service.As("operator").PostRaw("/v1/institutions", body, "application/json");

        refused.Expect(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal("body.tooLarge", refused.Code);
    }

    [Fact]
    public async Task health_tells_the_parts()
    {
        var service = await TestService.SharedAsync();

        (await service.Anonymous().Get("/health/live")).Expect(HttpStatusCode.OK);
        var ready = (await service.Anonymous().Get("/health/ready")).Expect(HttpStatusCode.OK);

        Assert.Equal("healthy", (string?)ready.Json["checks"]!["database"]!["status"]);
        Assert.Equal("healthy", (string?)ready.Json["checks"]!["projections"]!["status"]);
    }
}

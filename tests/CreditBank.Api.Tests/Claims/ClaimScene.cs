using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Claims;

/// <summary>A provider, a learner with an account, and a piece of evidence, under ids of their own.</summary>
internal sealed class ClaimScene
{
    public const string LearnerName = "张三";

    private ClaimScene(TestService service, string id)
    {
        Service = service;
        Id = id;
    }

    public TestService Service { get; }

    public string Id { get; }

    public string Account { get; private set; } = string.Empty;

    public string Evidence { get; private set; } = string.Empty;

    public TestCaller Provider => Service.As("provider", Id);

    public TestCaller Learner => Service.As("learner", account: Account);

    public TestCaller Verifier => Service.As("verifier", subject: "verifier of " + Id);

    public static async Task<ClaimScene> Open(string id, IReadOnlyList<string>? kinds = null)
    {
        var scene = new ClaimScene(await TestService.SharedAsync(), id);
        (
            await scene
                .Service.As("operator")
                .Post("/v1/institutions", Sample.Institution(id, "trainingProvider", kinds))
        ).Expect(HttpStatusCode.Created);
        scene.Account = await scene.OpenAccount("1", LearnerName);
        scene.Evidence = await scene.Upload("scan of " + id);
        return scene;
    }

    public async Task<string> OpenAccount(string number, string name)
    {
        var identity = Identity(number);
        var opened = await Service.As("operator").Post("/v1/accounts", new { identity, name });
        return (string)opened.Expect(HttpStatusCode.Created).Json["accountId"]!;
    }

    public object Identity(string number) =>
        new
        {
            type = "institutional",
            number,
            institutionId = Id,
        };

    public async Task<string> Upload(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var content = new ByteArrayContent(bytes);
        using var response = await Provider.Client.PutAsync(new Uri($"/v1/evidence/{hash}", UriKind.Relative), content);
        Assert.True(response.IsSuccessStatusCode);
        return hash;
    }

    /// <summary>A right claim, to be varied.</summary>
    public JsonObject Body(string recordId, string number, Action<JsonObject>? vary = null)
    {
        var body = new JsonObject
        {
            ["providerId"] = Id,
            ["recordId"] = recordId,
            ["learner"] = new JsonObject { ["accountId"] = Account },
            ["kind"] = "xCertificate",
            ["certificate"] = new JsonObject
            {
                ["number"] = number,
                ["code"] = "web-frontend",
                ["title"] = "Web 前端开发",
                ["level"] = "intermediate",
                ["issuerId"] = Id,
                ["issuedOn"] = "2025-06-30",
            },
            ["evidence"] = new JsonArray(
                new JsonObject
                {
                    ["sha256"] = Evidence,
                    ["mediaType"] = "application/pdf",
                    ["title"] = "扫描件",
                }
            ),
        };
        vary?.Invoke(body);
        return body;
    }

    public Task<Reply> Claim(JsonObject body) => Provider.Post("/v1/certificate-claims", body);

    /// <summary>A claim that was taken.</summary>
    public async Task<string> Claimed(string recordId, string number) =>
        (string)(await Claim(Body(recordId, number))).Expect(HttpStatusCode.Created).Json["claimId"]!;

    public Task<Reply> Decide(string claimId, string decision = "verified") =>
        Verifier.Post($"/v1/certificate-claims/{claimId}/verification", new { decision, reason = "与原件一致" });

    /// <summary>The outcome of a claim that was verified.</summary>
    public async Task<string> Outcome(string recordId, string number)
    {
        var decided = await Decide(await Claimed(recordId, number));
        return (string)decided.Expect(HttpStatusCode.OK).Json["outcomeId"]!;
    }

    public async Task<Account> Fold()
    {
        var books = Service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(books.BookOf(Account));
        return (await session.Events.AggregateStreamAsync<Account>(Account))!;
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transcripts;
using CreditBank.Api.Transcripts;
using Marten;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Erasure;

/// <summary>What erasing a person destroys, and what it leaves as it was.</summary>
public sealed class ErasePersonTests
{
    private static readonly string[] Views = ["/balances", "/outcomes", "/statement"];

    [Fact]
    public async Task balances_outcomes_and_history_stay_and_nobody_can_tell_whose_they_were()
    {
        var registry = await Registry.At("erase-all");
        var account = await registry.Open("s-1");
        await registry.Post("t-1", false, registry.Record("r-1"), registry.Record("r-2"));
        var before = await Shown(registry, account);
        var events = await Events(registry, account);

        var erased = await Erase(registry, account);

        Assert.Equal(account, (string?)erased.Expect(HttpStatusCode.OK).Json["accountId"]);
        Assert.Equal(before, await Shown(registry, account));
        Assert.Equal(events, (await Events(registry, account)).Take(events.Length));
        var shown = (await registry.Service.As("operator").Get($"/v1/accounts/{account}")).Expect(HttpStatusCode.OK);
        Assert.NotNull((string?)shown.Json["erasedOn"]);
        var vault = registry.Service.Services.GetRequiredService<IdentityVault>();
        Assert.Null(await vault.Find(new PersonIdentity("institutional", "s-1", "erase-all"), CancellationToken.None));
        var again = await Erase(registry, account);
        Assert.Equal(("account.erased", "erased"), (again.Code, (string?)again.Json["state"]));
    }

    [Fact]
    public async Task records_sent_before_stay_duplicates_and_new_ones_find_nobody()
    {
        var registry = await Registry.At("erase-again");
        var account = await registry.Open("s-1");
        await registry.Post("t-1", false, registry.Record("r-1"));
        (await Erase(registry, account)).Expect(HttpStatusCode.OK);

        var changed = registry.Record("r-1");
        changed["credits"] = 4;
        var named = registry.Record("r-1");
        named["learner"] = new JsonObject { ["accountId"] = account };
        var newer = registry.Record("r-4");
        newer["learner"] = new JsonObject { ["accountId"] = account };
        var posted = await registry.Post("t-2", false, registry.Record("r-1"), changed, named, newer);
        var unknown = await registry.Post("t-3", false, registry.Record("r-5"));

        Assert.Equal("duplicate", posted.Record().Status());
        Assert.Equal("record.conflict", posted.Record(1).Problem());
        Assert.Equal("duplicate", posted.Record(2).Status());
        Assert.Equal("record.accountUnknown", posted.Record(3).Problem());
        Assert.Equal("suspended", unknown.Record().Status());
        Assert.NotEqual(account, await registry.Open("s-1"));
    }

    [Fact]
    public async Task words_waiting_records_evidence_and_sign_in_go_too()
    {
        var registry = await Registry.At("erase-words");
        var account = await registry.Open("s-1");
        var operators = registry.Service.As("operator");
        (await operators.Post($"/v1/accounts/{account}/subjects", new { subject = "erase-reader" })).Expect(
            HttpStatusCode.OK
        );
        var waiting = await registry.Post("t-1", false, registry.Record("r-1", name: "别人"));
        Assert.Equal("suspended", waiting.Record().Status());
        var sha256 = await Upload(registry, "证书扫描件");
        var claim = await Claim(registry, sha256);
        var pending = await Erase(registry, account);
        Assert.Equal(("erasure.pending", claim), (pending.Code, (string?)pending.Json["state"]));
        var verify = new { decision = "verified", reason = "与原件核对" };
        var verifier = registry.Service.As("verifier", subject: "erase-verifier");
        (await verifier.Post($"/v1/certificate-claims/{claim}/verification", verify)).Expect(HttpStatusCode.OK);

        (await Erase(registry, account)).Expect(HttpStatusCode.OK);

        var shown = (await verifier.Get($"/v1/certificate-claims/{claim}")).Expect(HttpStatusCode.OK).Json;
        Assert.Null(shown["reason"]);
        Assert.Null(shown["certificate"]!["number"]);
        Assert.False(await Exists(registry, sha256));
        Assert.Equal(0, await Waiting(registry));
        var reader = registry.Service.As("learner", subject: "erase-reader");
        (await reader.Get($"/v1/accounts/{account}")).Expect(HttpStatusCode.NotFound);
        var again = await registry
            .Service.As("provider", "erase-words")
            .Post("/v1/certificate-claims", Body(registry, sha256, "c-2"));
        Assert.NotEqual(HttpStatusCode.Created, again.Status);
    }

    [Fact]
    public async Task while_a_legal_hold_stands_nobody_is_erased()
    {
        var registry = await Registry.At("erase-hold");
        var account = await registry.Open("s-1");
        var operators = registry.Service.As("operator");
        var holds = $"/v1/accounts/{account}/legal-holds";
        var set = (await operators.Post(holds, new { reason = "诉讼" })).Expect(HttpStatusCode.Created);
        var holdId = (string)set.Json["holdId"]!;

        var refused = await Erase(registry, account);

        Assert.Equal(("erasure.held", holdId), (refused.Code, (string?)refused.Json["state"]));
        refused.Expect(HttpStatusCode.Conflict);
        var listed = (await registry.Service.As("auditor").Get(holds)).Expect(HttpStatusCode.OK).Json["items"]!;
        Assert.Equal("诉讼", (string?)listed[0]!["reason"]);
        (await operators.Delete($"{holds}/hld-none")).Expect(HttpStatusCode.NotFound);
        (await operators.Delete($"{holds}/{holdId}")).Expect(HttpStatusCode.OK);
        (await operators.Delete($"{holds}/{holdId}")).Expect(HttpStatusCode.NotFound);
        (await Erase(registry, account)).Expect(HttpStatusCode.OK);
        Assert.Equal("account.erased", (await operators.Post(holds, new { reason = "诉讼" })).Code);
    }

    [Fact]
    public async Task only_the_operator_erases_and_consents_end_with_the_person()
    {
        var registry = await Registry.At("erase-who");
        var reader = await Registry.At("erase-reads");
        var account = await registry.Open("s-1");
        await registry.Post("t-1", false, registry.Record("r-1"));
        var learner = registry.Service.As("learner", account: account);
        var path = $"/v1/accounts/{account}/erasure";
        var consent = new { institutionId = "erase-reads", scope = "account" };
        (await learner.Post($"/v1/accounts/{account}/consents", consent)).Expect(HttpStatusCode.Created);
        (await reader.Caller.Get($"/v1/accounts/{account}/outcomes")).Expect(HttpStatusCode.OK);

        (await learner.Post(path, new { reason = "request" })).Expect(HttpStatusCode.Forbidden);
        (await registry.Service.As("branch").Post(path, new { reason = "request" })).Expect(HttpStatusCode.Forbidden);
        (await registry.Service.As("operator").Post(path, new { reason = "because" })).Expect(
            HttpStatusCode.BadRequest
        );
        (
            await registry.Service.As("operator").Post("/v1/accounts/acc-none/erasure", new { reason = "request" })
        ).Expect(HttpStatusCode.NotFound);
        (await Erase(registry, account)).Expect(HttpStatusCode.OK);

        (await reader.Caller.Get($"/v1/accounts/{account}/outcomes")).Expect(HttpStatusCode.NotFound);
        (await registry.Caller.Get($"/v1/accounts/{account}/outcomes")).Expect(HttpStatusCode.OK);
        var late = await learner.Post($"/v1/accounts/{account}/consents", consent);
        Assert.Equal("account.erased", late.Expect(HttpStatusCode.Conflict).Code);
    }

    private static Task<Reply> Erase(Registry registry, string account) =>
        registry.Service.As("operator").Post($"/v1/accounts/{account}/erasure", new { reason = "request" });

    private static async Task<string> Shown(Registry registry, string account)
    {
        var auditor = registry.Service.As("auditor");
        var parts = new List<string>();
        foreach (var view in Views)
        {
            parts.Add((await auditor.Get($"/v1/accounts/{account}{view}")).Expect(HttpStatusCode.OK).Text);
        }

        return string.Join('\n', parts);
    }

    private static async Task<string[]> Events(Registry registry, string account)
    {
        var books = registry.Service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(books.BookOf(account));
        var stream = await session.Events.FetchStreamAsync(account);
        return [.. stream.Select(one => $"{one.Version} {one.Id} {one.Timestamp:o} {one.Data}")];
    }

    private static async Task<int> Waiting(Registry registry)
    {
        var books = registry.Service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(LedgerBooks.Registry);
        return await LedgerBooks
            .QueryLearnerBooks<SuspendedRecord>(session)
            .Where(record => record.InstitutionId == registry.InstitutionId)
            .CountAsync();
    }

    private static async Task<string> Upload(Registry registry, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + registry.InstitutionId);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var content = new ByteArrayContent(bytes);
        var provider = registry.Service.As("provider", registry.InstitutionId);
        using var put = await provider.Client.PutAsync(new Uri($"/v1/evidence/{sha256}", UriKind.Relative), content);
        Assert.True(put.IsSuccessStatusCode);
        return sha256;
    }

    private static async Task<bool> Exists(Registry registry, string sha256)
    {
        var store = registry.Service.Services.GetRequiredService<Api.Evidence.EvidenceStore>();
        return (await store.Known([sha256], CancellationToken.None)).Count == 1;
    }

    private static async Task<string> Claim(Registry registry, string sha256)
    {
        var provider = registry.Service.As("provider", registry.InstitutionId);
        var claimed = await provider.Post("/v1/certificate-claims", Body(registry, sha256, "c-1"));
        return (string)claimed.Expect(HttpStatusCode.Created).Json["claimId"]!;
    }

    private static object Body(Registry registry, string sha256, string recordId) =>
        new
        {
            providerId = registry.InstitutionId,
            recordId,
            learner = new { identity = registry.Identity("s-1") },
            kind = "xCertificate",
            certificate = new
            {
                number = $"NO-{registry.InstitutionId}",
                code = "web-frontend",
                title = "Web 前端开发",
                level = "intermediate",
                issuerId = registry.InstitutionId,
                issuedOn = "2025-06-30",
            },
            evidence = new[]
            {
                new
                {
                    sha256,
                    mediaType = "application/pdf",
                    title = "扫描件",
                },
            },
        };
}

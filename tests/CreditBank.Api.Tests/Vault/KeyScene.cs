using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CreditBank.Api.Composition;
using CreditBank.Api.Evidence;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Notices;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transcripts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CreditBank.Api.Tests.Vault;

/// <summary>
/// A bank of its own with one of everything that a key of the vault protects or finds, and how each is looked at
/// afterwards.
/// </summary>
internal sealed class KeyScene
{
    private const string Institution = "keys-uni";
    private const string Reason = "诉讼，待结";

    private static readonly byte[] Scan = Encoding.UTF8.GetBytes("证书扫描件");
    private static readonly string ScanId = Convert.ToHexStringLower(SHA256.HashData(Scan));

    private readonly Dictionary<string, string> accounts = [];
    private string webhookId = string.Empty;
    private string secret = string.Empty;
    private string waitingPath = string.Empty;

    private KeyScene(ServiceSettings settings) => Settings = settings;

    /// <summary>How the bank is started again; the key may be another one later.</summary>
    public ServiceSettings Settings { get; set; }

    /// <summary>The tags of the identities before any rotation.</summary>
    public IReadOnlyList<string> FirstTags { get; private set; } = [];

    /// <summary>Fills a new bank and stops its service.</summary>
    public static async Task<KeyScene> Open(Func<ServiceSettings, ServiceSettings>? settings = null)
    {
        await using var service = await TestService.StartAsync(settings);
        var scene = new KeyScene(service.Settings);
        var registry = await Registry.At(service, Institution);
        for (var number = 1; number <= 12; number++)
        {
            scene.accounts.Add($"s-{number}", await registry.Open($"s-{number}", $"学生{number}号"));
        }

        await scene.PostRecords(registry);
        await scene.Merge(service);
        await scene.KeepWords(service);
        var vault = service.Services.GetRequiredService<IdentityVault>();
        scene.FirstTags = [.. Enumerable.Range(1, 12).Select(number => vault.TagOf(Person($"s-{number}")))];
        return scene;
    }

    /// <summary>Uses a stopped bank as a command does: the parts are there, nothing is served.</summary>
    public async Task<T> Stopped<T>(Func<IServiceProvider, Task<T>> use)
    {
        var builder = WebApplication.CreateBuilder();
        Service.Register(builder, Settings);
        await using var app = builder.Build();
        await app.Services.GetServices<IHostedService>().OfType<BookKeeping>().Single().OpenAsync(default);
        return await use(app.Services);
    }

    /// <summary>Starts the bank again.</summary>
    public Task<TestService> Start() => TestService.StartAsync(_ => Settings);

    /// <summary>Everything is there and found as before; changes the bank, so once a bank.</summary>
    public async Task Check()
    {
        await using var service = await Start();
        var registry = Registry.Again(service, Institution);
        await CheckPersons(service, registry);
        await CheckWaiting(registry);
        await CheckSealed(service);
        await CheckErased(service, registry);
    }

    private async Task PostRecords(Registry registry)
    {
        var named = registry.Record("w-3", name: "别人");
        named["learner"] = new JsonObject { ["accountId"] = accounts["s-3"], ["name"] = "别人" };
        var posted = await registry.Post(
            "t-1",
            false,
            registry.Record("r-1"),
            registry.Record("r-4", "s-4"),
            registry.Record("w-1", "s-20", "李明"),
            registry.Record("w-2", "s-2", "别人"),
            registry.Record("w-4", "s-4", "别人"),
            named
        );
        Assert.Equal((2, 0, 4, 0), posted.Counts());
        waitingPath = $"/v1/transcripts/{posted.Json["transcriptId"]}/records?status=suspended";
    }

    private async Task Merge(TestService service)
    {
        var path = $"/v1/accounts/{accounts["s-5"]}/merges";
        var body = new { absorbed = accounts["s-6"], reason = "同一人" };
        var proposed = await service.As("operator", subject: "keys-proposer").Post(path, body);
        var mergeId = (string)proposed.Expect(HttpStatusCode.Created).Json["mergeId"]!;
        var confirmer = service.As("branch", subject: "keys-confirmer");
        (await confirmer.Post($"{path}/{mergeId}/decision", new { decision = "confirmed" })).Expect(HttpStatusCode.OK);
    }

    private async Task KeepWords(TestService service)
    {
        var operators = service.As("operator");
        (await operators.Post($"/v1/accounts/{accounts["s-1"]}/legal-holds", new { reason = Reason })).Expect(
            HttpStatusCode.Created
        );
        (await operators.Post($"/v1/accounts/{accounts["s-4"]}/erasure", new { reason = "request" })).Expect(
            HttpStatusCode.OK
        );
        using var content = new ByteArrayContent(Scan);
        var provider = service.As("provider", Institution);
        using var put = await provider.Client.PutAsync(new Uri($"/v1/evidence/{ScanId}", UriKind.Relative), content);
        Assert.True(put.IsSuccessStatusCode);
        var hook = await service
            .As("registry", Institution)
            .Post(
                $"/v1/institutions/{Institution}/webhooks",
                new { url = "http://127.0.0.1:9/", types = Array.Empty<string>() }
            );
        webhookId = (string)hook.Expect(HttpStatusCode.Created).Json["webhookId"]!;
        secret = (string)hook.Json["secret"]!;
    }

    private async Task CheckPersons(TestService service, Registry registry)
    {
        var vault = service.Services.GetRequiredService<IdentityVault>();
        foreach (var (student, accountId) in accounts.Where(pair => pair.Key is not ("s-4" or "s-6")))
        {
            Assert.Equal(accountId, (await vault.Find(Person(student), default))?.AccountId);
            var again = await registry.Caller.Post(
                "/v1/accounts",
                new { identity = registry.Identity(student), name = "学生" }
            );
            Assert.Equal("account.exists", again.Code);
        }

        var absorbed = (await vault.Find(Person("s-6"), default))!;
        Assert.Equal((accounts["s-5"], accounts["s-6"]), (absorbed.AccountId, absorbed.ClaimedForId));
        var sent = await registry.Post(
            "t-2",
            false,
            registry.Record("r-1"),
            registry.Record("r-7", "s-7", "学生 7 号"),
            registry.Record("r-8", "s-8", "别人")
        );
        Assert.Equal(["duplicate", "accepted", "suspended"], Statuses(sent));
        Assert.Equal("record.nameMismatch", sent.Record(2).Problem());
    }

    private async Task CheckWaiting(Registry registry)
    {
        var shown = (await registry.Caller.Get(waitingPath)).Expect(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal(["李明", "别人", null, "别人"], shown.Select(row => (string?)row!["record"]?["learner"]!["name"]));
        var same = await registry.Post("t-3", false, registry.Record("w-1", "s-20", "李明"));
        var other = registry.Record("w-1", "s-20", "李明");
        other["credits"] = 4;
        var conflict = await registry.Post("t-4", false, other);
        var opened = await registry.Open("s-20");
        var named = registry.Record("w-3");
        named["learner"] = new JsonObject { ["accountId"] = accounts["s-3"], ["name"] = "学生3号" };
        var right = await registry.Post("t-5", false, registry.Record("w-2", "s-2", "学生2号"), named);

        Assert.Equal("suspended", same.Record().Status());
        Assert.Equal("record.conflict", conflict.Record().Problem());
        Assert.Equal(["accepted", "accepted"], Statuses(right));
        Assert.Single((await PostTranscriptTests.AccountOf(registry.Service, opened)).Outcomes);
    }

    private async Task CheckSealed(TestService service)
    {
        var holds = await service.As("auditor").Get($"/v1/accounts/{accounts["s-1"]}/legal-holds");
        Assert.Equal(Reason, (string?)holds.Expect(HttpStatusCode.OK).Json["items"]![0]!["reason"]);
        using var opened = new MemoryStream();
        Assert.True(await service.Services.GetRequiredService<EvidenceStore>().Open(ScanId, _ => opened, default));
        Assert.Equal(Scan, opened.ToArray());
        var keys = service.Services.GetRequiredService<VaultKeys>();
        await using var session = service.Services.GetRequiredService<LedgerBooks>().Read(LedgerBooks.Registry);
        var webhook = (await session.LoadAsync<Webhook>(webhookId))!;
        var read = keys.Open(webhook.WrappedKey, webhook.SealedSecret, DeliverNoticeHandler.SecretPurpose + webhookId);
        Assert.Equal(secret, read);
    }

    private async Task CheckErased(TestService service, Registry registry)
    {
        var vault = service.Services.GetRequiredService<IdentityVault>();
        Assert.Null(await vault.Find(Person("s-4"), default));
        await using var session = service
            .Services.GetRequiredService<LedgerBooks>()
            .Read(vault.BookOf(accounts["s-4"]));
        Assert.Null(await session.LoadAsync<Person>(accounts["s-4"]));
        var sent = await registry.Post("t-6", false, registry.Record("r-4", "s-4"), registry.Record("w-4", "s-4"));
        Assert.Equal(["duplicate", "suspended"], Statuses(sent));
        Assert.NotEqual(accounts["s-4"], await registry.Open("s-4"));
    }

    public static PersonIdentity Person(string student) => new("institutional", student, Institution);

    private static string[] Statuses(Reply posted) =>
        [.. posted.Json["records"]!.AsArray().Select(record => record!.Status())];
}

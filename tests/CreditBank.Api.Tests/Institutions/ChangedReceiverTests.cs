using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Notices;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace CreditBank.Api.Tests.Institutions;

/// <summary>What each command does at a receiver that is suspended, or became part of another.</summary>
public sealed class ChangedReceiverTests
{
    [Fact]
    public async Task a_suspended_receiver_gives_back_what_waits_and_does_nothing_else()
    {
        await using var service = await TestService.StartAsync();
        var matters = await WaitingMatters.OpenAsync(service);
        await matters.Change("suspension");

        foreach (var (name, givesBack, send) in matters.Commands("shou"))
        {
            var reply = await send();
            var expected = givesBack ? (HttpStatusCode.OK, null) : (HttpStatusCode.Conflict, "institution.suspended");
            Assert.Equal((name, expected), (name, (reply.Status, givesBack ? null : reply.Code)));
        }

        Assert.Equal("3/0/0/0", await matters.Scene.Position(TransferScene.Databases));
    }

    [Fact]
    public async Task a_panel_of_the_bank_grants_nothing_at_a_suspended_receiver_and_something_at_its_successor()
    {
        await using var service = await TestService.StartAsync();
        var matters = await WaitingMatters.OpenAsync(service);
        var bank = service.As("panel", subject: "panel of the bank");
        await matters.Change("suspension");
        var suspended = await bank.Post($"{matters.Appeals[0]}/decision", WaitingMatters.Vary);
        await matters.Change("reinstatement");
        await matters.Merge();

        var varied = await bank.Post($"{matters.Appeals[0]}/decision", WaitingMatters.Vary);

        Assert.Equal("institution.suspended", suspended.Expect(HttpStatusCode.Conflict).Code);
        varied.Expect(HttpStatusCode.OK);
        Assert.Equal("0/0/4/1", await matters.Scene.Position(TransferScene.Maths));
    }

    [Fact]
    public async Task a_predecessor_does_nothing_and_its_successor_does_it()
    {
        await using var service = await TestService.StartAsync();
        var matters = await WaitingMatters.OpenAsync(service);
        await matters.Merge();

        foreach (var (name, _, send) in matters.Commands("shou"))
        {
            var reply = await send();
            Assert.Equal(
                (name, HttpStatusCode.Conflict, "institution.merged"),
                (name, reply.Status, reply.Status == HttpStatusCode.OK ? null : reply.Code)
            );
        }

        var programme = await ProgrammeOf(service, matters.Scene.ProgrammeId);
        var path = $"/v1/institutions/shou/programmes/{matters.Scene.ProgrammeId}";
        var published = await matters.Of("registry", "shou").Put(path, programme);
        Assert.Equal("institution.merged", published.Expect(HttpStatusCode.Conflict).Code);
        (await matters.Of("registry", "heir").Put(path, programme)).Expect(HttpStatusCode.OK);

        var commands = matters.Commands("heir").ToDictionary(command => command.Name, command => command.Send);
        var varied = await matters.Of("panel", "heir").Post($"{matters.Appeals[1]}/decision", WaitingMatters.Vary);
        varied.Expect(HttpStatusCode.OK);
        string[] inOrder =
        [
            "evaluate",
            "approve",
            "remand",
            "agree",
            "recognise",
            "confer",
            "uphold an award",
            "rescind",
        ];
        foreach (var name in inOrder)
        {
            var reply = await commands[name]();
            Assert.True(reply.Status is HttpStatusCode.OK or HttpStatusCode.Created, $"{name}: {reply.Text}");
        }

        Assert.Equal("0/0/3/0", await matters.Scene.Position(TransferScene.Databases));
    }

    [Fact]
    public async Task a_successor_finds_in_its_lists_what_waits_for_its_predecessor()
    {
        await using var service = await TestService.StartAsync();
        var matters = await WaitingMatters.OpenAsync(service);
        await matters.Merge();
        await matters.Merge("fudan", "issuing-heir");
        var open = matters.Open.Path.Split('/')[^1];
        var appealed = matters.Appeals[0].Split('/')[^3];

        Assert.Contains(appealed, await Ids(matters.Of("panel", "heir"), "/v1/appeals?state=filed", "transferId"));
        Assert.Contains(appealed, await Ids(matters.Of("approver", "heir"), "/v1/appeals", "transferId"));
        Assert.Empty(await Ids(matters.Of("panel", "issuing-heir"), "/v1/appeals", "transferId"));
        Assert.Contains(open, await Ids(matters.Of("approver", "heir"), "/v1/transfers", "transferId"));
        var issuer = matters.Of("registry", "issuing-heir");
        Assert.Contains(open, await Ids(issuer, "/v1/transfers", "transferId"));
        var ofAccount = $"/v1/accounts/{matters.Scene.Account}/transfers";
        Assert.Contains(open, await Ids(issuer, ofAccount, "transferId"));
        (await matters.Of("approver", "heir").Post("/v1/award-audits", matters.Conferral)).Expect(HttpStatusCode.OK);
        var stranger = service.As("registry", "somebody-else");
        Assert.Empty(await Ids(stranger, "/v1/transfers", "transferId"));
        await service.Services.GetRequiredService<NoticeFeed>().CatchUpAsync(CancellationToken.None);
        const string Notices = "/v1/institutions/shou/notices?limit=500";
        Assert.Contains(open, await Ids(matters.Of("registry", "heir"), Notices, "subjectId"));
        (await stranger.Get(Notices)).Expect(HttpStatusCode.Forbidden);
        (await stranger.Get(ofAccount)).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task what_the_predecessor_was_asked_binds_the_successor_for_the_programme_that_it_carries_on()
    {
        await using var service = await TestService.StartAsync();
        await TransferScene.Register(service);
        (await service.As("operator").Post("/v1/institutions", Sample.Institution("old"))).Expect(
            HttpStatusCode.Created
        );
        var carried = await TransferScene.Open(service, "carried-on", TransferScene.Maths);
        var path = await Propose(service, carried);
        var merger = new { successorId = "shou", reason = new { zh = "合并", en = "merger" } };
        (await service.As("operator").Post("/v1/institutions/old/merger", merger)).Expect(HttpStatusCode.OK);
        (await carried.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);

        var asked = await carried.Learner.Post("/v1/evaluations", carried.Request());
        var other = await carried.Learner.Post("/v1/evaluations", await AnotherProgramme(service, carried));
        var transfer = await carried.Submit();

        var id = path.Split('/')[^1];
        Assert.Contains(id, asked.Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(id, other.Expect(HttpStatusCode.OK).Text, StringComparison.Ordinal);
        Assert.Contains(id, transfer.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>An agreement with the institution that ends, about a programme that both have.</summary>
    private static async Task<string> Propose(TestService service, TransferScene scene)
    {
        var programme = await ProgrammeOf(service, scene.ProgrammeId);
        var path = $"/v1/institutions/old/programmes/{scene.ProgrammeId}";
        (await service.As("registry", "old").Put(path, programme)).Expect(HttpStatusCode.Created);
        var body = new
        {
            accountId = scene.Account,
            institutionId = "old",
            programmeId = scene.ProgrammeId,
            source = new { institutionId = "fudan" },
            until = $"{BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(30):uuuu-MM-dd}",
        };
        var proposed = await scene.Learner.Post("/v1/learning-agreements", body);
        return $"/v1/learning-agreements/{proposed.Expect(HttpStatusCode.Created).Json["agreementId"]}";
    }

    private static async Task<object> AnotherProgramme(TestService service, TransferScene scene)
    {
        var programme = await ProgrammeOf(service, scene.ProgrammeId);
        const string Another = "/v1/institutions/shou/programmes/another";
        (await service.As("registry", "shou").Put(Another, programme)).Expect(HttpStatusCode.Created);
        return new
        {
            accountId = scene.Account,
            institutionId = "shou",
            programmeId = "another",
        };
    }

    /// <summary>What was published, to be published again.</summary>
    private static async Task<JsonObject> ProgrammeOf(TestService service, string programmeId)
    {
        var path = $"/v1/institutions/shou/programmes/{programmeId}";
        var shown = (await service.Anonymous().Get(path)).Expect(HttpStatusCode.OK).Json;
        string[] fields = ["title", "level", "totalCredits", "ruleSetFamily", "courses"];
        return new JsonObject(fields.Select(field => KeyValuePair.Create(field, shown[field]?.DeepClone())));
    }

    private static async Task<List<string>> Ids(TestCaller caller, string path, string member)
    {
        var listed = (await caller.Get(path)).Expect(HttpStatusCode.OK);
        return [.. listed.Json["items"]!.AsArray().Select(item => (string)item![member]!)];
    }
}

using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Accounts;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Infrastructure.Vault;
using CreditBank.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Transcripts;

public sealed class PostTranscriptTests
{
    [Fact]
    public async Task a_record_of_a_known_person_becomes_an_outcome_and_is_a_duplicate_for_ever_after()
    {
        var registry = await Registry.At("tr-once");
        var accountId = await registry.Open("s-1");

        var first = (await registry.Post("t1", false, registry.Record("r-1", name: "李明"))).Expect(HttpStatusCode.OK);
        var again = (await registry.Post("t1", false, registry.Record("r-1"))).Expect(HttpStatusCode.OK);
        var exact = registry.Record("r-1");
        exact["credits"] = JsonNode.Parse("3.0");
        var elsewhere = (await registry.Post("t2", false, exact)).Expect(HttpStatusCode.OK);

        Assert.Equal("accepted", first.Record().Status());
        Assert.Equal((0, 1, 0, 0), again.Counts());
        Assert.Equal(first.Record().OutcomeId(), again.Record().OutcomeId());
        Assert.Equal("duplicate", elsewhere.Record().Status());
        var account = await AccountOf(registry.Service, accountId);
        var position = Assert.Single(account.Outcomes.Values);
        Assert.Equal("3", position.Available.Amount.ToString());
        Assert.Equal(3, account.Version);
    }

    [Fact]
    public async Task the_same_revision_with_other_content_is_a_conflict()
    {
        var registry = await Registry.At("tr-conflict");
        await registry.Open("s-1");
        await registry.Open("s-2");
        await registry.Post("t1", false, registry.Record("r-1"));

        var other = registry.Record("r-1");
        other["credits"] = 4;
        var reply = await registry.Post("t1", false, other, registry.Record("r-1", "s-2"), registry.Record("r-1"));

        Assert.Equal("record.conflict", reply.Record(0).Problem());
        Assert.Equal("record.conflict", reply.Record(1).Problem());
        Assert.Equal("duplicate", reply.Record(2).Status());
    }

    [Fact]
    public async Task a_higher_revision_corrects_and_a_lower_one_is_too_late()
    {
        var registry = await Registry.At("tr-correct");
        var accountId = await registry.Open("s-1");
        var first = await registry.Post("t1", false, registry.Record("r-1"));
        var corrected = registry.Record("r-1");
        corrected["revision"] = 3;
        corrected["credits"] = 4.5;

        var reply = await registry.Post("t2", false, corrected);
        var late = registry.Record("r-1");
        late["revision"] = 2;
        var tooLate = await registry.Post("t3", false, late, corrected, registry.Record("r-1"));

        Assert.Equal("accepted", reply.Record().Status());
        Assert.Equal(first.Record().OutcomeId(), reply.Record().OutcomeId());
        Assert.Equal("record.revision", tooLate.Record(0).Problem());
        Assert.Equal("duplicate", tooLate.Record(1).Status());
        Assert.Equal("duplicate", tooLate.Record(2).Status());
        var position = Assert.Single((await AccountOf(registry.Service, accountId)).Outcomes.Values);
        Assert.Equal("4.5", position.Available.Amount.ToString());
        Assert.Equal(3, position.Record.Revision);
    }

    [Fact]
    public async Task rows_of_one_batch_see_each_other()
    {
        var registry = await Registry.At("tr-within");
        var second = registry.Record("r-1");
        second["revision"] = 2;
        second["credits"] = 5;
        var third = registry.Record("r-1");
        third["revision"] = 3;
        third["result"] = "failed";

        var reply = await registry.Post(
            "t1",
            true,
            registry.Record("r-1"),
            registry.Record("r-1"),
            second,
            third,
            registry.Record("r-2")
        );

        Assert.Equal((4, 1, 0, 0), reply.Counts());
        var account = await AccountOf(registry.Service, await AccountIdOf(registry, "s-1"));
        Assert.Equal(2, account.Outcomes.Count);
        Assert.True(account.Outcomes[reply.Record(0).OutcomeId()!].Available.IsNothing);
    }

    [Fact]
    public async Task a_person_without_an_account_gets_one_when_the_registry_asks_for_it()
    {
        var registry = await Registry.At("tr-open");

        var reply = await registry.Post("t1", true, registry.Record("r-1", name: "李明"), registry.Record("r-2"));
        var exists = await registry.Caller.Post(
            "/v1/accounts",
            new { identity = registry.Identity("s-1"), name = "李明" }
        );

        Assert.Equal((2, 0, 0, 0), reply.Counts());
        Assert.Equal("account.exists", exists.Code);
    }

    [Fact]
    public async Task a_record_waits_for_its_person_and_becomes_an_outcome_when_the_account_opens()
    {
        var registry = await Registry.At("tr-wait");
        var waiting = await registry.Post("t1", false, registry.Record("r-1", name: "李明"), registry.Record("r-2"));
        Assert.Equal((0, 0, 2, 0), waiting.Counts());
        Assert.Equal("record.personUnknown", waiting.Record().Problem());
        var path = $"/v1/transcripts/{waiting.Json["transcriptId"]}/records?status=suspended";
        var shown = (await registry.Caller.Get(path)).Expect(HttpStatusCode.OK).Json["items"]!;
        Assert.Equal("李明", shown[0]!["record"]!["learner"]!["name"]!.GetValue<string>());
        var audited = (await registry.Service.As("auditor").Get(path)).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain("李明", audited.Text, StringComparison.Ordinal);

        var accountId = await registry.Open("s-1");

        var account = await AccountOf(registry.Service, accountId);
        Assert.Equal(2, account.Outcomes.Count);
        var now = (await registry.Caller.Get(path)).Expect(HttpStatusCode.OK).Json["items"]!;
        Assert.All(now.AsArray(), row => Assert.Equal("accepted", row!.Status()));
        var again = await registry.Post("t1", false, registry.Record("r-1"));
        Assert.Equal("duplicate", again.Record().Status());
        Assert.Contains(again.Record().OutcomeId()!, account.Outcomes.Keys);
    }

    [Fact]
    public async Task a_name_that_is_clearly_anothers_suspends_and_the_right_name_resumes()
    {
        var registry = await Registry.At("tr-name");
        var accountId = await registry.Open("s-1", "李明");

        var wrong = await registry.Post("t1", false, registry.Record("r-1", name: "王芳"));
        var stillWrong = await registry.Post("t1", false, registry.Record("r-1", name: "王芳"));
        Assert.Empty((await AccountOf(registry.Service, accountId)).Outcomes);
        var right = await registry.Post("t1", false, registry.Record("r-1", name: "李 明"));

        Assert.Equal("suspended", wrong.Record().Status());
        Assert.Equal("record.nameMismatch", wrong.Record().Problem());
        Assert.Equal((0, 0, 1, 0), stillWrong.Counts());
        Assert.Equal("accepted", right.Record().Status());
        Assert.Single((await AccountOf(registry.Service, accountId)).Outcomes);
    }

    [Fact]
    public async Task a_named_account_must_exist()
    {
        var registry = await Registry.At("tr-account");
        var accountId = await registry.Open("s-1", "李明");
        var known = registry.Record("r-1");
        known["learner"] = new JsonObject { ["accountId"] = accountId };
        var unknown = registry.Record("r-2");
        unknown["learner"] = new JsonObject { ["accountId"] = accountId[..^1] + (accountId[^1] == '0' ? '1' : '0') };
        var mistaken = registry.Record("r-3");
        mistaken["learner"] = new JsonObject { ["accountId"] = accountId, ["name"] = "王芳" };

        var reply = await registry.Post("t1", true, known, unknown, mistaken);

        Assert.Equal("accepted", reply.Record(0).Status());
        Assert.Equal("record.accountUnknown", reply.Record(1).Problem());
        Assert.Equal("record.nameMismatch", reply.Record(2).Problem());
        Assert.Equal((1, 0, 1, 1), reply.Counts());
    }

    private static async Task<string> AccountIdOf(Registry registry, string student)
    {
        var vault = registry.Service.Services.GetRequiredService<IdentityVault>();
        var person = new PersonIdentity(Identities.InstitutionalType, student, registry.InstitutionId);
        return (await vault.Find(person, CancellationToken.None))!.AccountId;
    }

    internal static async Task<Account> AccountOf(TestService service, string accountId)
    {
        var books = service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(books.BookOf(accountId));
        return (await session.Events.AggregateStreamAsync<Account>(accountId))!;
    }
}

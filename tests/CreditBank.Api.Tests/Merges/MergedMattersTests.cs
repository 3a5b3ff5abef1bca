using System.Net;
using System.Security.Cryptography;
using System.Text;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Tests.Merges;

/// <summary>What was agreed with, applied for and asked in the account that ended.</summary>
public sealed class MergedMattersTests
{
    private const string Maths = TransferScene.Maths;
    private const string Programming = TransferScene.Programming;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task what_was_agreed_with_the_absorbed_account_binds_the_survivor_until_they_part(bool inOneBook)
    {
        var scene = await MergeScene.Open(
            $"mgm-agreed-{inOneBook}".ToLowerInvariant(),
            [Maths, Programming],
            [],
            inOneBook
        );
        var (survivor, absorbed) = (scene.Survivor, scene.Absorbed);
        var agreement = await Agreed(absorbed, survivor.ProgrammeId);
        Assert.DoesNotContain(agreement, (await survivor.Submit(Programming)).ToJsonString());

        var mergeId = await scene.Merge();

        var transfer = await survivor.Submit(Maths);
        Assert.Contains(agreement, transfer.ToJsonString());
        var path = $"/v1/transfers/{transfer["transferId"]}";
        (await survivor.Approver.Post($"{path}/approval", new { })).Expect(HttpStatusCode.OK);
        (await survivor.Learner.Get($"/v1/learning-agreements/{agreement}")).Expect(HttpStatusCode.OK);
        Assert.Contains(agreement, await Listed(survivor.Learner, "/v1/learning-agreements"));
        var late = await absorbed.Learner.Post(
            "/v1/learning-agreements",
            Terms(absorbed.Account, survivor.ProgrammeId)
        );
        Assert.Equal("account.merged", late.Expect(HttpStatusCode.Conflict).Code);
        (await scene.Undo(mergeId)).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain(agreement, await Listed(survivor.Learner, "/v1/learning-agreements"));
        (await survivor.Learner.Get($"/v1/learning-agreements/{agreement}")).Expect(HttpStatusCode.NotFound);
        var after = await survivor.Learner.Post(
            "/v1/evaluations",
            new
            {
                accountId = survivor.Account,
                institutionId = "shou",
                programmeId = survivor.ProgrammeId,
            }
        );
        Assert.DoesNotContain(agreement, after.Expect(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task the_learner_lists_and_reads_what_was_asked_for_in_either_account()
    {
        var scene = await MergeScene.Open("mgm-lists", [], [Maths], inOneBook: false);
        var portfolio = await Applied(scene.Absorbed);
        var withdrawn = $"/v1/transfers/{(await scene.Absorbed.Submit(Maths))["transferId"]}";
        (await scene.Absorbed.Learner.Post($"{withdrawn}/withdrawal", new { })).Expect(HttpStatusCode.OK);
        var learner = scene.Survivor.Learner;
        Assert.DoesNotContain(portfolio, await Listed(learner, "/v1/prior-learning"));

        var mergeId = await scene.Merge();

        Assert.Contains(portfolio, await Listed(learner, "/v1/prior-learning"));
        Assert.Contains(withdrawn.Split('/')[^1], await Listed(learner, "/v1/transfers"));
        (await learner.Get($"/v1/prior-learning/{portfolio}")).Expect(HttpStatusCode.OK);
        (await scene.Undo(mergeId)).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain(portfolio, await Listed(learner, "/v1/prior-learning"));
        (await learner.Get($"/v1/prior-learning/{portfolio}")).Expect(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task an_account_stands_for_itself_as_long_as_its_learner_may_appeal()
    {
        var shared = await MergeScene.Open("mgm-term", [], [Maths]);
        var rejected = await Rejected(shared.Absorbed);
        var confirmed = await shared.Confirm(await shared.Propose());

        Assert.Equal("merge.appealTerm", confirmed.Expect(HttpStatusCode.Conflict).Code);
        Assert.Equal(rejected, (string?)confirmed.Json["state"]);
        (await shared.Absorbed.Learner.Post($"/v1/transfers/{rejected}/appeals", new { reason = "大纲相同" })).Expect(
            HttpStatusCode.Created
        );
    }

    private static async Task<string> Rejected(TransferScene scene)
    {
        var transferId = (string)(await scene.Submit(Maths))["transferId"]!;
        var rejection = await scene.Approver.Post($"/v1/transfers/{transferId}/rejection", new { reason = "材料不全" });
        rejection.Expect(HttpStatusCode.OK);
        return transferId;
    }

    [Fact]
    public async Task an_open_appeal_is_decided_before_its_account_ends()
    {
        var scene = await MergeScene.Open("mgm-appeal", [], [Maths]);
        var transferId = (string)(await scene.Absorbed.Submit(Maths))["transferId"]!;
        var path = $"/v1/transfers/{transferId}";
        (await scene.Absorbed.Approver.Post($"{path}/rejection", new { reason = "材料不全" })).Expect(
            HttpStatusCode.OK
        );
        var proposed = await scene.Propose();
        var appeal = (await scene.Absorbed.Learner.Post($"{path}/appeals", new { reason = "大纲相同" })).Expect(
            HttpStatusCode.Created
        );

        var confirmed = (await scene.Confirm(proposed)).Expect(HttpStatusCode.Conflict);
        var again = await scene.Proposer.Post(
            scene.Merges,
            new { absorbed = scene.Absorbed.Account, reason = "同一人" }
        );

        Assert.Equal(("merge.openTransfers", transferId), (confirmed.Code, (string?)confirmed.Json["state"]));
        Assert.Equal("merge.openTransfers", again.Expect(HttpStatusCode.Conflict).Code);
        var answer = $"{path}/appeals/{appeal.Json["appealId"]}/answer";
        (
            await scene
                .Service.As("panel", "shou", subject: "panel")
                .Post(answer, new { decision = "dismiss", reason = "无新理由" })
        ).Expect(HttpStatusCode.OK);
        (await scene.Confirm(proposed)).Expect(HttpStatusCode.OK);
    }

    private static object Terms(string accountId, string programmeId) =>
        new
        {
            accountId,
            institutionId = "shou",
            programmeId,
            source = new { institutionId = "fudan", courseCodes = new[] { Maths } },
            until = $"{BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(30):uuuu-MM-dd}",
        };

    private static async Task<string> Agreed(TransferScene scene, string programmeId)
    {
        var proposed = await scene.Learner.Post("/v1/learning-agreements", Terms(scene.Account, programmeId));
        var id = (string)proposed.Expect(HttpStatusCode.Created).Json["agreementId"]!;
        (await scene.Approver.Post($"/v1/learning-agreements/{id}/approval", new { })).Expect(HttpStatusCode.OK);
        return id;
    }

    private static async Task<string> Applied(TransferScene scene)
    {
        var bytes = Encoding.UTF8.GetBytes($"evidence of {scene.ProgrammeId}");
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var content = new ByteArrayContent(bytes);
        using var put = await scene.Learner.Client.PutAsync(
            new Uri($"/v1/evidence/{sha256}", UriKind.Relative),
            content
        );
        Assert.True(put.IsSuccessStatusCode);
        var application = new
        {
            accountId = scene.Account,
            institutionId = "shou",
            statement = "在岗六年",
            evidence = new[] { sha256 },
        };
        var submitted = (await scene.Learner.Post("/v1/prior-learning", application)).Expect(HttpStatusCode.Created);
        return (string)submitted.Json["portfolioId"]!;
    }

    private static async Task<string> Listed(TestCaller learner, string path) =>
        (await learner.Get($"{path}?limit=100")).Expect(HttpStatusCode.OK).Text;
}

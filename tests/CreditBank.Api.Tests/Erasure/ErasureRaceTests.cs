using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.Claims;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Tests.Erasure;

/// <summary>
/// What begins for a person in the very moment in which the person is erased: either it is there and the erasure waits
/// for its decision, or the person is erased and it is refused. Nothing undecided is left of an erased person.
/// </summary>
public sealed class ErasureRaceTests
{
    private const int Rounds = 8;

    [Fact]
    public async Task claims_at_the_moment_of_an_erasure()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var scene = await ClaimScene.Open($"erase-race-{round}");
            var body = scene.Body("r", $"N-{round}");
            body.Remove("providerId");
            body["learner"] = new JsonObject { ["accountId"] = scene.Account };

            await Race(
                scene.Service,
                scene.Account,
                () => scene.Learner.Post("/v1/certificate-claims", body),
                () => scene.Claim(scene.Body("p", $"P-{round}"))
            );
        }
    }

    [Fact]
    public async Task a_transfer_at_the_moment_of_an_erasure()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var scene = await TransferScene.Open($"erase-race-trf-{round}", TransferScene.Maths);

            await Race(
                scene.Service,
                scene.Account,
                () => scene.Learner.Post("/v1/transfers", scene.Request(TransferScene.Maths))
            );
        }
    }

    [Fact]
    public async Task an_agreement_and_an_application_at_the_moment_of_an_erasure()
    {
        var until = BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()).PlusDays(30);
        for (var round = 0; round < Rounds; round++)
        {
            var scene = await TransferScene.Open($"erase-race-agr-{round}");
            var (accountId, programmeId) = (scene.Account, scene.ProgrammeId);
            var agreement = new
            {
                accountId,
                institutionId = "shou",
                programmeId,
                source = new { institutionId = "fudan" },
                until = $"{until:uuuu-MM-dd}",
            };
            var application = new
            {
                accountId,
                institutionId = "shou",
                statement = "在岗六年",
                evidence = new[] { await ErasedMattersTests.Upload(scene, "evidence") },
            };

            await Race(
                scene.Service,
                accountId,
                () => scene.Learner.Post("/v1/learning-agreements", agreement),
                () => scene.Learner.Post("/v1/prior-learning", application)
            );
        }
    }

    [Fact]
    public async Task an_appeal_at_the_moment_of_an_erasure()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var scene = await TransferScene.Open($"erase-race-apl-{round}", TransferScene.Maths);
            var path = $"/v1/transfers/{(await scene.Submit())["transferId"]}";
            (await scene.Approver.Post($"{path}/rejection", new { reason = "材料不全" })).Expect(HttpStatusCode.OK);

            await Race(
                scene.Service,
                scene.Account,
                () => scene.Learner.Post($"{path}/appeals", new { reason = "大纲相同" })
            );
        }
    }

    /// <summary>Erases while others begin; what each was told must fit the other.</summary>
    private static async Task Race(TestService service, string accountId, params Func<Task<Reply>>[] begin)
    {
        var path = $"/v1/accounts/{accountId}/erasure";
        var erasing = service.As("operator").Post(path, new { reason = "request" });

        var begun = await Task.WhenAll(begin.Select(one => one()));
        var erased = await erasing;

        var created = begun.Where(reply => reply.Status == HttpStatusCode.Created).ToList();
        if (erased.Status == HttpStatusCode.OK)
        {
            Assert.All(begun, reply => Assert.True((int)reply.Status is 404 or 409 or 422, reply.Text));
        }
        else
        {
            Assert.Equal("erasure.pending", erased.Expect(HttpStatusCode.Conflict).Code);
            Assert.NotEmpty(created);
        }
    }
}

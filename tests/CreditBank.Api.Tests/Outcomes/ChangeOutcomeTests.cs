using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CreditBank.Api.Evaluations;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Claims;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace CreditBank.Api.Tests.Outcomes;

public sealed class ChangeOutcomeTests
{
    private static readonly object WrongPerson = new { reason = "wrongPerson", text = "登记错误" };

    [Fact]
    public async Task a_withdrawn_outcome_leaves_nothing_and_frees_its_certificate()
    {
        var scene = await ClaimScene.Open("chg-1");
        var outcomeId = await scene.Outcome("r-1", "CHG1-1");

        var withdrawn = await scene.Provider.Post($"/v1/outcomes/{outcomeId}/withdrawal", WrongPerson);
        var again = await scene.Provider.Post($"/v1/outcomes/{outcomeId}/withdrawal", WrongPerson);

        withdrawn.Expect(HttpStatusCode.OK);
        Assert.Equal("withdrawn", (string?)withdrawn.Json["state"]);
        Assert.Equal(6, (int)withdrawn.Json["availableBefore"]!["standardCredits"]!);
        Assert.Equal(0, (int)withdrawn.Json["available"]!["standardCredits"]!);
        Assert.Empty(withdrawn.Json["dependents"]!.AsArray());
        again.Expect(HttpStatusCode.Conflict);
        Assert.Equal("outcome.ended", again.Code);
        Assert.Equal("withdrawn", (string?)again.Json["state"]);
        Assert.True((await scene.Fold()).Outcomes[outcomeId].Available.IsNothing);
        await scene.Claimed("r-2", "CHG1-1");
    }

    [Fact]
    public async Task a_revoked_outcome_names_what_rests_on_it_and_keeps_its_certificate()
    {
        var scene = await ClaimScene.Open("chg-2");
        var outcomeId = await scene.Outcome("r-1", "CHG2-1");
        await Hold(scene, outcomeId);

        var revoked = await scene.Provider.Post($"/v1/outcomes/{outcomeId}/revocation", new { reason = "fraud" });

        revoked.Expect(HttpStatusCode.OK);
        Assert.Equal(4, (int)revoked.Json["availableBefore"]!["amount"]!);
        var dependent = Assert.Single(revoked.Json["dependents"]!.AsArray())!;
        Assert.Equal("released", (string?)dependent["state"]);
        Assert.Equal(2, (int)dependent["debited"]!["amount"]!);
        var position = (await scene.Fold()).Outcomes[outcomeId];
        Assert.True(position.Held.IsNothing);
        Assert.Equal(new Credits(6), position.Revoked.Standard);
        Assert.Equal("claim.duplicate", (await scene.Claim(scene.Body("r-2", "CHG2-1"))).Code);
    }

    [Fact]
    public async Task a_correction_takes_the_old_worth_back_and_gives_the_new()
    {
        var scene = await ClaimScene.Open("chg-3");
        var outcomeId = await scene.Outcome("r-1", "CHG3-1");
        var path = $"/v1/outcomes/{outcomeId}/corrections";

        var corrected = await scene.Provider.Post(path, Correction(2));
        var same = await scene.Provider.Post(path, Correction(2));
        var third = await scene.Provider.Post(path, Correction(3));

        corrected.Expect(HttpStatusCode.OK);
        Assert.Equal(2, (int)corrected.Json["revision"]!);
        Assert.Equal(5, (int)corrected.Json["available"]!["standardCredits"]!);
        same.Expect(HttpStatusCode.Conflict);
        third.Expect(HttpStatusCode.OK);
        var position = (await scene.Fold()).Outcomes[outcomeId];
        Assert.Equal(new Credits(5), position.Available.Standard);
        Assert.Equal("elderly-care", position.Record.Certificate?.Code);
    }

    [Fact]
    public async Task a_correction_that_still_covers_what_is_held_leaves_it_held()
    {
        var scene = await ClaimScene.Open("chg-4");
        var outcomeId = await scene.Outcome("r-1", "CHG4-1");
        await Hold(scene, outcomeId);

        var corrected = await scene.Provider.Post($"/v1/outcomes/{outcomeId}/corrections", Correction(2));

        corrected.Expect(HttpStatusCode.OK);
        Assert.Equal("held", (string?)Assert.Single(corrected.Json["dependents"]!.AsArray())!["state"]);
        var position = (await scene.Fold()).Outcomes[outcomeId];
        Assert.Equal((2m, 3m), (position.Held.Standard.Value, position.Available.Standard.Value));
    }

    [Fact]
    public async Task a_correction_may_not_say_what_a_transcript_may_not()
    {
        var scene = await ClaimScene.Open("chg-8", ["xCertificate"]);
        var outcomeId = await scene.Outcome("r-1", "CHG8-1");
        var wrong = Correction(2);
        wrong["kind"] = "academicCourse";
        wrong["title"] = "11010519491231002X";
        wrong["completedOn"] = "2199-01-01";

        var refused = await scene.Provider.Post($"/v1/outcomes/{outcomeId}/corrections", wrong);

        refused.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(
            ["/title", "/completedOn", "/kind"],
            refused.Json["errors"]!.AsArray().Select(error => (string?)error!["pointer"])
        );
    }

    [Fact]
    public async Task only_the_issuer_changes_it_and_strangers_do_not_learn_of_it()
    {
        var scene = await ClaimScene.Open("chg-5");
        var outcomeId = await scene.Outcome("r-1", "CHG5-1");
        var path = $"/v1/outcomes/{outcomeId}/withdrawal";

        (await scene.Service.As("provider", "other").Post(path, WrongPerson)).Expect(HttpStatusCode.NotFound);
        (await scene.Learner.Post(path, WrongPerson)).Expect(HttpStatusCode.Forbidden);
        (await scene.Service.As("auditor").Post(path, WrongPerson)).Expect(HttpStatusCode.Forbidden);
        (await scene.Service.As("approver", scene.Id).Post(path, WrongPerson)).Expect(HttpStatusCode.Forbidden);
        (await scene.Provider.Post("/v1/outcomes/out-00-00000000000000000000/withdrawal", WrongPerson)).Expect(
            HttpStatusCode.NotFound
        );
        (await scene.Provider.Post("/v1/outcomes/nonsense/withdrawal", WrongPerson)).Expect(HttpStatusCode.NotFound);
        (await scene.Service.As("registry", scene.Id).Post(path, WrongPerson)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task two_withdrawals_at_once_take_it_back_once()
    {
        var scene = await ClaimScene.Open("chg-6");
        var path = $"/v1/outcomes/{await scene.Outcome("r-1", "CHG6-1")}/withdrawal";

        var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => scene.Provider.Post(path, WrongPerson)));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.OK);
        Assert.Equal(5, replies.Count(reply => reply.Status == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task everything_wrong_in_a_correction_is_named_at_once()
    {
        var scene = await ClaimScene.Open("chg-7");
        var outcomeId = await scene.Outcome("r-1", "CHG7-1");

        var refused = await scene.Provider.Post(
            $"/v1/outcomes/{outcomeId}/corrections",
            """
            {"revision":0,"reason":"because","text":"","kind":"course","courseCode":"","title":"x","credits":-1,
             "unit":"cn-credit","result":"great","startedOn":"2025-07-01","completedOn":"2025-06-30"}
            """
        );

        refused.Expect(HttpStatusCode.BadRequest);
        await Snapshots.Verifier.VerifyJson(refused.Text, Scrub.Problem);
    }

    private static JsonObject Correction(int revision) =>
        new()
        {
            ["revision"] = revision,
            ["reason"] = "issuerError",
            ["text"] = "证书种类登记错误",
            ["kind"] = "xCertificate",
            ["courseCode"] = "elderly-care",
            ["title"] = "养老护理员",
            ["credits"] = 0,
            ["unit"] = "sqf-credit",
            ["result"] = "passed",
            ["completedOn"] = "2025-06-30",
        };

    /// <summary>Sets two credits aside for a transfer that might convert them.</summary>
    private static async Task Hold(ClaimScene scene, string outcomeId)
    {
        var held = new HeldLine(outcomeId, (await scene.Fold()).Outcomes[outcomeId].PartOfAvailable(new Credits(2)));
        var transferId = LedgerId.Create(
            LedgerIdKind.Transfer,
            LedgerId.BucketOf(scene.Account),
            RandomNumberGenerator.GetBytes(13)
        );
        var on = new LocalDate(2026, 1, 5);
        var line = new ProposedLine(
            1,
            LineResults.Maybe,
            "similarity.low",
            "sqf-2016.1",
            [],
            [outcomeId],
            [scene.Id],
            [],
            [held],
            [],
            []
        );
        var books = scene.Service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Write(books.BookOf(scene.Account), Actor.Bank);
        session.Events.StartStream<Transfer>(
            transferId,
            new TransferSubmitted(transferId, scene.Account, scene.Id, "prog", 1, [outcomeId], null, on),
            new TransferEvaluated(transferId, "sqf-2016.1", "hash", true, [line], "hash")
        );
        session.Events.Append(scene.Account, new CreditHeld(transferId, [held], on));
        await session.SaveChangesAsync();
    }
}

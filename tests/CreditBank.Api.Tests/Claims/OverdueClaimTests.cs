using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Expiry;
using CreditBank.Api.Tests.Support;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Claims;

public sealed class OverdueClaimTests(TimedLedger ledger) : IClassFixture<TimedLedger>
{
    [Fact]
    public async Task a_claim_that_waits_past_its_due_day_is_found_until_it_is_decided()
    {
        var scene = await TransferScene.Open(ledger.Service, "claim-overdue");
        var claimed = (await scene.Learner.Post("/v1/certificate-claims", Claim(scene.Account, "NO-1"))).Expect(
            HttpStatusCode.Created
        );
        var id = (string)claimed.Json["claimId"]!;
        var verifier = ledger.Service.As("verifier", subject: "verifier");
        Assert.DoesNotContain(id, await Overdue(verifier));

        ledger.Clock.Advance(60);
        Assert.Contains(id, await Overdue(verifier));
        Assert.Contains(id, await Overdue(scene.Learner));
        Assert.Equal(1, await Counted(scene));
        (
            await verifier.Post(
                $"/v1/certificate-claims/{id}/verification",
                new { decision = "rejected", reason = "与原件不符" }
            )
        ).Expect(HttpStatusCode.OK);
        Assert.DoesNotContain(id, await Overdue(verifier));
        Assert.Equal(0, await Counted(scene));
    }

    private async Task<int> Counted(TransferScene scene)
    {
        var today = BankCalendar.DayOf(ledger.Clock.GetCurrentInstant());
        var deadlines = ledger.Service.Services.GetRequiredService<Deadlines>();
        return (await deadlines.CountAsync(ledger.Books.BookOf(scene.Account), today, CancellationToken.None)).Claims;
    }

    [Fact]
    public async Task the_same_certificate_from_a_learner_and_a_provider_is_one_claim()
    {
        var scene = await TransferScene.Open(ledger.Service, "claim-twice");
        var first = await scene.Learner.Post("/v1/certificate-claims", Claim(scene.Account, "NO-2"));
        var id = (string)first.Expect(HttpStatusCode.Created).Json["claimId"]!;
        var body = Claim(scene.Account, "no 2");
        body["providerId"] = "fudan";
        body["recordId"] = "of-the-provider";

        var second = await ledger.Service.As("provider", "fudan").Post("/v1/certificate-claims", body);
        Assert.Equal((HttpStatusCode.Conflict, "claim.duplicate"), (second.Status, second.Code));
        Assert.DoesNotContain(id, second.Text, StringComparison.Ordinal);

        body = Claim(scene.Account, "NO-3");
        body["providerId"] = "fudan";
        (await ledger.Service.As("provider", "fudan").Post("/v1/certificate-claims", body)).Expect(
            HttpStatusCode.Created
        );
        var again = await scene.Learner.Post("/v1/certificate-claims", Claim(scene.Account, "NO－3", "own"));
        Assert.Equal((HttpStatusCode.Conflict, "claim.duplicate"), (again.Status, again.Code));
    }

    private static async Task<IReadOnlyList<string>> Overdue(TestCaller caller)
    {
        var found = (await caller.Get("/v1/certificate-claims?overdue=true")).Expect(HttpStatusCode.OK);
        return [.. found.Json["items"]!.AsArray().Select(item => (string)item!["claimId"]!)];
    }

    private static JsonObject Claim(string accountId, string number, string? recordId = null) =>
        new()
        {
            ["recordId"] = recordId ?? $"claim-{number}",
            ["learner"] = new JsonObject { ["accountId"] = accountId },
            ["kind"] = "xCertificate",
            ["certificate"] = new JsonObject
            {
                ["number"] = number,
                ["code"] = "web-frontend",
                ["title"] = "Web 前端开发",
                ["level"] = "intermediate",
                ["issuerId"] = "fudan",
                ["issuedOn"] = "2025-06-30",
            },
        };
}

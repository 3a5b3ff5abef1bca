using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CreditBank.Api.Infrastructure.Storage;
using CreditBank.Api.Tests.Support;
using CreditBank.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.Claims;

public sealed class ClaimCertificateTests
{
    [Fact]
    public async Task a_provider_claims_and_all_who_may_see_it()
    {
        var scene = await ClaimScene.Open("clm-a1");

        var created = (await scene.Claim(scene.Body("r-1", "A1-0001"))).Expect(HttpStatusCode.Created);

        var path = created.Headers.Location!.ToString();
        Assert.Equal("submitted", (string?)created.Json["state"]);
        Assert.NotNull(created.Json["dueOn"]);
        Assert.Equal($"/v1/certificate-claims/{(string)created.Json["claimId"]!}", path);
        foreach (var caller in new[] { scene.Learner, scene.Verifier, scene.Service.As("auditor"), scene.Provider })
        {
            var seen = (await caller.Get(path)).Expect(HttpStatusCode.OK);
            Assert.Equal("A1-0001", (string?)seen.Json["certificate"]!["number"]);
            Assert.Equal("扫描件", (string?)seen.Json["evidence"]![0]!["title"]);
        }

        foreach (
            var stranger in new[] { scene.Service.As("provider", "other"), scene.Service.As("approver", "clm-a1") }
        )
        {
            (await stranger.Get(path)).Expect(HttpStatusCode.NotFound);
        }

        var evidence = await scene.Verifier.Get($"{path}/evidence/{scene.Evidence}");
        Assert.Equal("scan of clm-a1", evidence.Expect(HttpStatusCode.OK).Text);
        Assert.Equal("application/pdf", evidence.MediaType);
        (await scene.Service.As("provider", "other").Get($"{path}/evidence/{scene.Evidence}")).Expect(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task no_event_holds_the_number_or_what_people_wrote()
    {
        var scene = await ClaimScene.Open("clm-a2");
        var claimId = await scene.Claimed("r-1", "A2-SECRET");
        await scene.Decide(claimId);
        var books = scene.Service.Services.GetRequiredService<LedgerBooks>();
        await using var session = books.Read(books.BookOf(claimId));

        var claim = await session.Events.FetchStreamAsync(claimId);
        var account = await session.Events.FetchStreamAsync(scene.Account);

        Assert.Equal(["claim_submitted", "claim_verified"], claim.Select(@event => @event.EventTypeName));
        Assert.All(claim, @event => Assert.StartsWith("act-", @event.UserName, StringComparison.Ordinal));
        var text = string.Concat(
            claim.Concat(account).Select(@event => JsonSerializer.Serialize(@event.Data, LedgerJson.Options))
        );
        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
        Assert.DoesNotContain("扫描件", text, StringComparison.Ordinal);
        Assert.DoesNotContain("原件", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task the_same_claim_again_is_the_same_claim()
    {
        var scene = await ClaimScene.Open("clm-a3");
        var first = (await scene.Claim(scene.Body("r-1", "A3-1"))).Expect(HttpStatusCode.Created);

        var again = await scene.Claim(scene.Body("r-1", "a3 1"));
        var other = await scene.Claim(scene.Body("r-1", "A3-2"));

        again.Expect(HttpStatusCode.OK);
        Assert.Equal((string?)first.Json["claimId"], (string?)again.Json["claimId"]);
        other.Expect(HttpStatusCode.Conflict);
        Assert.Equal("record.conflict", other.Code);
    }

    [Fact]
    public async Task a_certificate_is_claimed_once_whoever_claims_it()
    {
        var scene = await ClaimScene.Open("clm-a4");
        var claimId = await scene.Claimed("r-1", "A4-1");

        var own = await scene.Claim(scene.Body("r-2", "Ａ４－１"));
        var other = await ClaimScene.Open("clm-a4-other");
        var others = await other.Claim(other.Body("r-1", "A4-1", body => body["certificate"]!["issuerId"] = scene.Id));

        own.Expect(HttpStatusCode.Conflict);
        Assert.Equal("claim.duplicate", own.Code);
        Assert.Contains(claimId, own.Text, StringComparison.Ordinal);
        Assert.Equal("claim.duplicate", others.Code);
        Assert.DoesNotContain(claimId, others.Text, StringComparison.Ordinal);
        Assert.Null(others.Headers.Location);
    }

    [Fact]
    public async Task of_eight_claims_of_one_certificate_at_once_one_wins()
    {
        var scene = await ClaimScene.Open("clm-a5");

        var replies = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(number => scene.Claim(scene.Body($"r-{number}", "A5-1")))
        );

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
        Assert.Equal(7, replies.Count(reply => reply.Code == "claim.duplicate"));
    }

    [Fact]
    public async Task of_32_claims_of_one_certificate_by_learner_and_provider_at_once_one_wins()
    {
        for (var round = 0; round < 3; round++)
        {
            var scene = await ClaimScene.Open($"clm-a32-{round}");
            // However the number is written, it is one certificate.
            var claims = Enumerable
                .Range(0, 32)
                .Select(one =>
                    one % 2 == 0
                        ? scene.Claim(scene.Body($"r-{one}", "A32-1"))
                        : scene.Learner.Post(
                            "/v1/certificate-claims",
                            scene.Body($"own-{one}", "ａ32 1", body => body.Remove("providerId"))
                        )
                );

            var replies = await Task.WhenAll(claims);

            var won = Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
            var others = replies.Where(reply => reply != won).ToList();
            Assert.All(others, reply => reply.Expect(HttpStatusCode.Conflict));
            Assert.All(others, reply => Assert.Equal(("claim.duplicate", "claimed"), (reply.Code, reply.State)));
            Assert.Contains(
                others,
                reply => reply.Text.Contains((string)won.Json["claimId"]!, StringComparison.Ordinal)
            );
        }
    }

    [Fact]
    public async Task the_same_claim_eight_times_at_once_is_one_claim()
    {
        var scene = await ClaimScene.Open("clm-a6");

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scene.Claim(scene.Body("r-1", "A6-1"))));

        Assert.Single(replies.Select(reply => (string?)reply.Json["claimId"]).Distinct());
        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
    }

    [Fact]
    public async Task a_learner_claims_for_the_own_account_only()
    {
        var scene = await ClaimScene.Open("clm-a7");
        var stranger = await scene.OpenAccount("2", "李四");
        JsonObject Own(string recordId, string account) =>
            scene.Body(
                recordId,
                "A7-" + recordId,
                body =>
                {
                    body.Remove("providerId");
                    body["learner"]!["accountId"] = account;
                }
            );

        var mine = await scene.Learner.Post("/v1/certificate-claims", Own("r-1", scene.Account));
        var others = await scene.Learner.Post("/v1/certificate-claims", Own("r-2", stranger));
        var asProvider = await scene.Learner.Post("/v1/certificate-claims", scene.Body("r-3", "A7-3"));

        mine.Expect(HttpStatusCode.Created);
        Assert.Equal("claim.accountUnknown", others.Code);
        asProvider.Expect(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task a_person_is_found_by_document_and_the_name_is_compared()
    {
        var scene = await ClaimScene.Open("clm-a8");
        JsonObject For(string recordId, string number, string? name) =>
            scene.Body(
                recordId,
                "A8-" + recordId,
                body =>
                    body["learner"] = JsonSerializer.SerializeToNode(new { identity = scene.Identity(number), name })
            );

        (await scene.Claim(For("r-1", "1", "张 三"))).Expect(HttpStatusCode.Created);
        Assert.Equal("claim.nameMismatch", (await scene.Claim(For("r-2", "1", "王五"))).Code);
        var unknown = await scene.Claim(For("r-3", "9", "张三"));
        unknown.Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("claim.accountUnknown", unknown.Code);
    }

    [Fact]
    public async Task a_provider_claims_for_itself_and_within_its_accreditation()
    {
        var scene = await ClaimScene.Open("clm-a9", ["training"]);

        Assert.Equal("claim.accreditationScope", (await scene.Claim(scene.Body("r-1", "A9-1"))).Code);
        var others = await scene.Claim(scene.Body("r-1", "A9-1", body => body["providerId"] = "somebody-else"));
        others.Expect(HttpStatusCode.Forbidden);
        Assert.Equal("access.institution", others.Code);
        var registry = await scene
            .Service.As("registry", scene.Id)
            .Post("/v1/certificate-claims", scene.Body("r", "1"));
        Assert.Equal("access.role", registry.Code);
    }

    [Fact]
    public async Task evidence_that_was_not_uploaded_is_named()
    {
        var scene = await ClaimScene.Open("clm-a10");

        var refused = await scene.Claim(
            scene.Body(
                "r-1",
                "A10-1",
                body =>
                    body["evidence"]!
                        .AsArray()
                        .Add(new JsonObject { ["sha256"] = new string('0', 64), ["mediaType"] = "image/png" })
            )
        );

        refused.Expect(HttpStatusCode.UnprocessableEntity);
        await Snapshots.Verifier.VerifyJson(refused.Text, Scrub.Problem);
    }

    [Fact]
    public async Task everything_wrong_is_named_at_once()
    {
        var scene = await ClaimScene.Open("clm-a11");

        var refused = await scene
            .Provider.With("Accept-Language", "zh")
            .Post(
                "/v1/certificate-claims",
                """
                {"recordId":"11010519491231002X","learner":{},"kind":"leisure",
                 "certificate":{"number":"--","code":"","level":[],"issuerId":"no good","issuedOn":"2025-02-30"},
                 "evidence":[{"sha256":"ABC","mediaType":"pdf"}]}
                """
            );

        refused.Expect(HttpStatusCode.BadRequest);
        await Snapshots.Verifier.VerifyJson(refused.Text, Scrub.Problem);
    }
}

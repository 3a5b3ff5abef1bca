using System.Net;
using CreditBank.Api.RuleSets;
using CreditBank.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CreditBank.Api.Tests.RuleSets;

public sealed class RuleSetLifeTests
{
    private static object Notice => new { zh = "金额有误", en = "The amount was wrong" };

    [Fact]
    public async Task another_person_publishes_and_the_version_never_changes_again()
    {
        var service = await TestService.SharedAsync();
        string[] both = ["ruleEditor", "ruleApprover"];
        var drafter = service.As(both, subject: "both");
        var draft = (await SmallDraft.Draft(drafter, SmallDraft.Files("life-publish"))).Expect(HttpStatusCode.Created);
        const string Path = "/v1/rule-sets/life-publish-1/publication";

        var own = await drafter.Post(Path, new { });
        var editor = await SmallDraft.Editor(service).Post(Path, new { });
        var unseen = await SmallDraft.Approver(service).Post(Path, new { hash = "0000" });
        var published = await SmallDraft.Approver(service).Post(Path, new { hash = (string?)draft.Json["hash"] });
        var again = await SmallDraft.Approver(service).Post(Path, new { });
        var redrafted = await SmallDraft.Draft(drafter, SmallDraft.Files("life-publish"));

        Assert.Equal((HttpStatusCode.Forbidden, "access.fourEyes"), (own.Status, own.Code));
        Assert.Equal((HttpStatusCode.Forbidden, "access.role"), (editor.Status, editor.Code));
        Assert.Equal((HttpStatusCode.Conflict, "ruleSet.hash"), (unseen.Status, unseen.Code));
        published.Expect(HttpStatusCode.OK);
        Assert.Equal((string?)draft.Json["hash"], (string?)published.Json["hash"]);
        Assert.Equal("published", (string?)published.Json["state"]);
        Assert.Equal((HttpStatusCode.Conflict, "ruleSet.state"), (again.Status, again.Code));
        Assert.Equal((HttpStatusCode.Conflict, "published"), (redrafted.Status, (string?)redrafted.Json["state"]));
        (await service.Anonymous().Get("/v1/rule-sets/life-publish-1/documents")).Expect(HttpStatusCode.OK);
        (await SmallDraft.Approver(service).Post("/v1/rule-sets/none-1/publication", new { })).Expect(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task the_approver_chooses_the_day_and_the_hash_says_so()
    {
        var service = await TestService.SharedAsync();
        var draft = (await SmallDraft.Draft(SmallDraft.Editor(service), SmallDraft.Files("life-day"))).Json;

        var published = await SmallDraft
            .Approver(service)
            .Post("/v1/rule-sets/life-day-1/publication", new { effectiveFrom = "2030-09-01" });

        published.Expect(HttpStatusCode.OK);
        Assert.Equal("2030-09-01", (string?)published.Json["from"]);
        Assert.NotEqual((string?)draft["hash"], (string?)published.Json["hash"]);
        var library = service.Services.GetRequiredService<RuleSetLibrary>();
        Assert.Null(library.Catalog.InForce("life-day", new NodaTime.LocalDate(2030, 8, 31)));
        Assert.Equal("life-day-1", library.Catalog.InForce("life-day", new NodaTime.LocalDate(2030, 9, 1))?.Version);
    }

    [Fact]
    public async Task a_retired_version_decides_no_more_and_the_one_before_does()
    {
        var service = await TestService.SharedAsync();
        await SmallDraft.Publish(service, SmallDraft.Files("life-end"));
        await SmallDraft.Publish(service, SmallDraft.Files("life-end", "2", from: "2020-01-01"));
        var approver = SmallDraft.Approver(service);
        const string Path = "/v1/rule-sets/life-end-2/retirement";

        var past = await approver.Post(Path, new { effectiveTo = "2021-01-01", reason = Notice });
        var retired = await approver.Post(Path, new { effectiveTo = "2999-01-01", reason = Notice });
        var again = await approver.Post(Path, new { effectiveTo = "2999-01-01", reason = Notice });

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "ruleSet.retiredOn"), (past.Status, past.Code));
        retired.Expect(HttpStatusCode.OK);
        Assert.Equal(("retired", "2999-01-01"), ((string?)retired.Json["state"], (string?)retired.Json["to"]));
        Assert.Equal((HttpStatusCode.Conflict, "retired"), (again.Status, (string?)again.Json["state"]));
        var catalog = service.Services.GetRequiredService<RuleSetLibrary>().Catalog;
        Assert.Equal("life-end-2", catalog.InForce("life-end", new NodaTime.LocalDate(2998, 12, 31))?.Version);
        Assert.Equal("life-end-1", catalog.InForce("life-end", new NodaTime.LocalDate(2999, 1, 1))?.Version);
        var shown = (await service.Anonymous().Get("/v1/rule-sets/life-end-2")).Json;
        Assert.Equal(("retired", "2999-01-01"), ((string?)shown["state"], (string?)shown["to"]));
    }

    [Fact]
    public async Task an_erratum_names_what_was_wrong_and_who_is_right()
    {
        var service = await TestService.SharedAsync();
        await SmallDraft.Publish(service, SmallDraft.Files("life-erratum"));
        await SmallDraft.Publish(service, SmallDraft.Files("life-erratum", "2", from: "2020-01-01"));
        var approver = SmallDraft.Approver(service);
        const string Path = "/v1/rule-sets/life-erratum-1/errata";

        object Erratum(string clause = "maths", string correctedBy = "life-erratum-2") =>
            new
            {
                erratumId = "e1",
                clause,
                mode = "prospective",
                correctedBy,
                text = Notice,
            };

        var noClause = await approver.Post(Path, Erratum(clause: "none"));
        var itself = await approver.Post(Path, Erratum(correctedBy: "life-erratum-1"));
        var published = await approver.Post(Path, Erratum());
        var twice = await approver.Post(Path, Erratum());

        Assert.Equal("erratum.clause", noClause.Code);
        Assert.Equal("erratum.correctedBy", itself.Code);
        published.Expect(HttpStatusCode.Created);
        Assert.Null(published.Json["impact"]);
        Assert.Equal((HttpStatusCode.Conflict, "erratum.exists"), (twice.Status, twice.Code));
        var list = (await service.Anonymous().With("Accept-Language", "zh").Get(Path)).Expect(HttpStatusCode.OK);
        Assert.Equal("金额有误", (string?)list.Json[0]!["text"]);
    }

    [Fact]
    public async Task a_notice_holds_no_identity_number()
    {
        var service = await TestService.SharedAsync();
        var reason = new { zh = "11010519491231002X", en = "11010519491231002X" };

        var reply = await SmallDraft
            .Approver(service)
            .Post("/v1/rule-sets/sqf-2021.1/retirement", new { effectiveTo = "2999-01-01", reason });

        reply.Expect(HttpStatusCode.BadRequest);
        Assert.Equal("field.identityNumber", (string?)reply.Json["errors"]![0]!["code"]);
    }
}

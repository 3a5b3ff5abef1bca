using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Institutions;
using CreditBank.Api.Tests.Transcripts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Tests.Institutions;

/// <summary>Suspension, change of scope and merger: from a day on; what was issued before stays.</summary>
public sealed class ChangeInstitutionTests
{
    private static readonly object Reason = new { zh = "年检", en = "inspection" };
    private static readonly BilingualText Why = new("年检", "inspection");
    private static readonly LocalDate Today = new(2026, 3, 1);

    private static string DayInShanghai => $"{BankCalendar.DayOf(SystemClock.Instance.GetCurrentInstant()):uuuu-MM-dd}";

    [Fact]
    public async Task a_suspended_institution_records_and_claims_nothing_until_it_is_reinstated()
    {
        var registry = await Registry.At("inst-susp");
        await registry.Open("s-1");
        var first = await registry.Post("before", false, registry.Record("r-1"));
        Assert.Equal("accepted", first.Record().Status());
        var operators = registry.Service.As("operator");

        var suspended = await operators.Post("/v1/institutions/inst-susp/suspension", new { reason = Reason });

        Assert.Single(suspended.Expect(HttpStatusCode.OK).Json["suspensions"]!.AsArray());
        var whole = await registry.Post("during", false, registry.Record("r-2"));
        Assert.Equal("institution.suspended", whole.Expect(HttpStatusCode.Conflict).Code);
        var lines = await registry.PostLines("during-lines", 1, Registry.Line(registry.Record("r-3")));
        Assert.Equal("institution.suspended", lines.Expect(HttpStatusCode.Conflict).Code);
        var claimed = await registry
            .Service.As("provider", "inst-susp")
            .Post("/v1/certificate-claims", Claim(registry));
        Assert.Equal("institution.suspended", claimed.Expect(HttpStatusCode.Conflict).Code);
        var path = $"/v1/outcomes/{first.Record().OutcomeId()}/revocation";
        (await registry.Caller.Post(path, new { reason = "fraud" })).Expect(HttpStatusCode.OK);

        var again = await operators.Post("/v1/institutions/inst-susp/suspension", new { reason = Reason });
        Assert.Equal("institution.state", again.Expect(HttpStatusCode.Conflict).Code);
        (await operators.Post("/v1/institutions/inst-susp/reinstatement", new { reason = Reason })).Expect(
            HttpStatusCode.OK
        );
        var after = await registry.Post("during", false, registry.Record("r-2"));
        Assert.Equal("accepted", after.Record().Status());
    }

    [Fact]
    public async Task a_kind_that_is_taken_away_counts_for_what_was_completed_before()
    {
        var registry = await Registry.At("inst-scope");
        await registry.Open("s-1");
        var body = new { accreditation = new { kinds = new[] { "training" }, from = "1990-01-01" }, reason = Reason };

        var changed = await registry.Service.As("operator").Post("/v1/institutions/inst-scope/accreditation", body);

        Assert.Equal(2, changed.Expect(HttpStatusCode.OK).Json["scopes"]!.AsArray().Count);
        var later = registry.Record("r-2");
        later["completedOn"] = DayInShanghai;
        var posted = await registry.Post("after", false, registry.Record("r-1"), later);
        Assert.Equal("accepted", posted.Record().Status());
        Assert.Equal("rejected", posted.Record(1).Status());
        var shown = await registry.Service.Anonymous().Get("/v1/institutions/inst-scope");
        Assert.Equal("training", (string?)shown.Json["accreditation"]!["kinds"]![0]);
    }

    [Fact]
    public async Task a_successor_answers_for_what_its_predecessor_issued()
    {
        var old = await Registry.At("inst-old");
        var heir = await Registry.At("inst-heir");
        var account = await old.Open("s-1");
        var first = await old.Post("before", false, old.Record("r-1"), old.Record("r-2"));
        var outcome = first.Record().OutcomeId();
        var revoke = $"/v1/outcomes/{outcome}/revocation";
        (await heir.Caller.Post(revoke, new { reason = "fraud" })).Expect(HttpStatusCode.NotFound);
        (await heir.Caller.Get($"/v1/accounts/{account}/outcomes")).Expect(HttpStatusCode.NotFound);

        var merged = await old
            .Service.As("operator")
            .Post("/v1/institutions/inst-old/merger", new { successorId = "inst-heir", reason = Reason });

        Assert.Equal("inst-heir", (string?)merged.Expect(HttpStatusCode.OK).Json["successorId"]);
        (await heir.Caller.Post(revoke, new { reason = "fraud" })).Expect(HttpStatusCode.OK);
        var rows = (await heir.Caller.Get($"/v1/accounts/{account}/outcomes")).Expect(HttpStatusCode.OK);
        Assert.Equal(2, rows.Json["items"]!.AsArray().Count);
        var other = $"/v1/outcomes/{first.Record(1).OutcomeId()}/revocation";
        var ended = await old.Caller.Post(other, new { reason = "fraud" });
        Assert.Equal("institution.merged", ended.Expect(HttpStatusCode.Conflict).Code);
        var refused = await old.Post("after", false, old.Record("r-3"));
        Assert.Equal(
            ("institution.merged", "inst-heir"),
            (refused.Expect(HttpStatusCode.Conflict).Code, (string?)refused.Json["state"])
        );
        var again = await old
            .Service.As("operator")
            .Post("/v1/institutions/inst-old/suspension", new { reason = Reason });
        Assert.Equal("institution.merged", again.Expect(HttpStatusCode.Conflict).Code);
    }

    [Fact]
    public async Task only_the_operator_changes_an_institution_and_only_one_that_is_there()
    {
        var registry = await Registry.At("inst-who");
        var operators = registry.Service.As("operator");
        foreach (var verb in (string[])["suspension", "reinstatement"])
        {
            var path = $"/v1/institutions/inst-who/{verb}";
            (await registry.Caller.Post(path, new { reason = Reason })).Expect(HttpStatusCode.Forbidden);
            (await operators.Post($"/v1/institutions/inst-none/{verb}", new { reason = Reason })).Expect(
                HttpStatusCode.NotFound
            );
            (await operators.Post(path, new { from = "soon" })).Expect(HttpStatusCode.BadRequest);
        }

        var merger = await operators.Post(
            "/v1/institutions/inst-who/merger",
            new { successorId = "inst-none", reason = Reason }
        );
        Assert.Equal("institution.successor", merger.Expect(HttpStatusCode.UnprocessableEntity).Code);
        var past = await operators.Post(
            "/v1/institutions/inst-who/suspension",
            new { from = "2020-01-01", reason = Reason }
        );
        Assert.Equal("institution.pastDay", past.Expect(HttpStatusCode.UnprocessableEntity).Code);
        var early = await operators.Post("/v1/institutions/inst-who/reinstatement", new { reason = Reason });
        Assert.Equal(("institution.state", "active"), (early.Code, (string?)early.Json["state"]));
    }

    [Fact]
    public void a_suspension_begins_and_ends_on_its_days()
    {
        var institution = Sample().Apply(new InstitutionSuspended("i", Today.PlusDays(1), Why));
        var reinstated = institution.Apply(new InstitutionReinstated("i", Today.PlusDays(3), Why));

        string[] states = [.. Enumerable.Range(0, 5).Select(days => reinstated.StateOn(Today.PlusDays(days)))];

        Assert.Equal(["active", "suspended", "suspended", "active", "active"], states);
        Assert.Equal("suspended", institution.StateOn(Today.PlusYears(50)));
        var never = institution.Apply(new InstitutionReinstated("i", Today, Why));
        Assert.Empty(never.Suspensions);
    }

    [Fact]
    public void a_successor_must_stand_and_is_another()
    {
        var (one, other) = (Sample("one"), Sample("other"));
        Institution?[] wrong =
        [
            null,
            one,
            other.Apply(new InstitutionSuspended("other", Today, Why)),
            other.Apply(new InstitutionMerged("other", "third", Today, Why)),
        ];

        Assert.All(
            wrong,
            successor =>
                Assert.Equal(
                    "institution.successor",
                    InstitutionDecider.Merge(one, successor, null, Why, Today).Refusal?.Code
                )
        );
        Assert.Equal(Today, InstitutionDecider.Merge(one, other, null, Why, Today).Value?.FromOn);
    }

    [Fact]
    public void who_took_over_who_took_over_answers_for_both()
    {
        var first = Sample("first").Apply(new InstitutionMerged("first", "second", Today, Why));
        var second = Sample("second").Apply(new InstitutionMerged("second", "third", Today.PlusDays(1), Why));

        Assert.Equal(["first"], Successions.Of([first, second], "second", Today));
        Assert.Empty(Successions.Of([first, second], "third", Today));
        Assert.Equal(
            ["first", "second"],
            Successions.Of([first, second], "third", Today.PlusDays(1)).Order(StringComparer.Ordinal)
        );
    }

    private static Institution Sample(string id = "i") =>
        new()
        {
            Id = Institution.StreamOf(id),
            InstitutionId = id,
            Name = Why,
            Kind = "university",
            Country = "CN",
            Accreditation = new Accreditation(["academicCourse"], [], new LocalDate(1990, 1, 1), null),
        };

    private static object Claim(Registry registry) =>
        new
        {
            providerId = registry.InstitutionId,
            recordId = "c-1",
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
            evidence = new JsonArray(),
        };
}

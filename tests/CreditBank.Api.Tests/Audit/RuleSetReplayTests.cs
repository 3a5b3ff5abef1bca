using System.Net;
using System.Text.Json.Nodes;
using CreditBank.Api.Tests.AuditLog;
using CreditBank.Api.Tests.RuleSets;
using CreditBank.Api.Tests.Support;
using NodaTime;

namespace CreditBank.Api.Tests.Audit;

/// <summary>A ledger in which everything happened once, and the version that decided all of it.</summary>
public sealed class DecidedLedger : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;

    public Instant BeforeDecisions { get; private set; }

    public string Version { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Service = await TestService.StartAsync();
        BeforeDecisions = SystemClock.Instance.GetCurrentInstant();
        var journey = new LedgerJourney(Service);
        await journey.WalkAsync();
        var path = $"/v1/accounts/{journey.Account}/outcomes";
        var outcomes = (await Service.As("learner", account: journey.Account).Get(path)).Expect(HttpStatusCode.OK).Json;
        Version = (string)outcomes["items"]![0]!["recognition"]!["ruleSetVersion"]!;
    }

    public async Task DisposeAsync() => await Service.DisposeAsync();
}

public sealed class RuleSetReplayTests(DecidedLedger ledger) : IClassFixture<DecidedLedger>
{
    [Fact]
    public async Task under_the_version_that_decided_nothing_differs()
    {
        var replay = await Replayed(new { ruleSet = ledger.Version });

        var report = replay["report"]!["ruleSets"]!;
        Assert.Equal(ledger.Version, (string?)replay["ruleSet"]);
        Assert.Equal(ledger.Version, (string?)report["ruleSet"]!["version"]);
        Assert.True((long?)report["recognitions"] >= 5, report.ToJsonString());
        Assert.True((long?)report["conversions"] >= 3, report.ToJsonString());
        Assert.Equal(0, (long?)report["notReplayed"]);
        Assert.True((long?)report["figuresCompared"] >= 10, report.ToJsonString());
        Assert.True((long?)report["differenceCount"] == 0, report.ToJsonString());
        Assert.Empty(report["learners"]!.AsArray());
        Assert.Equal((decimal?)report["grantedBefore"], (decimal?)report["grantedAfter"]);
    }

    [Fact]
    public async Task under_another_version_each_learner_is_shown_with_causes_and_without_identity()
    {
        var draft = await HalvedDraft("under-another");

        var replay = await Replayed(new { ruleSet = draft });

        var report = replay["report"]!["ruleSets"]!;
        Assert.Equal(0, (long?)replay["report"]!["differenceCount"]);
        Assert.True((decimal?)report["recognisedAfter"] < (decimal?)report["recognisedBefore"], report.ToJsonString());
        Assert.True((decimal?)report["grantedAfter"] < (decimal?)report["grantedBefore"], report.ToJsonString());
        var learners = report["learners"]!.AsArray();
        Assert.Equal((long?)report["learnersTouched"], learners.Count);
        Assert.Equal(Enumerable.Range(1, learners.Count), learners.Select(learner => (int)learner!["learner"]!));
        var changes = learners.Select(Change).ToList();
        Assert.Equal(changes.OrderDescending(), changes);
        var difference = learners
            .SelectMany(learner => learner!["differences"]!.AsArray())
            .First(one => (string?)one!["decision"] == "conversion")!;
        Assert.Equal(("granted", "4", "0"), Words(difference));
        Assert.NotEmpty(difference["clausesBefore"]!.AsArray());
        Assert.Equal("rule.none", (string?)difference["codeAfter"]);
        Assert.Contains(report["causes"]!.AsArray(), cause => (string?)cause!["decision"] == "recognition");
        Assert.Equal(
            (long?)report["differenceCount"],
            report["causes"]!.AsArray().Sum(cause => (long)cause!["count"]!)
        );
        Assert.DoesNotMatch("\\b(acc|out|trf)-[0-9a-f]{2}-", report.ToJsonString());
    }

    [Fact]
    public async Task only_what_was_known_then_is_asked()
    {
        var replay = await Replayed(
            new { knownAt = ledger.BeforeDecisions.ToString("g", null), ruleSet = ledger.Version }
        );

        var report = replay["report"]!["ruleSets"]!;
        Assert.Equal(
            (0L, 0L, 0L),
            ((long)report["recognitions"]!, (long)report["conversions"]!, (long)report["figuresCompared"]!)
        );
    }

    [Fact]
    public async Task a_version_that_nobody_knows_is_refused_and_a_draft_is_not()
    {
        var auditor = ledger.Service.As("auditor");
        foreach (var version in (string[])["sqf-1999.1", "no version"])
        {
            var refused = await auditor.Post("/v1/audit/replays", new { ruleSet = version });
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "replay.ruleSet"), (refused.Status, refused.Code));
        }

        var draft = await HalvedDraft("draft");
        (await auditor.Post("/v1/audit/replays", new { ruleSet = draft })).Expect(HttpStatusCode.Accepted);
        (await ledger.Service.As("ruleEditor").Post("/v1/audit/replays", new { ruleSet = draft })).Expect(
            HttpStatusCode.Forbidden
        );
    }

    /// <summary>A draft of the bank's family: every unit is worth half, and mathematics are nobody's course.</summary>
    private async Task<string> HalvedDraft(string number)
    {
        var files = SmallDraft.Files("sqf", number, SmallDraft.Programming, "2000-01-01");
        const string Unit = "  - { id: cn-credit, title: { zh: 学分, en: credit }, ratio: \"1\"";
        Assert.Contains(Unit, files["rule-set.yaml"], StringComparison.Ordinal);
        files["rule-set.yaml"] = files["rule-set.yaml"]
            .Replace("standardUnit: cn-credit", "standardUnit: whole", StringComparison.Ordinal)
            .Replace(
                Unit,
                Unit.Replace("cn-credit", "whole", StringComparison.Ordinal)
                    + ", decimals: 1, cites: ASSUMPTION }\n"
                    + Unit.Replace("\"1\"", "\"0.5\"", StringComparison.Ordinal),
                StringComparison.Ordinal
            );
        var drafted = await SmallDraft.Draft(SmallDraft.Editor(ledger.Service), files);
        return (string)drafted.Expect(HttpStatusCode.Created).Json["version"]!;
    }

    private async Task<JsonNode> Replayed(object request)
    {
        var auditor = ledger.Service.As("auditor");
        var asked = (await auditor.Post("/v1/audit/replays", request)).Expect(HttpStatusCode.Accepted);
        var replay = await Eventually.Get(async () =>
        {
            var reply = (await auditor.Get(asked.Headers.Location!.ToString())).Expect(HttpStatusCode.OK).Json;
            return (string?)reply["state"] is "completed" or "failed" ? reply : null;
        });
        Assert.Equal("completed", (string?)replay["state"]);
        return replay;
    }

    private static decimal Change(JsonNode? learner) =>
        Math.Abs((decimal)learner!["recognisedAfter"]! - (decimal)learner["recognisedBefore"]!)
        + Math.Abs((decimal)learner["grantedAfter"]! - (decimal)learner["grantedBefore"]!);

    private static (string?, string?, string?) Words(JsonNode difference) =>
        ((string?)difference["figure"], (string?)difference["before"], (string?)difference["after"]);
}

using CreditBank.Api.RuleSets;
using CreditBank.Api.Tests.Transfers;
using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Tests.RuleSets;

public sealed class RuleSetDeciderTests
{
    private static readonly LocalDate Today = new(2026, 3, 1);
    private static readonly BilingualText Reason = new("理由", "reason");

    [Fact]
    public void a_draft_without_documents_or_with_a_failing_case_is_none()
    {
        var broken = DraftCheck.Run(new Dictionary<string, string> { ["rule-set.yaml"] = "a: b" }, []);
        var files = SmallDraft.Files("decider");
        var failing = DraftCheck.Run(
            files.ToDictionary(
                file => file.Key,
                file => file.Value.Replace("granted: 4", "granted: 9", StringComparison.Ordinal)
            ),
            []
        );

        Assert.Equal("ruleSet.documents", RuleSetDecider.Draft(null, broken, "f", "x").Refusal?.Code);
        Assert.Equal("ruleSet.cases", RuleSetDecider.Draft(null, failing, "f", "x").Refusal?.Code);
        Assert.Equal("ruleSet.cases", RuleSetDecider.Publish(Draft(failing), failing, "y", null).Refusal?.Code);
    }

    [Fact]
    public void a_canonical_text_is_a_draft_with_the_same_hash()
    {
        var check = DraftCheck.Run(SmallDraft.Files("decider"), []);
        var files = new Dictionary<string, string> { [DraftCheck.CanonicalFile] = check.RuleSet!.CanonicalJson };

        var again = DraftCheck.Run(files, []);
        files["more.yaml"] = "caps: []";
        var mixed = DraftCheck.Run(files, []);

        Assert.Equal(check.RuleSet.Hash, again.RuleSet?.Hash);
        Assert.Equal("file.canonical", Assert.Single(mixed.Problems).Code);
    }

    [Fact]
    public void a_day_that_is_laid_over_the_documents_changes_nothing_else()
    {
        var written = DraftCheck.Run(SmallDraft.Files("decider"), []).RuleSet!;

        var later = DraftCheck.Run(SmallDraft.Files("decider"), [], new LocalDate(2027, 9, 1)).RuleSet!;

        Assert.Equal(new LocalDate(2027, 9, 1), later.EffectiveFromOn);
        Assert.Equal("effective", Assert.Single(RuleSetComparison.Compare(written, later).Changes).Section);
    }

    [Fact]
    public void the_banks_own_family_keeps_a_version_in_force()
    {
        var rules = DraftCheck.Run(SmallDraft.Files("own"), []).RuleSet!;
        var catalog = new RuleSetCatalog([rules]);
        var published = new RuleSetRecord
        {
            Id = "rule-set/own-1",
            RuleSetVersion = "own-1",
            Hash = rules.Hash,
        };

        var last = RuleSetDecider.Retire(published, catalog, "own", Today, Reason, Today);
        var other = RuleSetDecider.Retire(published, catalog, "sqf", Today, Reason, Today);

        Assert.Equal("ruleSet.lastInForce", last.Refusal?.Code);
        Assert.Equal(Today, other.Value?.ToOn);
    }

    [Fact]
    public void a_past_decision_asks_again_only_what_people_did_not_refuse()
    {
        var folded = new Folded().With(TransferScene.Maths, 5).With(TransferScene.Programming, 3);
        var submitted = folded.TrySubmit();
        Assert.True(submitted.Is(out var events, out _));
        var first = events.Request!.Read();
        var open = folded.Take(null, submitted, Folded.Learner);
        var maths = open.Transfer.Lines().Single(line => line.OutcomeIds.Contains(TransferScene.Maths));
        var approved = folded.Take(open, folded.TryApprove(open, [maths.Line]), Folded.Approver);

        var decision = PastDecisions.Of(approved.Transfer, first);

        Assert.Equal(new Credits(4), decision.Granted);
        Assert.Equal([TransferScene.Maths], decision.Request.Outcomes.Select(outcome => outcome.OutcomeId));
        Assert.True(Impact.Of(decision, Folded.Rules).Change.IsZero);
    }

    [Fact]
    public void a_request_is_read_back_as_it_was_asked_and_gives_the_same_proposal()
    {
        var folded = new Folded().With(TransferScene.Maths, 5).With(TransferScene.Databases, 3);
        Assert.True(folded.TrySubmit().Is(out var events, out _));
        var request = events.Request!;

        var read = request.Read();

        Assert.Equal(request.Id, RequestDocument.Of(read).Id);
        Assert.Equal(request.Id, events.OfTransfer.OfType<TransferEvaluated>().Single().RequestHash);
        Assert.Equal(events.Document!.Read().TraceHash, Evaluator.Evaluate(read, folded.Catalog).Proposal!.TraceHash);
    }

    private static RuleSetRecord Draft(FolderCheck check) =>
        new()
        {
            Id = "rule-set/decider-1",
            RuleSetVersion = "decider-1",
            Hash = check.RuleSet!.Hash,
            State = RuleSetStates.Draft,
            DraftedBy = "x",
        };
}

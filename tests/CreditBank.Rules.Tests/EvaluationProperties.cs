using CreditBank.Kernel;
using FsCheck;
using FsCheck.Xunit;

namespace CreditBank.Rules.Tests;

/// <summary>What holds for every request: order, caps, single use, and sums.</summary>
public sealed class EvaluationProperties
{
    private const string Units = "  - { id: third, title: { zh: 三分, en: third }, ratio: 1/3, cites: ASSUMPTION }\n";

    private static (EvaluationRequest Request, Proposal Proposal, RuleSet Rules) Evaluate(GeneratedRequests generated)
    {
        var rules = Load(generated.Sections);
        var proposal = Evaluator.Evaluate(generated.Request, new RuleSetCatalog([rules])).Proposal!;
        return (generated.Request, proposal, rules);
    }

    private static RuleSet Load(string sections)
    {
        var yaml = SmallRuleSet.Yaml.Replace("scales:\n", Units + "scales:\n", StringComparison.Ordinal);
        var result = RuleSetFolder.Parse("small.yaml", yaml + sections);
        Assert.True(result.RuleSet is not null, string.Join('\n', result.Problems));
        return result.RuleSet!;
    }

    [Property(MaxTest = 200)]
    public void The_order_of_the_input_never_matters(DoNotSize<int> seed)
    {
        var generated = new GeneratedRequests(seed.Item).Make();
        var (_, proposal, rules) = Evaluate(generated);

        var shuffled = Evaluator.Evaluate(generated.Shuffled(), new RuleSetCatalog([rules])).Proposal!;

        Assert.Equal(proposal.Trace, shuffled.Trace);
        Assert.Equal(proposal.TraceHash, shuffled.TraceHash);
    }

    [Property(MaxTest = 200)]
    public void Nothing_is_used_twice_and_every_outcome_has_its_line(DoNotSize<int> seed)
    {
        var (request, proposal, _) = Evaluate(new GeneratedRequests(seed.Item).Make());

        var outcomes = proposal.Lines.SelectMany(line => line.OutcomeIds).ToList();
        Assert.Equal(request.Outcomes.Select(outcome => outcome.OutcomeId).Order(), outcomes.Order());
        var targets = proposal
            .Lines.Where(line => line.Result == LineResult.Match)
            .SelectMany(line => line.CourseCodes)
            .ToList();
        Assert.Equal(targets.Count, targets.Distinct().Count());
        Assert.All(proposal.Lines, line => Assert.False(string.IsNullOrEmpty(line.Code)));
        Assert.All(
            proposal.Lines.Where(line => line.Result != LineResult.Match),
            line => Assert.True(line.Next is { Zh.Length: > 0, En.Length: > 0 }, line.Code)
        );
    }

    [Property(MaxTest = 200)]
    public void Debited_is_converted_and_forfeited_and_never_more_than_is_free(DoNotSize<int> seed)
    {
        var (request, proposal, _) = Evaluate(new GeneratedRequests(seed.Item).Make());
        var free = request.Outcomes.ToDictionary(
            outcome => outcome.OutcomeId,
            outcome => outcome.Available ?? outcome.Credits!.Value
        );

        foreach (var line in proposal.Lines)
        {
            foreach (var debit in line.Debits)
            {
                Assert.False(debit.Converted.IsNegative || debit.Forfeited.IsNegative);
                Assert.True(debit.Converted + debit.Forfeited <= free[debit.OutcomeId]);
            }

            if (line.Result == LineResult.Match && line.Debits.Select(debit => debit.Unit).Distinct().Count() == 1)
            {
                var debited = line.Debits.Sum(debit => debit.Converted + debit.Forfeited);
                Assert.Equal(line.SourceCredits, debited + line.RetainedCredits);
                Assert.Equal(line.ForfeitedCredits, line.Debits.Sum(debit => debit.Forfeited));
            }

            Assert.Equal(line.GrantedCredits, line.Grants.Sum(grant => grant.Credits));
        }

        Assert.Equal(proposal.Totals.Granted, proposal.Lines.Sum(line => line.GrantedCredits));
    }

    [Property(MaxTest = 200)]
    public void Caps_hold(DoNotSize<int> seed)
    {
        var (request, proposal, _) = Evaluate(new GeneratedRequests(seed.Item).Make());
        var earlier = request.Granted.Sum(line => line.Credits);

        foreach (var cap in proposal.Caps)
            Assert.True(
                cap.Used <= Credits.Max(cap.Limit, cap.Clause == "kind" ? Credits.Zero : earlier),
                cap.ToString()
            );
    }

    [Property(MaxTest = 150)]
    public void A_wider_cap_never_grants_less(DoNotSize<int> seed)
    {
        var generated = new GeneratedRequests(seed.Item).Make();
        var narrow = Evaluate(generated).Proposal;
        var wider = generated.Sections.Replace(
            "id: total, limit: { share: ",
            "id: total, limit: { share: 9",
            StringComparison.Ordinal
        );
        wider = System.Text.RegularExpressions.Regex.Replace(wider, @"share: 9\d+%", "share: 100%");

        var wide = Evaluator.Evaluate(generated.Request, new RuleSetCatalog([Load(wider)])).Proposal!;

        Assert.True(narrow.Optimal && wide.Optimal);
        Assert.True(wide.Totals.Granted >= narrow.Totals.Granted);
    }

    [Property(MaxTest = 150)]
    public void More_outcomes_never_grant_less(DoNotSize<int> seed)
    {
        var generated = new GeneratedRequests(seed.Item).Make();
        var (request, all, rules) = Evaluate(generated);
        var fewer = request with { Outcomes = [.. request.Outcomes.Skip(1)] };

        var some = Evaluator.Evaluate(fewer, new RuleSetCatalog([rules])).Proposal!;

        // A better attempt may be worth less credit; only there is the smaller request allowed to win.
        if (!generated.Sections.Contains("attempts, value: best", StringComparison.Ordinal))
            Assert.True(all.Totals.Granted >= some.Totals.Granted);
    }

    [Property(MaxTest = 100)]
    public void The_search_finds_what_trying_every_subset_finds(DoNotSize<int> seed)
    {
        var generated = new GeneratedRequests(seed.Item).Make(outcomesMax: 6);
        var (_, proposal, rules) = Evaluate(generated);

        Assert.Equal(ExhaustiveSearch.Best(generated.Request, rules), proposal.Totals.Granted.Value);
    }

    [Property(MaxTest = 50)]
    public void Canonical_text_gives_the_same_rule_set_and_the_same_trace(DoNotSize<int> seed)
    {
        var generated = new GeneratedRequests(seed.Item).Make();
        var (request, proposal, rules) = Evaluate(generated);

        var again = RuleSet.FromCanonicalJson(rules.CanonicalJson).RuleSet!;

        Assert.Equal(rules.Hash, again.Hash);
        Assert.Equal(proposal.Trace, Evaluator.Evaluate(request, new RuleSetCatalog([again])).Proposal!.Trace);
    }
}

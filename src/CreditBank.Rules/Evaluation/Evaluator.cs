using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>A proposal, or why none can be made; never both.</summary>
/// <param name="Proposal">The proposal.</param>
/// <param name="Refusal"><c>rule.not-in-force</c> when no version judges the day of the application;
/// <c>rule-set.unknown</c> when the version asked for does not exist.</param>
public sealed record EvaluationResult(Proposal? Proposal, Refusal? Refusal);

/// <summary>
/// Proposes what outcomes become in a programme. Pure: the same request under the same catalogue gives the same bytes,
/// whatever the order of the lists.
/// </summary>
public static class Evaluator
{
    /// <summary>Evaluates a request.</summary>
    /// <exception cref="ArgumentException">Two outcomes carry the same id.</exception>
    public static EvaluationResult Evaluate(EvaluationRequest request, RuleSetCatalog catalog)
    {
        var days = new RequestDays(
            request.AppliedOn,
            request.EnrolledOn ?? request.AppliedOn,
            request.DecidedOn ?? request.AppliedOn
        );
        if (VersionBinding.Lead(request, catalog, days) is not { } lead)
            return new EvaluationResult(null, NoVersion(request));
        OutcomeFacts[] outcomes = [.. request.Outcomes];
        Array.Sort(outcomes, static (left, right) => string.CompareOrdinal(left.OutcomeId, right.OutcomeId));
        for (var i = 1; i < outcomes.Length; i++)
        {
            if (outcomes[i].OutcomeId == outcomes[i - 1].OutcomeId)
                throw new ArgumentException($"The outcome {outcomes[i].OutcomeId} stands twice.", nameof(request));
        }

        var bound = Array.ConvertAll(outcomes, outcome => VersionBinding.Bind(outcome, request, days, lead, catalog));
        return new EvaluationResult(Propose(request, days, lead, bound), null);
    }

    private static Proposal Propose(EvaluationRequest request, RequestDays days, RuleSet lead, BoundOutcome[] bound)
    {
        var programme = new ProgrammeIndex(request);
        var candidates = new List<Candidate>();
        var prepared = new List<PreparedOutcome>(bound.Length);
        var complete = true;
        foreach (var rules in VersionsOf(bound))
        {
            var facts = new SituationFacts(rules, request.Programme, days);
            var own = new List<(BoundOutcome, int)>(bound.Length);
            for (var index = 0; index < bound.Length; index++)
            {
                if (bound[index].Versions.Contains(rules))
                    own.Add((bound[index], index));
            }

            var outcomes = new OutcomePreparation(rules, request, days, facts).Prepare(own);
            prepared.AddRange(outcomes);
            var search = new CandidateSearch(rules, request, facts, programme);
            candidates.AddRange(search.Search(outcomes));
            complete &= search.Complete;
        }

        var caps = new CapCounters(lead, request, new SituationFacts(lead, request.Programme, days));
        var feasible = candidates.FindAll(candidate => candidate is { Findings.Count: 0, Grant.IsPositive: true });
        var result = Allocate(feasible, caps, lead, request, days);
        var assembly = new ProposalAssembly(request, lead, bound, prepared, candidates, caps, result);
        return assembly.Make(result.Optimal && complete);
    }

    internal static List<RuleSet> VersionsOf(BoundOutcome[] bound)
    {
        var versions = new List<RuleSet>(2);
        foreach (var outcome in bound)
        {
            foreach (var rules in outcome.Versions)
            {
                if (!versions.Contains(rules))
                    versions.Add(rules);
            }
        }

        return versions;
    }

    private static AllocationResult Allocate(
        List<Candidate> feasible,
        CapCounters caps,
        RuleSet lead,
        EvaluationRequest request,
        RequestDays days
    )
    {
        if (feasible.Count == 0)
            return new AllocationResult([], true, 0);
        var how = lead.Allocation;
        var problem = new AllocationProblem(feasible, caps, how, request);
        var facts = new SituationFacts(lead, request.Programme, days);
        var partial = lead.Clauses.Decide(Question.Cutting, facts).Word == "partial";
        return how.Sequential
            ? SequentialAllocation.Solve(problem, how, partial)
            : new AllocationSearch(problem, how.NodesMax, partial).Solve();
    }

    private static Refusal NoVersion(EvaluationRequest request)
    {
        if (request.RuleSetVersion is { } asked)
        {
            var unknown = new BilingualText($"没有版本“{asked}”。", $"There is no version '{asked}'.");
            return new Refusal("rule-set.unknown", RefusalKind.Rule, unknown);
        }

        var family = request.Programme.RuleSetFamily;
        var on = Days.Text(request.AppliedOn);
        var text = new BilingualText(
            $"{on} 没有生效的“{family}”规则版本。",
            $"No version of '{family}' is in force on {on}."
        );
        return new Refusal(LineCodes.NotInForce, RefusalKind.Rule, text);
    }
}

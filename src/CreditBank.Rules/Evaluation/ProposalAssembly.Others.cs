using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// The lines of outcomes that were not used: what nearly was, what stands against it, and the way forward.
/// </summary>
internal sealed partial class ProposalAssembly
{
    private void AddOther(int index)
    {
        var own = prepared.Find(outcome => outcome.Index == index);
        if (own is null)
        {
            AddWithoutVersion(index);
            return;
        }

        var attempts = attemptsOf[index] ?? [];
        var open = attempts.FindAll(candidate => candidate.Findings.Count == 0);
        if (open.Count > 0)
        {
            AddNotChosen(own, open);
            return;
        }

        var maybe = attempts
            .FindAll(candidate =>
                candidate.Result == LineResult.Maybe
                && Array.TrueForAll(candidate.Sources, source => !used.Contains(source.Index))
            )
            .OrderBy(candidate => candidate.Findings.Count)
            .ThenByDescending(candidate => candidate.Grant)
            .ThenBy(candidate => candidate.Key, StringComparer.Ordinal)
            .FirstOrDefault();
        if (maybe is not null)
            AddMaybe(maybe);
        else
            AddFinding(own, attempts);
    }

    private void AddMaybe(Candidate candidate)
    {
        foreach (var source in candidate.Sources)
            used.Add(source.Index);
        var finding = candidate.Decisive;
        var payment = Payment.Of(candidate, candidate.Grant);
        lines.Add(
            Line(candidate, LineResult.Maybe, finding.Code, Cite(candidate, [finding.Clause], candidate.Clauses)) with
            {
                WouldGrantCredits = candidate.Grant,
                Explanation = Wording.Finding(finding, candidate.Sources[0].Facts, candidate.Targets),
                Next = Wording.Next(finding),
                Holds =
                [
                    .. payment
                        .Debits.Select(debit => new OutcomeHold(
                            debit.OutcomeId,
                            debit.Unit,
                            debit.Converted + debit.Forfeited
                        ))
                        .Where(hold => hold.Amount.IsPositive),
                ],
            }
        );
    }

    private void AddNotChosen(PreparedOutcome outcome, List<Candidate> open)
    {
        var best = open.OrderByDescending(candidate => candidate.Grant)
            .ThenBy(candidate => candidate.Key, StringComparer.Ordinal)
            .First();
        var finding = WhyNotChosen(outcome, open);
        var counter = finding.Code == LineCodes.CapExceeded ? TightestCap(best) : null;
        lines.Add(
            Line(best, LineResult.Miss, finding.Code, Cite(best, [finding.Clause], [best.Key])) with
            {
                OutcomeIds = [outcome.Facts.OutcomeId],
                Explanation = Wording.Finding(finding, outcome.Facts, best.Targets),
                Next = counter is null ? Wording.Next(finding) : Wording.NextForCap(counter, best.Grant),
            }
        );
    }

    /// <summary>
    /// A feasible use lost: to another outcome of its key, to a filled target, to a cap, or to a better whole.
    /// </summary>
    private Finding WhyNotChosen(PreparedOutcome outcome, List<Candidate> open)
    {
        foreach (var key in outcome.Exclusive)
        {
            var other = result
                .Chosen.SelectMany(pick => pick.Candidate.Sources)
                .FirstOrDefault(source => source.Exclusive.Any(taken => taken.Key == key.Key));
            if (other is not null)
                return new Finding(LineResult.Miss, key.Code, key.Clause, other.Facts.OutcomeId);
        }

        var filled = result
            .Chosen.SelectMany(pick => pick.Candidate.Targets)
            .Select(target => target.Code)
            .ToHashSet(StringComparer.Ordinal);
        var free = open.Where(candidate => !candidate.Targets.Any(target => filled.Contains(target.Code))).ToList();
        if (free.Count == 0)
        {
            var taken = open.SelectMany(candidate => candidate.Targets).First(target => filled.Contains(target.Code));
            return new Finding(LineResult.Miss, LineCodes.TargetFilled, null, taken.Code);
        }

        if (free.All(candidate => TightestCap(candidate) is not null))
        {
            var counter = TightestCap(free[0])!;
            return new Finding(
                LineResult.Miss,
                LineCodes.CapExceeded,
                counter.Cap.Id,
                CapCounters.Unscaled(counter.Left).ToString(),
                free[0].Grant.ToString()
            );
        }

        return new Finding(LineResult.Miss, LineCodes.NotChosen, null);
    }

    /// <summary>The first cap that has no room for the candidate's whole grant; none when all have.</summary>
    private Counter? TightestCap(Candidate candidate)
    {
        var counts = result.Chosen.Any(pick => ReferenceEquals(pick.Candidate, candidate));
        foreach (var hit in caps.HitsOf(candidate))
        {
            var counter = caps.Counters[hit.Counter];
            if (counts ? counter.Left == 0 : counter.Left < hit.Amount)
                return counter;
        }

        return null;
    }

    private void AddFinding(PreparedOutcome outcome, List<Candidate> attempts)
    {
        var closest = attempts
            .Where(candidate => candidate.Result == LineResult.Miss)
            .OrderBy(candidate => candidate.Findings.Count)
            .ThenByDescending(candidate => candidate.Grant)
            .ThenBy(candidate => candidate.Key, StringComparer.Ordinal)
            .FirstOrDefault();
        var finding = closest?.Decisive ?? outcome.Finding ?? WithoutRule(outcome);
        if (
            request.Decisions.Any(decision =>
                !decision.Accepted && decision.OutcomeIds.Contains(outcome.Facts.OutcomeId)
            ) && finding.ForEvaluator
        )
            finding = new Finding(LineResult.Miss, LineCodes.Rejected, null);
        var rules = closest?.Rules ?? RulesOf(outcome);
        var line = closest is null ? Line(outcome, rules) : Line(closest, finding.Result, finding.Code, []);
        lines.Add(
            line with
            {
                OutcomeIds = [outcome.Facts.OutcomeId],
                Result = finding.Result,
                Code = finding.Code,
                SourceCredits = outcome.AvailableSource,
                SourceUnit = outcome.UnitId,
                Clauses = Citations(rules, [finding.Clause, closest?.Key], outcome.Bound.Clause),
                Explanation = Wording.Finding(finding, outcome.Facts, closest?.Targets ?? []),
                Next = Wording.Next(finding),
                Holds =
                    finding.Result == LineResult.Maybe && outcome.AvailableSource.IsPositive
                        ? [new OutcomeHold(outcome.Facts.OutcomeId, outcome.UnitId, outcome.AvailableSource)]
                        : [],
            }
        );
    }

    private Finding WithoutRule(PreparedOutcome outcome)
    {
        var facts = new SituationFacts(RulesOf(outcome), request.Programme, Days()) { Outcome = outcome };
        var decided = RulesOf(outcome).Clauses.Decide(Question.WithoutRule, facts);
        var answer = decided.Word == "miss" ? LineResult.Miss : LineResult.Maybe;
        return new Finding(answer, LineCodes.NoRule, decided.Clause?.Id);
    }

    private RequestDays Days() =>
        new(request.AppliedOn, request.EnrolledOn ?? request.AppliedOn, request.DecidedOn ?? request.AppliedOn);

    private void AddWithoutVersion(int index)
    {
        var outcome = bound[index].Facts;
        var finding = new Finding(LineResult.Maybe, LineCodes.NotInForce, null, Rules.Days.Text(outcome.CompletedOn));
        var amount = outcome.Available ?? outcome.Credits ?? Credits.Zero;
        var unit = outcome.Unit ?? lead.StandardUnit;
        lines.Add(
            Line(PreparedOutcome.Bare(outcome), lead) with
            {
                Result = LineResult.Maybe,
                Code = finding.Code,
                SourceCredits = amount,
                SourceUnit = unit,
                Explanation = Wording.Finding(finding, outcome, []),
                Next = Wording.Next(finding),
                Holds = amount.IsPositive ? [new OutcomeHold(outcome.OutcomeId, unit, amount)] : [],
            }
        );
    }

    private RuleSet RulesOf(PreparedOutcome outcome) =>
        outcome.Bound.Versions.Count > 0 ? outcome.Bound.Versions[^1] : lead;

    private static ProposalLine Line(
        Candidate candidate,
        LineResult lineResult,
        string code,
        IReadOnlyList<Citation> clauses
    )
    {
        var sources = candidate.Sources;
        var sameUnit = sources.All(source => source.UnitId == sources[0].UnitId);
        return new ProposalLine
        {
            Line = 0,
            OutcomeIds = [.. sources.Select(source => source.Facts.OutcomeId)],
            CourseCodes = [.. candidate.Targets.Select(target => target.Code)],
            Result = lineResult,
            SourceCredits = sameUnit ? sources.Sum(source => source.AvailableSource) : candidate.AvailableStandard,
            SourceUnit = sameUnit ? sources[0].UnitId : candidate.Rules.StandardUnit,
            GrantedCredits = Credits.Zero,
            WouldGrantCredits = Credits.Zero,
            ForfeitedCredits = Credits.Zero,
            RetainedCredits = Credits.Zero,
            RuleSetVersion = candidate.Rules.Version,
            Code = code,
            Clauses = clauses,
            Explanation = new BilingualText("", ""),
            Debits = [],
            Holds = [],
            Kind = sources[0].Facts.Kind,
            Category = CapCounters.LineOf(candidate, 0).Category,
            Grants = [],
        };
    }

    private static ProposalLine Line(PreparedOutcome outcome, RuleSet rules) =>
        new()
        {
            Line = 0,
            OutcomeIds = [outcome.Facts.OutcomeId],
            CourseCodes = [],
            Result = LineResult.Miss,
            SourceCredits = outcome.AvailableSource,
            SourceUnit = outcome.UnitId,
            GrantedCredits = Credits.Zero,
            WouldGrantCredits = Credits.Zero,
            ForfeitedCredits = Credits.Zero,
            RetainedCredits = Credits.Zero,
            RuleSetVersion = rules.Version,
            Code = "",
            Clauses = [],
            Explanation = new BilingualText("", ""),
            Debits = [],
            Holds = [],
            Kind = outcome.Facts.Kind,
            Grants = [],
        };

    private static List<Citation> Cite(
        Candidate candidate,
        ReadOnlySpan<string?> decisive,
        IReadOnlyList<string?> passed
    )
    {
        var cited = new List<Citation>(decisive.Length + passed.Count + 1);
        AddCitations(cited, candidate.Rules, decisive);
        for (var i = 0; i < passed.Count; i++)
            AddCitations(cited, candidate.Rules, passed[i]);
        if (candidate.Sources[0].Bound.Clause is { } binding)
            cited.Add(binding);
        return cited;
    }

    private static List<Citation> Citations(RuleSet rules, ReadOnlySpan<string?> clauses, Citation? binding)
    {
        var cited = new List<Citation>(clauses.Length + 1);
        AddCitations(cited, rules, clauses);
        if (binding is not null)
            cited.Add(binding);
        return cited;
    }

    private static void AddCitations(List<Citation> cited, RuleSet rules, params ReadOnlySpan<string?> clauses)
    {
        foreach (var clause in clauses)
        {
            if (clause is { Length: > 0 } && !cited.Exists(citation => citation.Clause == clause))
                cited.Add(new Citation(rules.Version, clause));
        }
    }
}

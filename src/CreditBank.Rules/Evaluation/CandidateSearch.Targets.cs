using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>The targets of a branch: each set of courses or free credit that its sources can fill.</summary>
internal sealed partial class CandidateSearch
{
    private void TryTargets(Equivalence equivalence, SourcePattern[] branch, PreparedOutcome[] sources)
    {
        var target = equivalence.Target;
        if (target.Free is not null)
        {
            TryOne(equivalence, branch, sources, []);
            return;
        }

        var courses = programme.Find(target.Courses);
        if (!target.Choose)
        {
            if (courses.Length == target.Courses.Length)
                TryOne(equivalence, branch, sources, courses);
            return;
        }

        TryChoice(equivalence, branch, sources, courses);
    }

    /// <summary>All subsets of the open courses that the sources can pay for (RK-13), the largest first.</summary>
    private void TryChoice(
        Equivalence equivalence,
        SourcePattern[] branch,
        PreparedOutcome[] sources,
        CourseFacts[] courses
    )
    {
        var open = courses
            .Where(course => !programme.IsFilled(course.Code) && IsAllowed(sources, course).Allowed)
            .ToArray();
        if (open.Length == 0)
        {
            if (courses.Length > 0)
                TryOne(equivalence, branch, sources, [courses[0]]);
            return;
        }

        var capacity = Capacity(equivalence, sources);
        var subsets = SubsetsWithin(open, capacity);
        if (subsets.Count == 0)
            TryOne(equivalence, branch, sources, [open.MinBy(course => course.Credits)!]);
        Complete &= subsets.Count <= CombinationsMax;
        foreach (var subset in subsets.Take(CombinationsMax))
            TryOne(equivalence, branch, sources, subset.Courses);
    }

    private static List<(CourseFacts[] Courses, Credits Sum)> SubsetsWithin(CourseFacts[] open, Credits capacity)
    {
        var subsets = new List<(CourseFacts[] Courses, Credits Sum)>();
        for (var mask = 1; mask < 1 << open.Length; mask++)
        {
            var sum = 0m;
            for (var place = 0; place < open.Length; place++)
            {
                if ((mask & (1 << place)) != 0)
                    sum += open[place].Credits.Value;
            }

            if (sum <= capacity.Value)
                subsets.Add((Array.FindAll(open, course => IsIn(course, mask)), new Credits(sum)));
        }

        // A stable order: the masks break ties, so equal subsets come as the rule set lists their courses.
        return [.. subsets.OrderByDescending(subset => subset.Sum).ThenBy(subset => subset.Courses.Length)];

        bool IsIn(CourseFacts course, int mask) => (mask & (1 << Array.IndexOf(open, course))) != 0;
    }

    private Credits Capacity(Equivalence equivalence, PreparedOutcome[] sources)
    {
        var capacity = Credits.Zero;
        facts.Equivalence = equivalence;
        facts.Target = null;
        foreach (var source in sources)
        {
            facts.Outcome = source;
            var most = rules.Clauses.Decide(Question.CreditsPerOutcomeMaximum, facts).Number;
            capacity += most is { } limit
                ? Credits.Min(new Credits(limit), source.AvailableStandard)
                : source.AvailableStandard;
        }

        return capacity;
    }

    private (bool Allowed, Decided By) IsAllowed(PreparedOutcome[] sources, CourseFacts course)
    {
        facts.Target = course;
        Decided by = default;
        foreach (var source in sources)
        {
            facts.Outcome = source;
            var decided = rules.Clauses.Decide(Question.CategoriesAllowed, facts);
            if (decided.Answer?.Words is { } allowed && !allowed.Contains(course.Category ?? ""))
                return (false, decided);
            by = decided;
        }

        return (true, by);
    }

    private void TryOne(
        Equivalence equivalence,
        SourcePattern[] branch,
        PreparedOutcome[] sources,
        CourseFacts[] targets
    )
    {
        var decision = DecisionFor(sources, targets);
        var similarity = decision?.Similarity?.Value ?? equivalence.Similarity;
        var findings = sources.Select(source => source.Finding).OfType<Finding>().ToList();
        findings.AddRange(gates.Check(equivalence, branch, sources, targets, similarity));
        var passed = gates.Passed.ToList();
        facts.Equivalence = equivalence;
        foreach (var target in targets)
        {
            if (programme.FindingFor(target.Code) is { } filled)
                findings.Add(filled);
            var (allowed, by) = IsAllowed(sources, target);
            if (allowed)
            {
                AddOnce(passed, by.Clause);
            }
            else
            {
                var needed = string.Join(", ", by.Answer!.Words!);
                findings.Add(
                    new(LineResult.Miss, LineCodes.CategoryClosed, by.Clause?.Id, target.Category ?? "", needed)
                );
            }
        }

        CheckMaximum(equivalence, sources, targets, findings, passed);
        var accepted = false;
        if (decision is { Accepted: true })
            accepted = findings.RemoveAll(finding => finding.ForEvaluator) > 0;
        else if (decision is { Accepted: false } && findings.Any(finding => finding.ForEvaluator))
            findings.Insert(0, new Finding(LineResult.Miss, LineCodes.Rejected, null));
        found.Add(Make(equivalence, sources, targets, findings, similarity, branch.Length, accepted, passed));
    }

    private void CheckMaximum(
        Equivalence equivalence,
        PreparedOutcome[] sources,
        CourseFacts[] targets,
        List<Finding> findings,
        List<string> passed
    )
    {
        if (targets.Length == 0)
            return;
        facts.Target = targets[0];
        facts.Outcome = sources[0];
        var decided = rules.Clauses.Decide(Question.CreditsPerOutcomeMaximum, facts);
        if (decided.Number is null)
            return;
        var (most, asked) = (Capacity(equivalence, sources), targets.Sum(target => target.Credits));
        if (asked > most)
            findings.Add(
                new(LineResult.Miss, LineCodes.SourceSmall, decided.Clause?.Id, most.ToString(), asked.ToString())
            );
        else
            AddOnce(passed, decided.Clause);
    }

    private static void AddOnce(List<string> passed, Clause? clause)
    {
        if (clause is not null && !passed.Contains(clause.Id))
            passed.Add(clause.Id);
    }

    private LineDecision? DecisionFor(PreparedOutcome[] sources, CourseFacts[] targets)
    {
        foreach (var decision in request.Decisions)
        {
            if (
                decision.OutcomeIds.Count == sources.Length
                && sources.All(source => decision.OutcomeIds.Contains(source.Facts.OutcomeId))
                && (
                    decision.CourseCodes.Count == 0
                    || (
                        decision.CourseCodes.Count == targets.Length
                        && targets.All(target => decision.CourseCodes.Contains(target.Code))
                    )
                )
            )
            {
                return decision;
            }
        }

        return null;
    }

    /// <summary>An evaluator may grant what no rule proposes; caps, size and exclusions still hold.</summary>
    private void AddDecided(LineDecision decision, List<PreparedOutcome> usable)
    {
        var sources = usable.Where(outcome => decision.OutcomeIds.Contains(outcome.Facts.OutcomeId)).ToArray();
        if (sources.Length == 0 || sources.Length != decision.OutcomeIds.Distinct().Count())
            return;
        var covered = found.Any(candidate =>
            candidate.Result != LineResult.Miss
            && candidate.Sources.SequenceEqual(sources)
            && candidate.Targets.Length == decision.CourseCodes.Count
            && candidate.Targets.All(target => decision.CourseCodes.Contains(target.Code))
        );
        if (covered)
            return;
        var targets = programme.Find([.. decision.CourseCodes]);
        var findings = new List<Finding>();
        if (targets.Length != decision.CourseCodes.Count)
        {
            var unknown = decision.CourseCodes.First(code => targets.All(target => target.Code != code));
            findings.Add(new Finding(LineResult.Miss, LineCodes.TargetUnknown, null, unknown));
        }

        foreach (var target in targets)
        {
            if (programme.FindingFor(target.Code) is { } filled)
                findings.Add(filled);
        }

        gates.CheckExclusions(sources, targets, decision.Similarity?.Value, findings);
        var (brought, needed) = (
            sources.Sum(source => source.AvailableStandard),
            targets.Sum(target => target.Credits)
        );
        if (brought < needed)
            findings.Add(new(LineResult.Miss, LineCodes.SourceSmall, null, brought.ToString(), needed.ToString()));
        found.Add(Make(null, sources, targets, findings, decision.Similarity?.Value, sources.Length, accepted: true));
    }

    private Candidate Make(
        Equivalence? equivalence,
        PreparedOutcome[] sources,
        CourseFacts[] targets,
        IReadOnlyList<Finding> findings,
        decimal? similarity,
        int wanted,
        bool accepted = false,
        IReadOnlyList<string>? passed = null
    )
    {
        var ordered = sources.OrderBy(source => source.Index).ToArray();
        facts.Equivalence = equivalence;
        facts.Similarity = similarity;
        facts.Target = targets.Length > 0 ? targets[0] : null;
        facts.Outcome = ordered[0];
        var shares = Shares(equivalence, ordered, targets);
        var remainder = rules.Clauses.Decide(Question.Remainder, facts);
        var clauses = new List<string>();
        if (equivalence is not null)
            clauses.Add(equivalence.Id);
        clauses.AddRange(passed ?? []);
        foreach (var source in ordered)
        {
            clauses.AddRange(source.WorthClauses);
            if (source.SpendClause is { } spend)
                clauses.Add(spend);
        }

        if (remainder.Clause is not null && sources.Length == wanted)
            clauses.Add(remainder.Clause.Id);
        return new Candidate
        {
            Rules = rules,
            Equivalence = equivalence,
            Sources = ordered,
            Targets = targets,
            Free = equivalence?.Target.Free,
            Shares = shares,
            Grant = shares.Sum(),
            Findings = findings,
            Accepted = accepted,
            Retains = remainder.Word == "retain",
            Clauses = clauses,
            Similarity = similarity,
        };
    }

    private Credits[] Shares(Equivalence? equivalence, PreparedOutcome[] sources, CourseFacts[] targets)
    {
        var brought = sources.Sum(source => source.AvailableStandard);
        if (equivalence?.Target.Free is { } free)
        {
            var share = free.ProgrammeShare is { } part ? request.Programme.TotalCredits.Value * part : (decimal?)null;
            return [free.Amount ?? (share is { } amount ? Credits.Rounded(amount) : brought)];
        }

        if (targets.Length == 1 && rules.Clauses.Decide(Question.CreditRecorded, facts).Word == "source")
            return [brought];
        return [.. targets.Select(target => target.Credits)];
    }
}

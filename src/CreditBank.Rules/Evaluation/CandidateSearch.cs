using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// Finds every way a version knows to use the outcomes: those that pass all gates and those that nearly do, which later
/// explain a maybe or a miss.
/// </summary>
internal sealed class CandidateSearch(
    RuleSet rules,
    EvaluationRequest request,
    SituationFacts facts,
    ProgrammeIndex programme
)
{
    /// <summary>How many combinations of one equivalence are looked at; more make the result not proven best.</summary>
    public const int CombinationsMax = 64;

    private readonly CandidateGates gates = new(rules, facts, request.Programme);
    private readonly List<Candidate> found = [];

    /// <summary>Whether every combination was looked at.</summary>
    public bool Complete { get; private set; } = true;

    public List<Candidate> Search(List<PreparedOutcome> outcomes)
    {
        var usable = outcomes.Where(outcome => outcome.Finding is null or { ForEvaluator: true }).ToList();
        var involved = new Dictionary<Equivalence, List<PreparedOutcome>>(ReferenceEqualityComparer.Instance);
        foreach (var outcome in usable)
        {
            Involve(
                outcome,
                outcome.Facts.CourseCode is { } course
                    ? rules.Equivalences.OfCourse(outcome.Facts.InstitutionId, course)
                    : [],
                involved
            );
            Involve(
                outcome,
                outcome.Facts.CourseCode is { } code ? rules.Equivalences.OfAnyInstitution(code) : [],
                involved
            );
            Involve(
                outcome,
                outcome.Facts.Certificate is { } certificate ? rules.Equivalences.OfCertificate(certificate.Code) : [],
                involved
            );
        }

        foreach (var (equivalence, sources) in involved.OrderBy(entry => entry.Key.Id, StringComparer.Ordinal))
        {
            foreach (var branch in equivalence.Branches)
                TryBranch(equivalence, branch, sources);
        }

        foreach (
            var decision in request.Decisions.Where(decision => decision is { Accepted: true, CourseCodes.Count: > 0 })
        )
            AddDecided(decision, usable);
        return found;
    }

    private void Involve(
        PreparedOutcome outcome,
        IReadOnlyList<Equivalence> equivalences,
        Dictionary<Equivalence, List<PreparedOutcome>> involved
    )
    {
        foreach (var equivalence in equivalences)
        {
            if (equivalence.InstitutionId is { } institution && institution != request.Programme.InstitutionId)
                continue;
            if (
                equivalence.ProgrammeIds.Length > 0
                && !equivalence.ProgrammeIds.Contains(request.Programme.ProgrammeId)
            )
                continue;
            if (!involved.TryGetValue(equivalence, out var sources))
                involved[equivalence] = sources = [];
            if (!sources.Contains(outcome))
                sources.Add(outcome);
        }
    }

    private void TryBranch(Equivalence equivalence, SourcePattern[] branch, List<PreparedOutcome> sources)
    {
        var choices = new List<PreparedOutcome>[branch.Length];
        var missing = new List<string>();
        for (var i = 0; i < branch.Length; i++)
        {
            choices[i] = [.. sources.Where(source => Fits(source, branch[i]))];
            if (choices[i].Count == 0)
                missing.Add(branch[i].Label);
        }

        if (missing.Count == branch.Length)
            return;
        if (missing.Count > 0)
        {
            AddIncomplete(equivalence, branch, choices, missing);
            return;
        }

        var combinations = 0;
        foreach (var combination in Combine(choices, 0, []))
        {
            if (++combinations > CombinationsMax)
            {
                Complete = false;
                return;
            }

            TryTargets(equivalence, branch, combination);
        }
    }

    private static IEnumerable<PreparedOutcome[]> Combine(
        List<PreparedOutcome>[] choices,
        int place,
        PreparedOutcome[] chosen
    )
    {
        if (place == choices.Length)
        {
            yield return chosen;
            yield break;
        }

        foreach (var choice in choices[place])
        {
            if (Array.IndexOf(chosen, choice) >= 0)
                continue;
            foreach (var combination in Combine(choices, place + 1, [.. chosen, choice]))
                yield return combination;
        }
    }

    private static bool Fits(PreparedOutcome outcome, SourcePattern pattern) =>
        pattern.Certificate is { } code
            ? outcome.Facts.Certificate is { } certificate
                && certificate.Code == code
                && (pattern.CertificateLevel is null || pattern.CertificateLevel == certificate.Level)
                && (pattern.InstitutionId is null || pattern.InstitutionId == outcome.Facts.InstitutionId)
            : outcome.Facts.CourseCode == pattern.Course
                && (pattern.InstitutionId is null || pattern.InstitutionId == outcome.Facts.InstitutionId);

    private void AddIncomplete(
        Equivalence equivalence,
        SourcePattern[] branch,
        List<PreparedOutcome>[] choices,
        List<string> missing
    )
    {
        var sources = choices.Where(choice => choice.Count > 0).Select(choice => choice[0]).Distinct().ToArray();
        var targets = programme.Find(equivalence.Target.Courses);
        if (targets.Length < equivalence.Target.Courses.Length && !equivalence.Target.Choose)
            return;
        var needed = string.Join(" + ", missing);
        var finding = new Finding(LineResult.Miss, LineCodes.SourceMissing, equivalence.Id, null, needed);
        found.Add(Make(equivalence, sources, equivalence.Target.Choose ? [] : targets, [finding], null, branch.Length));
    }

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
        var subsets = Enumerable
            .Range(1, (1 << open.Length) - 1)
            .Select(mask => open.Where((_, place) => (mask & (1 << place)) != 0).ToArray())
            .Where(subset => subset.Sum(course => course.Credits) <= capacity)
            .OrderByDescending(subset => subset.Sum(course => course.Credits))
            .ThenBy(subset => subset.Length)
            .ToList();
        if (subsets.Count == 0)
            TryOne(equivalence, branch, sources, [open.MinBy(course => course.Credits)!]);
        Complete &= subsets.Count <= CombinationsMax;
        foreach (var subset in subsets.Take(CombinationsMax))
            TryOne(equivalence, branch, sources, subset);
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
        foreach (var source in sources)
        {
            facts.Outcome = source;
            var decided = rules.Clauses.Decide(Question.CategoriesAllowed, facts);
            if (decided.Answer?.Words is { } allowed && !allowed.Contains(course.Category ?? ""))
                return (false, decided);
        }

        return (true, default);
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
            if (IsAllowed(sources, target) is (false, var by))
            {
                var needed = string.Join(", ", by.Answer!.Words!);
                findings.Add(
                    new(LineResult.Miss, LineCodes.CategoryClosed, by.Clause?.Id, target.Category ?? "", needed)
                );
            }
        }

        CheckMaximum(equivalence, sources, targets, findings);
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
        List<Finding> findings
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
        clauses.AddRange(ordered.SelectMany(source => source.WorthClauses));
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

namespace CreditBank.Rules;

/// <summary>
/// Finds every way a version knows to use the outcomes: those that pass all gates and those that nearly do, which later
/// explain a maybe or a miss.
/// </summary>
internal sealed partial class CandidateSearch(
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
            Involve(outcome, rules.Equivalences.Open, involved);
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
            if (sources.Count == 0 || !ReferenceEquals(sources[^1], outcome))
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
            if (++combinations > CombinationsMax && branch.Length > 1)
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

    private bool Fits(PreparedOutcome outcome, SourcePattern pattern)
    {
        if (pattern.InstitutionId is { } institution && institution != outcome.Facts.InstitutionId)
            return false;
        if (pattern.When is { } when)
        {
            facts.Outcome = outcome;
            return when.Holds(facts);
        }

        return pattern.Certificate is { } code
            ? outcome.Facts.Certificate is { } certificate
                && certificate.Code == code
                && (pattern.CertificateLevel is null || pattern.CertificateLevel == certificate.Level)
            : outcome.Facts.CourseCode == pattern.Course;
    }

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
}

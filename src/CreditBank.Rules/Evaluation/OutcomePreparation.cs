using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// Prepares outcomes for one version and finds what stands against each of them, before any target is looked at.
/// </summary>
internal sealed class OutcomePreparation(
    RuleSet rules,
    EvaluationRequest request,
    RequestDays days,
    SituationFacts facts
)
{
    public List<PreparedOutcome> Prepare(IReadOnlyList<(BoundOutcome Bound, int Index)> outcomes)
    {
        var prepared = new List<PreparedOutcome>(outcomes.Count);
        foreach (var (bound, index) in outcomes)
            prepared.Add(PrepareOne(bound, index));
        SettleAttempts(prepared);
        SetExclusiveKeys(prepared);
        return prepared;
    }

    private PreparedOutcome PrepareOne(BoundOutcome bound, int index)
    {
        var worth = Worth.Of(bound.Facts, rules);
        var placing = Placing.Of(bound.Facts, rules);
        var outcome = new PreparedOutcome
        {
            Facts = bound.Facts,
            Bound = bound,
            Index = index,
            UnitId = worth.UnitId,
            Source = worth.Source,
            Worth = worth.Standard,
            Ratio = worth.Ratio,
            WorthClauses = worth.Clauses,
            Level = placing.Level,
            Rank = rules.RankOf(placing.Level),
            LevelProblem = placing.Problem,
        };
        facts.Target = null;
        facts.Equivalence = null;
        facts.Outcome = outcome;
        SetScore(outcome);
        SetAvailable(outcome);
        outcome.Finding = FirstFinding(outcome, worth);
        return outcome;
    }

    private void SetScore(PreparedOutcome outcome)
    {
        if (outcome.Facts.Grade is { } grade)
        {
            outcome.Score = rules.Scales.TryGetValue(grade.Scale, out var scale) ? scale.Hundred(grade.Value) : null;
            return;
        }

        var assumed = rules.Clauses.Decide(Question.ScoreWithoutGrade, facts);
        outcome.Score = assumed.Number is { } number ? new Credits(number) : null;
        outcome.ScoreClause = assumed.Clause?.Id;
    }

    /// <summary>
    /// What the ledger says is free wins; otherwise earlier uses count as far as the spend scope reaches.
    /// </summary>
    private void SetAvailable(PreparedOutcome outcome)
    {
        var decided = rules.Clauses.Decide(Question.SpendScope, facts);
        var scope = decided.Word;
        outcome.SpendClause = outcome.Facts.Uses.Count > 0 ? decided.Clause?.Id : null;
        var free =
            outcome.Facts.Available ?? outcome.Source - SpendScopes.Spent(outcome.Facts.Uses, scope, request.Programme);
        outcome.AvailableSource = Credits.Max(Credits.Zero, Credits.Min(free, outcome.Source));
        outcome.AvailableStandard =
            outcome.AvailableSource == outcome.Source
                ? outcome.Worth ?? Credits.Zero
                : rules.Rounding.Round(outcome.Ratio.Of(outcome.AvailableSource.Value));
        if (rules.Clauses.Decide(Question.ShelfLife, facts).Answer?.Span is { } life)
            outcome.ExpiresOn = life.After(outcome.Facts.CompletedOn);
    }

    private Finding? FirstFinding(PreparedOutcome outcome, Worth worth)
    {
        var own = outcome.Facts;
        if (own.Suspended)
            return new Finding(LineResult.Miss, LineCodes.Suspended, null);
        if (!own.Passed)
            return new Finding(LineResult.Miss, LineCodes.Failed, null);
        if (!own.Verified)
            return new Finding(LineResult.Miss, LineCodes.Unverified, null);
        if (Refused(outcome) is { } refused)
            return refused;
        if (worth.Points.IsPositive && worth.Standard.IsZero)
            return new Finding(LineResult.Miss, LineCodes.PointsOnly, null, worth.Points.ToString());
        if (worth.Problem is not null)
            return new Finding(LineResult.Maybe, worth.Problem, null, worth.UnitId);
        if (outcome.AvailableSource.IsZero)
        {
            var scope = rules.Clauses.Decide(Question.SpendScope, facts).Clause?.Id;
            return new Finding(LineResult.Miss, LineCodes.Spent, scope, "0", outcome.Source.ToString());
        }

        return OutOfTime(outcome) ?? NotAccredited(own);
    }

    private Finding? Refused(PreparedOutcome outcome)
    {
        facts.Outcome = outcome;
        Finding? found = null;
        foreach (var clause in rules.Clauses.RefusingOutcomes)
        {
            if (ClauseBook.Refusal(clause, facts) is not { } refusing)
                continue;
            var finding = new Finding(refusing.RefuseResult, refusing.RefuseCode!, refusing.Id) { Refusing = refusing };
            if (finding.Result == LineResult.Miss)
                return finding;
            found ??= finding;
        }

        return found;
    }

    private Finding? OutOfTime(PreparedOutcome outcome)
    {
        var own = outcome.Facts;
        var life = rules.Clauses.Decide(Question.ShelfLife, facts);
        if (outcome.ExpiresOn is { } expires && days.AppliedOn >= expires)
            return Dated(LineCodes.Expired, life, own.CompletedOn, expires);
        var recency = rules.Clauses.Decide(Question.Recency, facts);
        if (recency.Answer?.Span is { } span && span.After(own.CompletedOn) < days.AppliedOn)
            return Dated(LineCodes.Stale, recency, own.CompletedOn, span.After(own.CompletedOn));
        var valid = rules.Clauses.Decide(Question.CertificateValidAt, facts);
        if (valid.Word == "application" && own.Certificate?.ValidUntilOn is { } until && until < days.AppliedOn)
            return Dated(LineCodes.CertificateExpired, valid, until, days.AppliedOn);
        return null;
    }

    private Finding? NotAccredited(OutcomeFacts own)
    {
        var decided = rules.Clauses.Decide(Question.AccreditedAt, facts);
        if (own.AccreditationPeriods is not { } periods || decided.Word == "none")
            return null;
        var started = periods.Any(period => period.Contains(own.StartedOn ?? own.CompletedOn));
        var ended = periods.Any(period => period.Contains(own.CompletedOn));
        var accredited = decided.Word switch
        {
            "start" => started,
            "end" => ended,
            _ => started && ended,
        };
        return accredited
            ? null
            : Dated(LineCodes.NotAccredited, decided, own.StartedOn ?? own.CompletedOn, own.CompletedOn);
    }

    private static Finding Dated(string code, Decided decided, NodaTime.LocalDate seen, NodaTime.LocalDate needed) =>
        new(LineResult.Miss, code, decided.Clause?.Id, Days.Text(seen), Days.Text(needed));

    /// <summary>Of several attempts at one course only the best or the last counts (RK-20).</summary>
    private void SettleAttempts(List<PreparedOutcome> prepared)
    {
        if (!HasRepeats(prepared))
            return;
        var courses = prepared
            .Where(outcome => outcome is { Finding: null, Facts.CourseCode: not null })
            .GroupBy(outcome => (outcome.Facts.InstitutionId, outcome.Facts.CourseCode));
        foreach (var attempts in courses.Where(course => course.Skip(1).Any()))
        {
            facts.Outcome = attempts.First();
            var policy = rules.Clauses.Decide(Question.Attempts, facts);
            if (policy.Word == "all")
                continue;
            var ordered = policy.Word == "last" ? Latest(attempts) : Best(attempts);
            foreach (var other in ordered.Skip(1))
                other.Finding = new Finding(LineResult.Miss, LineCodes.Superseded, policy.Clause?.Id);
        }
    }

    private static bool HasRepeats(List<PreparedOutcome> prepared)
    {
        var seen = new HashSet<(string, string)>(prepared.Count);
        foreach (var outcome in prepared)
        {
            if (outcome.Facts.CourseCode is { } course && !seen.Add((outcome.Facts.InstitutionId, course)))
                return true;
        }

        return false;
    }

    private static IEnumerable<PreparedOutcome> Latest(IEnumerable<PreparedOutcome> attempts) =>
        attempts
            .OrderByDescending(outcome => outcome.Facts.CompletedOn)
            .ThenByDescending(outcome => outcome.Facts.Attempt ?? 0)
            .ThenBy(outcome => outcome.Index);

    private static IEnumerable<PreparedOutcome> Best(IEnumerable<PreparedOutcome> attempts) =>
        attempts
            .OrderByDescending(outcome => outcome.Score ?? Credits.Zero)
            .ThenBy(outcome => outcome.Facts.CompletedOn)
            .ThenBy(outcome => outcome.Index);

    private void SetExclusiveKeys(List<PreparedOutcome> prepared)
    {
        foreach (var outcome in prepared)
        {
            if (outcome.Finding is null)
                outcome.Exclusive = ExclusiveKeysOf(outcome);
        }
    }

    private List<ExclusiveKey> ExclusiveKeysOf(PreparedOutcome outcome)
    {
        var keys = new List<ExclusiveKey>();
        if (outcome.Facts.Certificate is { } certificate)
        {
            foreach (var family in rules.Families)
            {
                if (family.Codes.Contains(certificate.Code))
                    keys.Add(new ExclusiveKey(family.Id, LineCodes.FamilyTaken, family.Id));
            }
        }

        facts.Outcome = outcome;
        if (outcome.Facts.Title is not { } title)
            return keys;
        var policy = rules.Clauses.Decide(Question.Duplicates, facts);
        if (policy.Word == "normalisedTitle")
            keys.Add(new ExclusiveKey("title:" + TitleKey.Of(title), LineCodes.Duplicate, policy.Clause?.Id));
        return keys;
    }
}

/// <summary>Days as ISO 8601 text.</summary>
internal static class Days
{
    public static string Text(NodaTime.LocalDate on) => NodaTime.Text.LocalDatePattern.Iso.Format(on);
}

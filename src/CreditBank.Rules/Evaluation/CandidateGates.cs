using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>The gates between sources and targets: each passes, or says what was seen and what was needed.</summary>
internal sealed class CandidateGates(RuleSet rules, SituationFacts facts, ProgrammeFacts programme)
{
    private readonly int? programmeRank = rules.RankOf(programme.Level);

    /// <summary>The clauses the last check let pass, in order.</summary>
    public List<string> Passed { get; } = [];

    public List<Finding> Check(
        Equivalence equivalence,
        SourcePattern[] patterns,
        PreparedOutcome[] sources,
        CourseFacts[] targets,
        decimal? similarity
    )
    {
        Passed.Clear();
        var findings = new List<Finding>();
        facts.Equivalence = equivalence;
        facts.Similarity = similarity;
        facts.Target = targets.Length > 0 ? targets[0] : null;
        facts.Outcome = sources[0];
        if (!equivalence.Period.Contains(facts.DayBy(equivalence.By)))
        {
            var on = Days.Text(facts.DayBy(equivalence.By));
            findings.Add(
                new Finding(LineResult.Miss, LineCodes.OutsidePeriod, equivalence.Id, on, Text(equivalence.Period))
            );
        }

        for (var i = 0; i < sources.Length; i++)
        {
            facts.Outcome = sources[i];
            CheckScore(patterns[i], sources[i], equivalence, findings);
            CheckLevel(sources[i], findings);
            CheckRefusals(targets, findings);
        }

        facts.Outcome = sources[0];
        CheckMean(equivalence, sources, findings);
        CheckSimilarity(equivalence, similarity, findings);
        CheckSize(sources, targets, findings);
        return findings;
    }

    /// <summary>The exclusions alone, for what an evaluator grants without a rule.</summary>
    public void CheckExclusions(
        PreparedOutcome[] sources,
        CourseFacts[] targets,
        decimal? similarity,
        List<Finding> findings
    )
    {
        facts.Equivalence = null;
        facts.Similarity = similarity;
        foreach (var source in sources)
        {
            facts.Outcome = source;
            CheckRefusals(targets, findings);
        }
    }

    private void CheckScore(
        SourcePattern pattern,
        PreparedOutcome source,
        Equivalence equivalence,
        List<Finding> findings
    )
    {
        var decided = rules.Clauses.Decide(Question.ScoreMinimum, facts);
        var minimum = pattern.ScoreMinimum ?? decided.Number;
        var clause = pattern.ScoreMinimum is null ? decided.Clause?.Id : equivalence.Id;
        if (minimum is not { } needed || (source.Facts.Certificate is not null && source.Facts.Grade is null))
            return;
        if (source.Score is not { } score)
        {
            var seen = source.Facts.Grade is { } grade ? grade.Scale + " " + grade.Value : "";
            findings.Add(new Finding(LineResult.Maybe, LineCodes.ScoreUnclear, clause, seen, Text(needed)));
        }
        else if (score.Value < needed)
        {
            findings.Add(new Finding(LineResult.Miss, LineCodes.ScoreLow, clause, score.ToString(), Text(needed)));
        }
        else
        {
            Pass(clause);
            Pass(source.ScoreClause);
        }
    }

    private void CheckLevel(PreparedOutcome source, List<Finding> findings)
    {
        var decided = rules.Clauses.Decide(Question.LevelGap, facts);
        if (decided.Word == "any")
            Pass(decided.Clause?.Id);
        if (decided.Word == "any" || programmeRank is not { } target)
            return;
        var gap = decided.Word[0] - '0';
        var needed = rules.Levels[Math.Max(0, target - gap - 1)].Id;
        if (source.Rank is not { } rank)
            findings.Add(
                new(LineResult.Maybe, LineCodes.LevelUnclear, decided.Clause?.Id, source.Facts.Level ?? "", needed)
            );
        else if (rank < target - gap)
            findings.Add(new(LineResult.Miss, LineCodes.LevelLow, decided.Clause?.Id, source.Level, needed));
        else
            Pass(decided.Clause?.Id);
    }

    private void CheckRefusals(CourseFacts[] targets, List<Finding> findings)
    {
        foreach (var clause in rules.Clauses.RefusingTargets)
        {
            foreach (var target in targets)
            {
                facts.Target = target;
                if (ClauseBook.Refusal(clause, facts) is not { } refusing)
                    continue;
                findings.Add(
                    new Finding(refusing.RefuseResult, refusing.RefuseCode!, refusing.Id, target.Code)
                    {
                        Refusing = refusing,
                    }
                );
                break;
            }
        }

        facts.Target = targets.Length > 0 ? targets[0] : null;
    }

    private void CheckMean(Equivalence equivalence, PreparedOutcome[] sources, List<Finding> findings)
    {
        var decided = rules.Clauses.Decide(Question.MeanMinimum, facts);
        if ((equivalence.MeanMinimum ?? decided.Number) is not { } needed || sources.Length < 2)
            return;
        var clause = equivalence.MeanMinimum is null ? decided.Clause?.Id : equivalence.Id;
        var weight = sources.Sum(source => (source.Worth ?? Credits.Zero).Value);
        if (weight == 0 || sources.Any(source => source.Score is null))
            return;
        var mean = sources.Sum(source => source.Score!.Value.Value * source.Worth!.Value.Value) / weight;
        if (mean < needed)
            findings.Add(
                new(LineResult.Miss, LineCodes.MeanLow, clause, Credits.Rounded(mean).ToString(), Text(needed))
            );
        else
            Pass(clause);
    }

    private void CheckSimilarity(Equivalence equivalence, decimal? similarity, List<Finding> findings)
    {
        var decided = rules.Clauses.Decide(Question.SimilarityMinimum, facts);
        if (decided.Number is not { } needed)
            return;
        var clause = decided.Clause?.Id;
        if (similarity is not { } measured)
            findings.Add(new(LineResult.Maybe, LineCodes.SimilarityUnknown, clause, "", Text(needed)));
        else if (measured < needed)
            findings.Add(new(LineResult.Maybe, LineCodes.SimilarityLow, clause, Text(measured), Text(needed)));
        else
            Pass(clause);
    }

    private void CheckSize(PreparedOutcome[] sources, CourseFacts[] targets, List<Finding> findings)
    {
        var decided = rules.Clauses.Decide(Question.SourceCoversTarget, facts);
        var unclear = Array.Exists(sources, source => source.Finding is { Code: LineCodes.UnitUnclear });
        if (decided.Word != "required" || targets.Length == 0 || unclear)
            return;
        var (brought, needed) = (
            sources.Sum(source => source.AvailableStandard),
            targets.Sum(target => target.Credits)
        );
        if (brought < needed)
        {
            var clause = decided.Clause?.Id;
            findings.Add(new(LineResult.Miss, LineCodes.SourceSmall, clause, brought.ToString(), needed.ToString()));
        }
        else
        {
            Pass(decided.Clause?.Id);
        }
    }

    private void Pass(string? clause)
    {
        if (clause is not null && !Passed.Contains(clause))
            Passed.Add(clause);
    }

    private static string Text(decimal number) => new Credits(number).ToString();

    private static string Text(Period period) =>
        (period.FromOn is { } from ? Days.Text(from) : "…") + "/" + (period.ToOn is { } to ? Days.Text(to) : "…");
}

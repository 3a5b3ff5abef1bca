using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// Recognises outcomes: normalises units and hours to the standard credit, places the level, counts leisure in points.
/// Pure; the same outcome under the same version gives the same bytes.
/// </summary>
public static class Recogniser
{
    /// <summary>What one outcome is worth under a rule set.</summary>
    public static Recognition Recognise(OutcomeFacts outcome, RuleSet rules)
    {
        var worth = Worth.Of(outcome, rules);
        var level = Placing.Of(outcome, rules);
        var points = worth.Points;
        var standard = outcome.Passed ? worth.Standard : Credits.Zero;
        var clauses = worth
            .Clauses.Append(level.Clause)
            .OfType<string>()
            .Select(clause => new Citation(rules.Version, clause))
            .ToList();
        var trace = Trace(outcome, rules, worth, level, standard);
        return new Recognition
        {
            RuleSet = rules.Reference,
            StandardCredits = standard,
            Points = points,
            SourceCredits = worth.Source,
            SourceUnit = worth.UnitId,
            Level = level.Level,
            Problem = worth.Problem ?? (points.IsPositive ? null : level.Problem),
            Clauses = clauses,
            Explanation = Explain(worth, level, standard),
            Trace = trace,
            TraceHash = CanonicalJson.Hash(trace),
        };
    }

    /// <summary>
    /// The sum of several outcomes in standard credit. Where the rule set rounds at the total, sums of one unit are
    /// taken before they are converted (RK-03); otherwise each is rounded and then added.
    /// </summary>
    public static Credits Total(IEnumerable<OutcomeFacts> outcomes, RuleSet rules)
    {
        var worths = outcomes.Where(outcome => outcome.Passed).Select(outcome => Worth.Of(outcome, rules)).ToList();
        if (!rules.Rounding.AtTotal)
            return worths.Sum(worth => worth.Standard);
        var exact = worths
            .GroupBy(worth => worth.Ratio)
            .Sum(group => group.Key.Of(group.Sum(worth => worth.Source.Value)));
        return rules.Rounding.Round(exact);
    }

    /// <summary>
    /// The levels of another framework that a level corresponds to. Empty means none is agreed; several mean that a
    /// person decides (RK-05).
    /// </summary>
    /// <returns>None where the rule set has no table between the two.</returns>
    public static IReadOnlyList<string>? Crosswalk(
        RuleSet rules,
        string fromFramework,
        string level,
        string toFramework
    )
    {
        foreach (var table in rules.Crosswalks)
        {
            if (table.From == fromFramework && table.To == toFramework)
                return table.Rows.GetValueOrDefault(level) ?? [];
        }

        return null;
    }

    private static BilingualText Explain(Worth worth, Placing level, Credits standard)
    {
        if (worth.Points.IsPositive)
            return new($"计 {worth.Points} 积分，不计学分。", $"Counts {worth.Points} points and no credit.");
        if (worth.Problem is not null)
        {
            return new(
                $"无法换算单位“{worth.UnitId}”，需人工认定。",
                $"The unit '{worth.UnitId}' cannot be converted; a person has to decide."
            );
        }

        return level.Level is { } placed
            ? new(
                $"认定 {standard} 标准学分，第 {placed} 级。",
                $"Recognised as {standard} standard credits at level {placed}."
            )
            : new(
                $"认定 {standard} 标准学分；级别需人工认定。",
                $"Recognised as {standard} standard credits; a person has to place the level."
            );
    }

    private static string Trace(OutcomeFacts outcome, RuleSet rules, Worth worth, Placing level, Credits standard) =>
        new JsonText()
            .BeginObject()
            .Field("ruleSet", rules.Version)
            .Field("hash", rules.Hash)
            .Field("outcome", outcome.OutcomeId)
            .Field("kind", outcome.Kind)
            .Field("source", worth.Source)
            .Field("unit", worth.UnitId)
            .Field("by", worth.By)
            .Field("standard", standard)
            .Field("points", worth.Points)
            .Field("levelStated", outcome.Level)
            .Field("level", level.Level)
            .Field("problem", worth.Problem ?? level.Problem)
            .Field("clauses", worth.Clauses)
            .EndObject()
            .Finish();
}

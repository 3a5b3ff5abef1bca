using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>A suggested grade; the home institution decides.</summary>
/// <param name="Source">The grade of the source.</param>
/// <param name="Home">The home grade that overlaps most; of equals the better one.</param>
/// <param name="Ties">All home grades that overlap equally, the best first; one when there is no tie.</param>
public sealed record SuggestedGrade(string Source, string Home, IReadOnlyList<string> Ties);

/// <summary>
/// Converts grades: by tables over the scale of 100, by distributions, and for the record of a programme.
/// </summary>
public static class GradeConversion
{
    /// <summary>The grade on another scale (RK-44).</summary>
    /// <returns>None when a scale is unknown or the value is not on it.</returns>
    public static string? Convert(RuleSet rules, GradeFacts grade, string toScale)
    {
        if (
            !rules.Scales.TryGetValue(grade.Scale, out var from)
            || !rules.Scales.TryGetValue(toScale, out var to)
            || from.Hundred(grade.Value) is not { } hundred
        )
        {
            return null;
        }

        if (to.Words.Count > 0)
            return to.WordFor(hundred);
        return Credits.Rounded(to.Min!.Value + hundred.Value * (to.Max!.Value - to.Min.Value) / 100).ToString();
    }

    /// <summary>
    /// The home grade for each source grade by the shares of passing grades (RK-45): the band that overlaps most;
    /// between equal bands the one better for the learner.
    /// </summary>
    /// <returns>None when a distribution is unknown.</returns>
    public static IReadOnlyList<SuggestedGrade>? ByDistribution(RuleSet rules, string source, string home)
    {
        if (
            !rules.Distributions.TryGetValue(source, out var from) || !rules.Distributions.TryGetValue(home, out var to)
        )
        {
            return null;
        }

        var suggestions = new List<SuggestedGrade>();
        var begin = 0m;
        foreach (var (grade, share) in from.Shares)
        {
            var ties = Overlapping(to, begin, begin + share);
            suggestions.Add(new SuggestedGrade(grade, ties[0], ties));
            begin += share;
        }

        return suggestions;
    }

    /// <summary>
    /// The credit-weighted mean of a programme's record (RK-46). How a converted line counts is the rule set's: not at
    /// all, as 90, or with the source's score. Lines without a score do not count.
    /// </summary>
    /// <returns>Rounded to four decimals; none when nothing counts.</returns>
    public static Credits? Mean(RuleSet rules, ProgrammeFacts programme, IEnumerable<GrantedLine> lines, LocalDate on)
    {
        var facts = new SituationFacts(rules, programme, new RequestDays(on, on, on));
        var (sum, weight) = (0m, 0m);
        foreach (var line in lines)
        {
            facts.Line = CountedLine.Of(line);
            var recorded = line.Converted ? rules.Clauses.Decide(Question.GradeRecorded, facts).Word : "source";
            Credits? score = recorded switch
            {
                "exempt" => null,
                "fixed90" => new Credits(90),
                _ => line.Score,
            };
            if (score is not { } counted)
                continue;
            sum += counted.Value * line.Credits.Value;
            weight += line.Credits.Value;
        }

        return weight == 0 ? null : Credits.Rounded(sum / weight);
    }

    private static List<string> Overlapping(GradeDistribution home, decimal begin, decimal end)
    {
        var (most, ties, from) = (-1m, new List<string>(), 0m);
        foreach (var (grade, share) in home.Shares)
        {
            var overlap = Math.Min(end, from + share) - Math.Max(begin, from);
            from += share;
            if (overlap < most)
                continue;
            if (overlap > most)
                ties.Clear();
            most = overlap;
            ties.Add(grade);
        }

        return ties;
    }
}

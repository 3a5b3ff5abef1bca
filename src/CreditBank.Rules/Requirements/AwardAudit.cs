using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>What an award asks for, measured against what stands in the programme.</summary>
public sealed record AwardRequest
{
    /// <summary>The programme of the award.</summary>
    public required ProgrammeFacts Programme { get; init; }

    /// <summary>All credit of the learner in it: studied there and converted.</summary>
    public required IReadOnlyList<GrantedLine> Lines { get; init; }

    /// <summary>The day of enrolment; none where the programme knows no enrolment.</summary>
    public LocalDate? EnrolledOn { get; init; }

    /// <summary>The day for which is asked.</summary>
    public required LocalDate On { get; init; }
}

/// <summary>The result of an audit of an award (RK-30 to RK-33).</summary>
/// <param name="Met">Whether every requirement is met on the day.</param>
/// <param name="Requirements">Each requirement that applies, ordered as the rule set orders them.</param>
/// <param name="EarliestOn">The first day on which the time of study is long enough; none where no time is asked
/// for.</param>
public sealed record AwardAudit(bool Met, IReadOnlyList<RequirementUse> Requirements, LocalDate? EarliestOn);

/// <summary>One requirement of an award.</summary>
/// <param name="Clause">The clause, with its version.</param>
/// <param name="Title">What is asked for.</param>
/// <param name="Needed">At least this much (inclusive), in standard credit or items.</param>
/// <param name="Has">What counts towards it.</param>
/// <param name="Missing">What is missing; zero when met.</param>
/// <param name="Explanation">The same in a person's words.</param>
public sealed record RequirementUse(
    Citation Clause,
    BilingualText Title,
    Credits Needed,
    Credits Has,
    Credits Missing,
    BilingualText Explanation
);

/// <summary>Audits what an award asks for: minima by kind, level and institution, and the time of study.</summary>
public static class AwardAudits
{
    /// <summary>Measures a programme's credit against the requirements of a rule set. Pure.</summary>
    public static AwardAudit Audit(AwardRequest request, RuleSet rules)
    {
        var days = new RequestDays(request.On, request.EnrolledOn ?? request.On, request.On);
        var facts = new SituationFacts(rules, request.Programme, days);
        var uses = new List<RequirementUse>();
        foreach (var requirement in rules.Requirements)
        {
            facts.Line = null;
            if (requirement.Applies.Holds(facts))
                uses.Add(Measure(requirement, request, rules, facts));
        }

        facts.Line = null;
        LocalDate? earliest = null;
        foreach (var time in rules.StudyTimes)
        {
            if (request.EnrolledOn is { } enrolled && time.Applies.Holds(facts))
            {
                var end = time.Minimum.After(enrolled);
                earliest = earliest is { } other && other > end ? other : end;
            }
        }

        var met = uses.All(use => use.Missing.IsZero) && (earliest is not { } on || on <= request.On);
        return new AwardAudit(met, uses, earliest);
    }

    private static RequirementUse Measure(Bound requirement, AwardRequest request, RuleSet rules, SituationFacts facts)
    {
        var has = Credits.Zero;
        foreach (var line in request.Lines)
        {
            facts.Line = CountedLine.Of(line);
            if (requirement.Counts.Holds(facts))
                has += requirement.Items is null ? line.Credits : new Credits(1);
        }

        var needed = Credits.Rounded(
            requirement.Amount ?? requirement.Items ?? request.Programme.TotalCredits.Value * requirement.Share!.Value
        );
        var missing = Credits.Max(Credits.Zero, needed - has);
        var text = missing.IsZero
            ? new BilingualText($"已有 {has}，需 {needed}：满足。", $"{has} of {needed}: met.")
            : new BilingualText($"已有 {has}，需 {needed}：还差 {missing}。", $"{has} of {needed}: {missing} short.");
        return new RequirementUse(
            new Citation(rules.Version, requirement.Id),
            requirement.Title,
            needed,
            has,
            missing,
            text
        );
    }
}

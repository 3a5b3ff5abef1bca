using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>The amount of an outcome in its own unit and in standard credit.</summary>
internal sealed record Worth(
    Credits Source,
    string UnitId,
    Credits Standard,
    Credits Points,
    Ratio Ratio,
    string By,
    string? Problem,
    IReadOnlyList<string> Clauses
)
{
    /// <summary>
    /// No outcome is worth more, in any unit; what claims to be goes to a person. It keeps sums over many outcomes far
    /// from the largest amount.
    /// </summary>
    public const decimal AmountMax = 1_000_000;

    /// <summary>
    /// A certificate of the directory is worth what the directory says; then credits count, then hours.
    /// </summary>
    public static Worth Of(OutcomeFacts outcome, RuleSet rules)
    {
        if (DirectoryEntry(outcome, rules) is { } entry)
            return OfCertificate(outcome, entry, rules);
        if (outcome.Credits is { } credits)
            return OfCredits(outcome, credits, rules);
        if (outcome.Activities.Count > 0)
            return OfActivities(outcome.Activities, rules);
        if (outcome.Hours is { } hours)
            return OfActivities([new ActivityFacts(DefaultActivity(outcome, rules), hours)], rules);
        return Unclear(outcome.Unit ?? rules.StandardUnit, Credits.Zero);
    }

    private static CertificateEntry? DirectoryEntry(OutcomeFacts outcome, RuleSet rules)
    {
        if (outcome.Certificate is not { } certificate)
            return null;
        CertificateEntry? found = null;
        foreach (var entry in rules.Certificates)
        {
            if (
                entry.Code == certificate.Code
                && (entry.CertificateLevel is null || entry.CertificateLevel == certificate.Level)
                && entry.Period.Contains(outcome.CompletedOn)
                && (found is null || entry.CertificateLevel is not null)
            )
            {
                found = entry;
            }
        }

        return found;
    }

    /// <summary>
    /// The certificate's own amount, where one is recorded, is exchanged for the directory's value as a whole.
    /// </summary>
    private static Worth OfCertificate(OutcomeFacts outcome, CertificateEntry entry, RuleSet rules)
    {
        var unit =
            outcome.Unit is { } name && rules.Units.TryGetValue(name, out var known) ? known.Id : rules.StandardUnit;
        var own = outcome.Credits is { IsPositive: true } credits ? credits : (Credits?)null;
        var source = own ?? entry.Credits;
        var ratio = own is null || entry.Credits.IsZero ? Ratio.One : new Ratio(entry.Credits.Value, source.Value);
        return new Worth(
            source,
            own is null ? rules.StandardUnit : unit,
            entry.Credits,
            Credits.Zero,
            ratio,
            "certificate",
            null,
            [entry.Id]
        );
    }

    private static Worth OfCredits(OutcomeFacts outcome, Credits credits, RuleSet rules)
    {
        var name = outcome.Unit ?? rules.StandardUnit;
        if (!rules.Units.TryGetValue(name, out var unit))
            return Unclear(name, credits);
        if (unit.Points)
            return new Worth(credits, unit.Id, Credits.Zero, credits, Ratio.One, "points", null, []);
        if (decimal.Round(credits.Value, unit.Decimals) != credits.Value)
            return Unclear(unit.Id, credits);
        var (factor, clause) = ExperienceFactor(outcome, rules);
        var ratio = unit.WorthAt(outcome.InstitutionId).Times(new Ratio(factor, 1));
        if (credits.Value > AmountMax || ratio.Of(credits.Value) > AmountMax)
            return Unclear(unit.Id, Credits.Zero);
        var same = ratio.Numerator == ratio.Denominator;
        var standard = same ? credits : rules.Rounding.Round(ratio.Of(credits.Value));
        return new Worth(
            credits,
            unit.Id,
            standard,
            Credits.Zero,
            ratio,
            "credits",
            null,
            clause is null ? [] : [clause]
        );
    }

    private static (decimal Factor, string? Clause) ExperienceFactor(OutcomeFacts outcome, RuleSet rules)
    {
        (decimal Factor, string? Clause) found = (1, null);
        if (outcome.ExperienceYears is not { } years)
            return found;
        foreach (var step in rules.Experience)
        {
            if (years.Value >= step.YearsFrom)
                found = (step.Factor, step.Id);
        }

        return found;
    }

    /// <summary>Each activity is rounded on its own, then they are added (RK-01).</summary>
    private static Worth OfActivities(IReadOnlyList<ActivityFacts> activities, RuleSet rules)
    {
        var (credit, points) = (Credits.Zero, Credits.Zero);
        foreach (var activity in activities)
        {
            if (!rules.Activities.TryGetValue(activity.Activity, out var entry))
                return Unclear(activity.Activity, Credits.Zero);
            var amount = activity.Amount.Value / entry.PerCredit;
            if (amount > AmountMax)
                return Unclear(activity.Activity, Credits.Zero);
            if (entry.Points)
                points += Credits.Rounded(amount);
            else
                credit += rules.Rounding.Round(amount);
        }

        return credit.IsZero && points.IsPositive
            ? new Worth(points, PointsUnit(rules), Credits.Zero, points, Ratio.One, "activities", null, [])
            : new Worth(credit, rules.StandardUnit, credit, points, Ratio.One, "activities", null, []);
    }

    private static string PointsUnit(RuleSet rules) =>
        rules
            .Units.Values.Where(unit => unit.Points)
            .Select(unit => unit.Id)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault()
        ?? rules.StandardUnit;

    /// <summary>Bare hours are hours of the activity named after the kind, or of <c>theory</c>.</summary>
    private static string DefaultActivity(OutcomeFacts outcome, RuleSet rules) =>
        rules.Activities.ContainsKey(outcome.Kind) ? outcome.Kind : "theory";

    private static Worth Unclear(string unit, Credits source) =>
        new(source, unit, Credits.Zero, Credits.Zero, Ratio.One, "unclear", LineCodes.UnitUnclear, []);
}

using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>The versions that may judge one outcome, and what made it so.</summary>
internal sealed record BoundOutcome(OutcomeFacts Facts, IReadOnlyList<RuleSet> Versions, string By, Citation? Clause)
{
    /// <summary>The agreement that guarantees the version; none where none does.</summary>
    public AgreementFacts? Agreement { get; init; }
}

/// <summary>
/// Picks versions (RK-38 to RK-41). The version in the lead is the one asked for, else the one in force at the
/// application; it sets the binding policy. An agreement binds before a transition, a transition before the policy.
/// </summary>
internal static class VersionBinding
{
    public static RuleSet? Lead(EvaluationRequest request, RuleSetCatalog catalog, RequestDays days)
    {
        if (request.RuleSetVersion is { } asked)
            return catalog.Find(asked);
        var family = request.Programme.RuleSetFamily;
        var lead = catalog.InForce(family, days.AppliedOn);
        return lead?.Binding switch
        {
            BindingPolicy.AtDecision => catalog.InForce(family, days.DecidedOn) ?? lead,
            BindingPolicy.AtEnrolment => catalog.InForce(family, days.EnrolledOn) ?? lead,
            _ => lead,
        };
    }

    public static BoundOutcome Bind(
        OutcomeFacts outcome,
        EvaluationRequest request,
        RequestDays days,
        RuleSet lead,
        RuleSetCatalog catalog
    )
    {
        if (request.RuleSetVersion is not null)
            return new BoundOutcome(outcome, [lead], "asked", null);
        if (lead.HonoursAgreements && AgreementFor(outcome, request) is { } agreement)
        {
            if (catalog.Find(agreement.RuleSetVersion) is { } agreed)
                return new BoundOutcome(outcome, [agreed], "agreement", null) { Agreement = agreement };
        }

        var facts = new SituationFacts(lead, request.Programme, days) { Outcome = PreparedOutcome.Bare(outcome) };
        foreach (var transition in lead.Transitions)
        {
            if (transition.When.Holds(facts) && catalog.Find(transition.Use) is { } earlier)
                return new BoundOutcome(outcome, [earlier], "transition", new Citation(lead.Version, transition.Id));
        }

        return ByPolicyOf(outcome, request, days, lead, catalog);
    }

    private static BoundOutcome ByPolicyOf(
        OutcomeFacts outcome,
        EvaluationRequest request,
        RequestDays days,
        RuleSet lead,
        RuleSetCatalog catalog
    ) =>
        lead.Binding is BindingPolicy.AtEarning or BindingPolicy.MostFavourable
            ? new(outcome, [.. ByPolicy(outcome, request, days, lead, catalog)], Name(lead.Binding), null)
            : new(outcome, [lead], Name(lead.Binding), null);

    private static IEnumerable<RuleSet> ByPolicy(
        OutcomeFacts outcome,
        EvaluationRequest request,
        RequestDays days,
        RuleSet lead,
        RuleSetCatalog catalog
    )
    {
        var family = request.Programme.RuleSetFamily;
        var inForce = lead.Binding switch
        {
            BindingPolicy.AtEarning => [catalog.InForce(family, outcome.CompletedOn)],
            BindingPolicy.MostFavourable =>
            [
                catalog.InForce(family, outcome.CompletedOn),
                catalog.InForce(family, days.EnrolledOn),
                catalog.InForce(family, days.AppliedOn),
                catalog.InForce(family, days.DecidedOn),
            ],
            _ => (RuleSet?[])[lead],
        };
        return inForce
            .OfType<RuleSet>()
            .DistinctBy(rules => rules.Version)
            .OrderBy(rules => rules.EffectiveFromOn)
            .ThenBy(rules => rules.Version, StringComparer.Ordinal);
    }

    private static AgreementFacts? AgreementFor(OutcomeFacts outcome, EvaluationRequest request) =>
        request
            .Agreements.Where(agreement =>
                agreement.InstitutionId == outcome.InstitutionId
                && (
                    agreement.CourseCodes.Count == 0
                    || agreement.CourseCodes.Contains(outcome.CourseCode ?? outcome.Certificate?.Code ?? "")
                )
            )
            .OrderBy(agreement => agreement.AgreementId, StringComparer.Ordinal)
            .FirstOrDefault();

    private static string Name(BindingPolicy policy) =>
        policy switch
        {
            BindingPolicy.AtEarning => "atEarning",
            BindingPolicy.AtEnrolment => "atEnrolment",
            BindingPolicy.AtDecision => "atDecision",
            BindingPolicy.MostFavourable => "mostFavourable",
            _ => "atApplication",
        };
}

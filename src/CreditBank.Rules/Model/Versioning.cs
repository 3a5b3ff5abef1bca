using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>Which day picks the version that judges an outcome (RK-38).</summary>
public enum BindingPolicy
{
    /// <summary>The day the outcome was earned.</summary>
    AtEarning,

    /// <summary>The day of enrolment at the receiving institution.</summary>
    AtEnrolment,

    /// <summary>The day of the application.</summary>
    AtApplication,

    /// <summary>The day of the decision.</summary>
    AtDecision,

    /// <summary>Every version of those days; the one that grants the learner most decides.</summary>
    MostFavourable,
}

/// <summary>What a published mistake means for decisions already taken (RK-42).</summary>
public enum ErratumMode
{
    /// <summary>Only later decisions see the correction.</summary>
    Prospective,

    /// <summary>Earlier decisions are taken up again where the learner gains.</summary>
    ReopenIfBeneficial,

    /// <summary>Earlier decisions are corrected in either direction, with notice and the right to appeal.</summary>
    VoidAbInitio,
}

/// <summary>A mistake in a published version and how it is put right.</summary>
/// <param name="Id">The clause's id.</param>
/// <param name="Of">The version that was wrong.</param>
/// <param name="Clause">The clause or equivalence that was wrong.</param>
/// <param name="Mode">What it means for decisions taken under it.</param>
/// <param name="Text">What was wrong, for people.</param>
public sealed record ErratumNotice(string Id, string Of, string Clause, ErratumMode Mode, BilingualText Text);

/// <summary>Lets an earlier version decide in a transition (RK-39).</summary>
internal sealed record Transition(
    string Id,
    Condition When,
    string Use,
    BilingualText Title,
    IReadOnlyList<string> Cites
);

/// <summary>Where a value comes from.</summary>
/// <param name="Id">What values cite.</param>
/// <param name="Title">For people; begins with ASSUMPTION where nothing better was at hand.</param>
/// <param name="Link">An address or a place in print; none where there is none.</param>
/// <param name="Assumption">Whether the value is assumed.</param>
public sealed record RuleSource(string Id, string Title, string? Link, bool Assumption);

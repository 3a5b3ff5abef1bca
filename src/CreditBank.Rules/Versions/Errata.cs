using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>A decision taken under a rule that was wrong.</summary>
/// <param name="DecisionId">Names the decision, such as a transfer's id.</param>
/// <param name="Decided">What was granted, in standard credit.</param>
/// <param name="Corrected">What the corrected rule grants.</param>
public sealed record DecisionUnderError(string DecisionId, Credits Decided, Credits Corrected);

/// <summary>What an erratum does to one decision.</summary>
/// <param name="DecisionId">The decision.</param>
/// <param name="Change">Added to (or, negative, taken from) what was granted.</param>
/// <param name="Notice">Whether the learner is told.</param>
/// <param name="MayAppeal">Whether the learner may appeal.</param>
public sealed record ErratumEffect(string DecisionId, Credits Change, bool Notice, bool MayAppeal);

/// <summary>What errata do to decisions already taken (RK-42).</summary>
public static class Errata
{
    /// <summary>The effects, ordered by decision; decisions that stay as they are do not appear.</summary>
    public static IReadOnlyList<ErratumEffect> Effects(ErratumMode mode, IEnumerable<DecisionUnderError> decisions) =>
        [
            .. decisions
                .Where(decision => Applies(mode, decision))
                .OrderBy(decision => decision.DecisionId, StringComparer.Ordinal)
                .Select(decision => new ErratumEffect(
                    decision.DecisionId,
                    decision.Corrected - decision.Decided,
                    Notice: true,
                    MayAppeal: true
                )),
        ];

    private static bool Applies(ErratumMode mode, DecisionUnderError decision) =>
        mode switch
        {
            ErratumMode.ReopenIfBeneficial => decision.Corrected > decision.Decided,
            ErratumMode.VoidAbInitio => decision.Corrected != decision.Decided,
            _ => false,
        };
}

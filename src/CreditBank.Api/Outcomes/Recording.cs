using CreditBank.Api.RuleSets;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Outcomes;

/// <summary>
/// Turns an issuer's record into events: what was recorded, and what it is worth under the rule set in force when it
/// is recorded (rulings 15). Deterministic for the same record, day and rule sets.
/// </summary>
public sealed class Recording(RuleSetLibrary library, ShippedRuleSets shipped)
{
    /// <summary>The events of a first revision, or why it cannot be.</summary>
    public Decision<IReadOnlyList<object>> First(
        string outcomeId,
        OutcomeRecord record,
        OutcomeSource source,
        LocalDate recordedOn
    ) => RecordingDecider.First(outcomeId, record, source, RulesOn(recordedOn), recordedOn);

    /// <summary>The events of a higher revision, or why it cannot be.</summary>
    public Decision<OutcomeEvents> Revise(
        OutcomeStanding standing,
        OutcomeRecord record,
        string reason,
        string? noteId,
        OutcomeSource? source,
        LocalDate recordedOn
    ) => RecordingDecider.Revise(standing, record, reason, noteId, source, RulesOn(recordedOn), recordedOn);

    private RuleSet RulesOn(LocalDate on) => library.InForce(shipped.Family, on);
}

/// <summary>Whether an outcome earned anything.</summary>
public static class OutcomeResults
{
    /// <summary>It earned its credit.</summary>
    public const string Passed = "passed";

    /// <summary>It is recorded and earns none.</summary>
    public const string Failed = "failed";

    /// <summary>Both.</summary>
    public static readonly IReadOnlyList<string> All = [Passed, Failed];
}

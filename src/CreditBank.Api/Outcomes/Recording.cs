using CreditBank.Api.Expiry;
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
    )
    {
        var recognised = Recognise(outcomeId, record, null, recordedOn);
        if (!recognised.Is(out var worth, out var refusal))
        {
            return refusal;
        }

        var recorded = new OutcomeRecorded(outcomeId, record, source);
        return worth.ExpiresOn <= recordedOn
            ? new List<object>([recorded, worth, .. ExpiringCredit.Following(null, [worth], recordedOn)])
            : new List<object> { recorded, worth };
    }

    /// <summary>
    /// The events of a higher revision, or why it cannot be. What is held or converted stays as long as the new worth
    /// covers it; otherwise everything that rests on the outcome is taken back first, and nothing is granted again
    /// without being asked for.
    /// </summary>
    public Decision<OutcomeEvents> Revise(
        OutcomeStanding standing,
        OutcomeRecord record,
        string reason,
        string? noteId,
        OutcomeSource? source,
        LocalDate recordedOn
    )
    {
        var position = standing.Position;
        if (CorrectionDecider.MayNot(position, record) is { } refusal)
        {
            return refusal;
        }

        var recognition = Recognise(position.OutcomeId, record, position.Recognition, recordedOn);
        return recognition.Is(out var recognised, out var unknown)
            ? CorrectionDecider.Decide(
                standing,
                new OutcomeCorrected(position.OutcomeId, record, reason, noteId, source),
                recognised,
                recordedOn
            )
            : unknown;
    }

    /// <summary>
    /// A certificate that the directory does not know is recorded and worth nothing; for anything else the unit is an
    /// error of the sender.
    /// </summary>
    private Decision<OutcomeRecognised> Recognise(
        string outcomeId,
        OutcomeRecord record,
        OutcomeRecognised? before,
        LocalDate recordedOn
    )
    {
        var rules = RulesOn(recordedOn);
        var facts = RuleFacts.Of(outcomeId, record);
        var recognition = Recogniser.Recognise(facts, rules);
        if (recognition.Problem == LineCodes.UnitUnclear && record.Certificate is null)
        {
            return UnknownUnit;
        }

        var passed = record.Result == OutcomeResults.Passed;
        var replaces = before is { Value.IsNothing: false } ? before.Value : null;
        var term = passed ? Rules.Expiry.TermOf(facts, rules) : null;
        return new OutcomeRecognised(
            outcomeId,
            recognition.RuleSet.Version,
            [.. recognition.Clauses.Select(citation => citation.Clause)],
            recognition.Level,
            passed
                ? new Worth(recognition.SourceCredits, recognition.SourceUnit, recognition.StandardCredits)
                : Worth.Nothing(recognition.SourceUnit),
            replaces,
            record.InstitutionId,
            record.CompletedOn,
            replaces is null ? null : before!.EffectiveOn
        )
        {
            ExpiresOn = term?.On,
            ExpiryClause = term?.Clause?.Clause,
        };
    }

    private RuleSet RulesOn(LocalDate on) => library.InForce(shipped.Family, on);

    private static readonly Refusal UnknownUnit = new(
        "record.unit",
        RefusalKind.Rule,
        new BilingualText(
            "现行规则集不认识该单位，或小数位超出该单位所允许。",
            "The rule set in force does not know the unit, or the unit has fewer decimals."
        )
    );
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

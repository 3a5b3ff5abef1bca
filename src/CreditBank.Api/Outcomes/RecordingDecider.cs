using CreditBank.Api.Expiry;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Outcomes;

/// <summary>Turns an issuer's record into events under a version of the rules. Pure.</summary>
public static class RecordingDecider
{
    /// <summary>The events of a first revision, or why it cannot be.</summary>
    public static Decision<IReadOnlyList<object>> First(
        string outcomeId,
        OutcomeRecord record,
        OutcomeSource source,
        RuleSet rules,
        LocalDate recordedOn
    )
    {
        var recognised = Recognise(outcomeId, record, null, rules);
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
    public static Decision<OutcomeEvents> Revise(
        OutcomeStanding standing,
        OutcomeRecord record,
        string reason,
        string? noteId,
        OutcomeSource? source,
        RuleSet rules,
        LocalDate recordedOn
    )
    {
        var position = standing.Position;
        if (CorrectionDecider.MayNot(position, record) is { } refusal)
        {
            return refusal;
        }

        var recognition = Recognise(position.OutcomeId, record, position.Recognition, rules);
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
    private static Decision<OutcomeRecognised> Recognise(
        string outcomeId,
        OutcomeRecord record,
        OutcomeRecognised? before,
        RuleSet rules
    )
    {
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

    private static readonly Refusal UnknownUnit = new(
        "record.unit",
        RefusalKind.Rule,
        new BilingualText(
            "现行规则集不认识该单位，或小数位超出该单位所允许。",
            "The rule set in force does not know the unit, or the unit has fewer decimals."
        )
    );
}

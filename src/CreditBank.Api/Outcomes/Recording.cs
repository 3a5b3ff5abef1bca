using CreditBank.Api.Accounts;
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
        return recognised.Is(out var worth, out var refusal)
            ? new List<object> { new OutcomeRecorded(outcomeId, record, source), worth }
            : refusal;
    }

    /// <summary>The events of a higher revision, or why it cannot be.</summary>
    public Decision<IReadOnlyList<object>> Revise(
        OutcomePosition position,
        OutcomeRecord record,
        string reason,
        string? noteId,
        OutcomeSource? source,
        LocalDate recordedOn
    )
    {
        if (position.Status != OutcomeStatus.Recorded)
        {
            return Ended with { State = position.Status.ToString().ToLowerInvariant() };
        }

        if (record.Revision <= position.Record.Revision)
        {
            return OldRevision;
        }

        var recognition = Recognise(position.OutcomeId, record, position.Recognition?.Value, recordedOn);
        if (!recognition.Is(out var recognised, out var refusal))
        {
            return refusal;
        }

        if (!position.IsUntouched && !SameWorth(position.Recognition?.Value, recognised.Value))
        {
            return InUse;
        }

        return new List<object>
        {
            new OutcomeCorrected(position.OutcomeId, record, reason, noteId, source),
            recognised,
        };
    }

    /// <summary>
    /// A certificate that the directory does not know is recorded and worth nothing; for anything else the unit is an
    /// error of the sender.
    /// </summary>
    private Decision<OutcomeRecognised> Recognise(
        string outcomeId,
        OutcomeRecord record,
        Worth? replaces,
        LocalDate recordedOn
    )
    {
        var recognition = Recogniser.Recognise(RuleFacts.Of(outcomeId, record), RulesOn(recordedOn));
        if (recognition.Problem == LineCodes.UnitUnclear && record.Certificate is null)
        {
            return UnknownUnit;
        }

        var passed = record.Result == OutcomeResults.Passed;
        return new OutcomeRecognised(
            outcomeId,
            recognition.RuleSet.Version,
            [.. recognition.Clauses.Select(citation => citation.Clause)],
            recognition.Level,
            passed
                ? new Worth(recognition.SourceCredits, recognition.SourceUnit, recognition.StandardCredits)
                : Worth.Nothing(recognition.SourceUnit),
            replaces is { IsNothing: false } ? replaces : null,
            record.InstitutionId,
            record.CompletedOn
        );
    }

    private RuleSet RulesOn(LocalDate on) => library.InForce(shipped.Family, on);

    private static bool SameWorth(Worth? before, Worth after) => before == after;

    private static readonly Refusal UnknownUnit = new(
        "record.unit",
        RefusalKind.Rule,
        new BilingualText(
            "现行规则集不认识该单位，或小数位超出该单位所允许。",
            "The rule set in force does not know the unit, or the unit has fewer decimals."
        )
    );

    private static readonly Refusal Ended = new(
        "outcome.ended",
        RefusalKind.Conflict,
        new BilingualText("该成果已撤回或撤销。", "The outcome was withdrawn or revoked.")
    );

    private static readonly Refusal OldRevision = new(
        "record.revision",
        RefusalKind.Conflict,
        new BilingualText("已有相同或更高的修订号。", "A revision as high or higher is recorded already.")
    );

    private static readonly Refusal InUse = new(
        "outcome.inUse",
        RefusalKind.Conflict,
        new BilingualText(
            "该成果的学分已被占用或转换，不能改变其学分。",
            "Credit of this outcome is held or converted; its worth cannot be changed."
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

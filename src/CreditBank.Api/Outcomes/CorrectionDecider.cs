using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Outcomes;

/// <summary>Decides on higher revisions of a record, once the rules have recognised the new facts. Pure.</summary>
public static class CorrectionDecider
{
    /// <summary>Why a revision cannot be taken; none when it can.</summary>
    public static Refusal? MayNot(OutcomePosition position, OutcomeRecord record) =>
        OutcomeDecider.Ended(position) ?? (record.Revision <= position.Record.Revision ? OldRevision : null);

    /// <summary>
    /// The correction. What is held or converted stays as long as the new worth covers it; otherwise everything that
    /// rests on the outcome is taken back first, and nothing is granted again without being asked for.
    /// </summary>
    /// <param name="standing">The outcome as it stands, and what rests on it.</param>
    /// <param name="corrected">The new record.</param>
    /// <param name="recognised">What the rules make of it.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static OutcomeEvents Decide(
        OutcomeStanding standing,
        OutcomeCorrected corrected,
        OutcomeRecognised recognised,
        LocalDate today
    )
    {
        var position = standing.Position;
        var unwound = Covers(recognised.Value, position)
            ? new OutcomeEvents([], [])
            : Unwinding.Of(standing, UnwindingCauses.Corrected, today);
        if (recognised.Replaces is not null && !position.IsUnmoved)
        {
            // The old worth goes when the new one is there and no later day is left on which some of it was elsewhere.
            var removedOn = LocalDate.Max(Unwinding.RemovedOn(position, today), corrected.Record.CompletedOn);
            recognised = recognised with { ReplacesOn = removedOn };
        }

        IReadOnlyList<object> events =
        [
            .. ExpiringCredit.Undo(position, UnwindingCauses.Corrected),
            .. unwound.OfAccount,
            corrected,
            recognised,
        ];
        return unwound with { OfAccount = [.. events, .. ExpiringCredit.Following(standing.Account, events, today)] };
    }

    /// <summary>
    /// Whether a worth covers what is in use in both measures, and leaves nothing in one of them alone.
    /// </summary>
    private static bool Covers(Worth value, OutcomePosition position)
    {
        var used = position.InUse;
        return used.IsNothing
            || value.Unit == used.Unit
                && value.Amount >= used.Amount
                && value.Standard >= used.Standard
                && (value.Amount == used.Amount) == (value.Standard == used.Standard);
    }

    private static readonly Refusal OldRevision = new(
        "record.revision",
        RefusalKind.Conflict,
        new BilingualText("已有相同或更高的修订号。", "A revision as high or higher is recorded already.")
    );
}

using System.Globalization;
using CreditBank.Api.Accounts;
using CreditBank.Api.Awards;
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
        OutcomeDecider.Ended(position)
        ?? (record.Revision <= position.Record.Revision ? OldRevision(position.Record.Revision) : null);

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
        var unwound =
            !Covers(recognised.Value, position) ? Unwinding.Of(standing, UnwindingCauses.Corrected, today)
            : IsOther(position, corrected.Record, recognised.Value) ? new OutcomeEvents(Reviews(standing, today), [])
            : new OutcomeEvents([], []);
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

    /// <summary>An award may count the outcome as it is, and then nothing of it is in use.</summary>
    private static List<object> Reviews(OutcomeStanding standing, LocalDate today) =>
        [.. AwardDecider.ReviewsOf(standing.Account, standing.Position.OutcomeId, UnwindingCauses.Corrected, today)];

    /// <summary>Whether a requirement may see another outcome now: less worth, or another fact than worth.</summary>
    private static bool IsOther(OutcomePosition position, OutcomeRecord after, Worth value)
    {
        var worth = position.Recognition?.Value;
        return worth is not null
                && (value.Unit != worth.Unit || value.Amount < worth.Amount || value.Standard < worth.Standard)
            || Facts(position.Record) != Facts(after);

        static OutcomeRecord Facts(OutcomeRecord record) =>
            record with
            {
                Revision = 0,
                Title = string.Empty,
                Credits = Credits.Zero,
                Hours = null,
            };
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

    private static Refusal OldRevision(int stands) =>
        new(
            "record.revision",
            RefusalKind.Conflict,
            new BilingualText("已有相同或更高的修订号。", "A revision as high or higher is recorded already.")
        )
        {
            State = stands.ToString(CultureInfo.InvariantCulture),
        };
}

using CreditBank.Api.Accounts;
using CreditBank.Api.Expiry;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Outcomes;

/// <summary>
/// Decides on withdrawals and revocations; corrections are decided in <see cref="CorrectionDecider"/>. What rests on
/// the outcome is taken back first, then all of its worth is taken away. Pure.
/// </summary>
public static class OutcomeDecider
{
    /// <summary>The withdrawal of what should not have been posted.</summary>
    /// <param name="standing">The outcome as it stands, and what rests on it.</param>
    /// <param name="reason">One of <see cref="CorrectionReasons"/>.</param>
    /// <param name="noteId">The words of the reason, in the vault; none where none were given.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<OutcomeEvents> Withdraw(
        OutcomeStanding standing,
        string reason,
        string? noteId,
        LocalDate today
    ) =>
        End(
            standing,
            UnwindingCauses.Withdrawn,
            today,
            (position, worth, on) =>
                new OutcomeWithdrawn(position.OutcomeId, reason, noteId, worth, position.Record.InstitutionId, on)
        );

    /// <summary>The revocation of what was rightly posted and no longer holds.</summary>
    /// <param name="standing">The outcome as it stands, and what rests on it.</param>
    /// <param name="reason">One of <see cref="CorrectionReasons"/>.</param>
    /// <param name="noteId">The words of the reason, in the vault; none where none were given.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<OutcomeEvents> Revoke(
        OutcomeStanding standing,
        string reason,
        string? noteId,
        LocalDate today
    ) =>
        End(
            standing,
            UnwindingCauses.Revoked,
            today,
            (position, worth, on) =>
                new OutcomeRevoked(position.OutcomeId, reason, noteId, worth, position.Record.InstitutionId, on)
        );

    /// <summary>Why nothing more can happen to an outcome; none while it stands.</summary>
    public static Refusal? Ended(OutcomePosition position) =>
        position.Status == OutcomeStatus.Recorded ? null : AlreadyEnded with { State = StateOf(position.Status) };

    /// <summary>How a status is called over HTTP.</summary>
    public static string StateOf(OutcomeStatus status) => status.ToString().ToLowerInvariant();

    private static Decision<OutcomeEvents> End(
        OutcomeStanding standing,
        string cause,
        LocalDate today,
        Func<OutcomePosition, Worth, LocalDate, object> ended
    )
    {
        var position = standing.Position;
        if (Ended(position) is { } refusal)
        {
            return refusal;
        }

        var unwound = Unwinding.Of(standing, cause, today);
        var worth = position.Available + position.InUse + position.Expired;
        IReadOnlyList<object> events =
        [
            .. ExpiringCredit.Undo(position, cause),
            .. unwound.OfAccount,
            ended(position, worth, Unwinding.RemovedOn(position, today)),
        ];
        return unwound with { OfAccount = [.. events, .. ExpiringCredit.Following(standing.Account, events, today)] };
    }

    private static readonly Refusal AlreadyEnded = new(
        "outcome.ended",
        RefusalKind.Conflict,
        new BilingualText("该成果已撤回或撤销。", "The outcome was withdrawn or revoked.")
    );
}

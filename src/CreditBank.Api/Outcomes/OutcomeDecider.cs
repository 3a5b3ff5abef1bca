using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;

namespace CreditBank.Api.Outcomes;

/// <summary>
/// Decides on withdrawals and revocations; corrections are decided in <see cref="Recording.Revise"/>. What is still
/// available is taken away; what is held for a transfer or was converted stays where it is. Pure.
/// </summary>
public static class OutcomeDecider
{
    /// <summary>The withdrawal of what should not have been posted.</summary>
    /// <param name="position">The outcome as it stands.</param>
    /// <param name="reason">One of <see cref="CorrectionReasons"/>.</param>
    /// <param name="noteId">The words of the reason, in the vault; none where none were given.</param>
    public static Decision<IReadOnlyList<object>> Withdraw(OutcomePosition position, string reason, string? noteId) =>
        Ended(position) is { } refusal
            ? refusal
            : new List<object>
            {
                new OutcomeWithdrawn(
                    position.OutcomeId,
                    reason,
                    noteId,
                    position.Available,
                    position.Record.InstitutionId,
                    TrueFrom(position)
                ),
            };

    /// <summary>The revocation of what was rightly posted and no longer holds.</summary>
    /// <param name="position">The outcome as it stands.</param>
    /// <param name="reason">One of <see cref="CorrectionReasons"/>.</param>
    /// <param name="noteId">The words of the reason, in the vault; none where none were given.</param>
    public static Decision<IReadOnlyList<object>> Revoke(OutcomePosition position, string reason, string? noteId) =>
        Ended(position) is { } refusal
            ? refusal
            : new List<object>
            {
                new OutcomeRevoked(
                    position.OutcomeId,
                    reason,
                    noteId,
                    position.Available,
                    position.Record.InstitutionId,
                    TrueFrom(position)
                ),
            };

    /// <summary>Why nothing more can happen to an outcome; none while it stands.</summary>
    public static Refusal? Ended(OutcomePosition position) =>
        position.Status == OutcomeStatus.Recorded ? null : AlreadyEnded with { State = StateOf(position.Status) };

    /// <summary>How a status is called over HTTP.</summary>
    public static string StateOf(OutcomeStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>What is taken back is taken back from the day it was true (rulings 18).</summary>
    private static LocalDate TrueFrom(OutcomePosition position) =>
        position.Recognition?.EffectiveOn ?? position.Record.CompletedOn;

    private static readonly Refusal AlreadyEnded = new(
        "outcome.ended",
        RefusalKind.Conflict,
        new BilingualText("该成果已撤回或撤销。", "The outcome was withdrawn or revoked.")
    );
}

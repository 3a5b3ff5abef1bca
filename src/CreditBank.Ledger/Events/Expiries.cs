using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>
/// Time ended what was still available of outcomes; what was converted stays, and what is held for an open transfer
/// stays until it is released. Nothing of it can be asked for any more.
/// </summary>
/// <param name="Lines">What expired, an outcome a line.</param>
/// <param name="EffectiveOn">
/// The first day on which it could not be used, or the day on which it came free after that.
/// </param>
public sealed record CreditExpired(IReadOnlyList<ExpiredLine> Lines, LocalDate EffectiveOn);

/// <summary>What expired of one outcome.</summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Expired">How much of it.</param>
/// <param name="RuleSetVersion">The version that recognised it and sets its term.</param>
/// <param name="Clause">The clause that sets the term.</param>
public sealed record ExpiredLine(string OutcomeId, Worth Expired, string RuleSetVersion, string? Clause);

/// <summary>
/// What had expired of an outcome is available again, because the record itself was corrected or ended, or a panel
/// reopened the decision that had let go of it; what becomes of it follows in the same commit.
/// </summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Restored">How much.</param>
/// <param name="Cause">Why: one of <see cref="UnwindingCauses"/>.</param>
/// <param name="EffectiveOn">The day of the expiry that it takes back.</param>
public sealed record ExpiryReversed(string OutcomeId, Worth Restored, string Cause, LocalDate EffectiveOn);

/// <summary>The learner was told that credit will expire. Moves nothing.</summary>
/// <param name="Lines">What will expire, an outcome a line.</param>
/// <param name="WarnedOn">The day in Shanghai.</param>
public sealed record ExpiryWarned(IReadOnlyList<WarnedLine> Lines, LocalDate WarnedOn);

/// <summary>What will expire of one outcome.</summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Expiring">What of it was available or held when the learner was told.</param>
/// <param name="ExpiresOn">The first day on which it cannot be used.</param>
public sealed record WarnedLine(string OutcomeId, Worth Expiring, LocalDate ExpiresOn);

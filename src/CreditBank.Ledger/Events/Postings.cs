using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>Credit was set aside for a transfer, so that no other transfer can ask for it.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="Lines">What was set aside, an outcome a line.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record CreditHeld(string TransferId, IReadOnlyList<HeldLine> Lines, LocalDate EffectiveOn);

/// <summary>What is set aside of one outcome.</summary>
/// <param name="OutcomeId">The outcome.</param>
/// <param name="Held">How much of it.</param>
public sealed record HeldLine(string OutcomeId, Worth Held);

/// <summary>What was set aside for a transfer is available again.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="Lines">What was released, an outcome a line.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record HoldReleased(string TransferId, IReadOnlyList<HeldLine> Lines, LocalDate EffectiveOn);

/// <summary>
/// Held credit became credit of a programme. For each line: held credit debited = converted + forfeited, in the
/// source's unit; granted in the programme's unit. What stays held beyond this is released by an event beside it.
/// </summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="Lines">What was converted.</param>
/// <param name="EffectiveOn">The day in Shanghai.</param>
public sealed record CreditConverted(
    string TransferId,
    string InstitutionId,
    string ProgrammeId,
    IReadOnlyList<ConvertedLine> Lines,
    LocalDate EffectiveOn
);

/// <summary>One line of a conversion.</summary>
/// <param name="Line">The proposal's line.</param>
/// <param name="RuleSetVersion">The version that decided it.</param>
/// <param name="Clauses">The clauses cited for it, also where a person decided.</param>
/// <param name="Debits">What left the outcomes.</param>
/// <param name="Grants">What the programme gained.</param>
public sealed record ConvertedLine(
    int Line,
    string RuleSetVersion,
    IReadOnlyList<string> Clauses,
    IReadOnlyList<Debit> Debits,
    IReadOnlyList<Grant> Grants
);

/// <summary>
/// Lines of a conversion never count any more, because an outcome in them ended or lost worth, or because a panel took
/// them back. Each line is taken back whole: what was converted and forfeited is available again, also of the other
/// outcomes in it, and what was granted is gone, so that its courses are open. A line is reversed at most once.
/// </summary>
/// <param name="TransferId">The transfer whose conversion it was.</param>
/// <param name="InstitutionId">The receiving institution.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="Lines">The lines as they were posted.</param>
/// <param name="CausedBy">The outcome that changed, or the appeal.</param>
/// <param name="Cause">What happened: one of <see cref="UnwindingCauses"/>.</param>
/// <param name="EffectiveOn">The day of the conversion.</param>
public sealed record ConversionReversed(
    string TransferId,
    string InstitutionId,
    string ProgrammeId,
    IReadOnlyList<ConvertedLine> Lines,
    string CausedBy,
    string Cause,
    LocalDate EffectiveOn
);

/// <summary>Why what rests on an outcome is taken back.</summary>
public static class UnwindingCauses
{
    /// <summary>The outcome is now worth less than what was used of it, or counts in another unit.</summary>
    public const string Corrected = "corrected";

    /// <summary>The issuer took the outcome back.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>The issuer revoked the outcome.</summary>
    public const string Revoked = "revoked";

    /// <summary>A panel varied the decision.</summary>
    public const string Varied = "varied";

    /// <summary>Two accounts of one person had filled the same course.</summary>
    public const string Merged = "merged";

    /// <summary>A panel reopened the decision after which credit had ended.</summary>
    public const string Reopened = "reopened";
}

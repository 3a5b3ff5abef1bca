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

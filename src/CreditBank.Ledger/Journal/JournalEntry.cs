using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Ledger.Journal;

/// <summary>
/// One side of a posting. Within an event, and within each <see cref="Measure"/> and unit, the amounts add up to zero.
/// </summary>
/// <param name="Account">Which account of the chart.</param>
/// <param name="Owner">
/// Whose: the outcome for a learner's accounts, the institution for issued credit, the transfer for the exchange,
/// institution and programme for granted credit, the merge for what changes accounts.
/// </param>
/// <param name="Measure">Whether the amount is in the source's unit or in standard credit.</param>
/// <param name="Unit">The unit; <see cref="DoubleEntry.StandardUnit"/> for standard credit.</param>
/// <param name="Amount">Positive for a debit, negative for a credit.</param>
/// <param name="EffectiveOn">The day from which it is true.</param>
public readonly record struct JournalEntry(
    ChartAccount Account,
    string Owner,
    Measure Measure,
    string Unit,
    Credits Amount,
    LocalDate EffectiveOn
);

/// <summary>The chart of accounts.</summary>
public enum ChartAccount
{
    /// <summary>Learner: may be asked for in a transfer.</summary>
    Available,

    /// <summary>Learner: set aside for a transfer.</summary>
    Held,

    /// <summary>Learner: lost by rule in a conversion.</summary>
    Forfeited,

    /// <summary>Learner: ended by time.</summary>
    Expired,

    /// <summary>Learner: revoked by the issuer.</summary>
    Revoked,

    /// <summary>
    /// Between units: what was converted in the source's unit, against what was granted in the target's.
    /// </summary>
    Exchange,

    /// <summary>Programme: credit granted to the learner.</summary>
    Granted,

    /// <summary>Institution: credit it issued; the equity side.</summary>
    Issued,

    /// <summary>
    /// Merge: between two accounts of one person, what the one handed over against what the other took over. Zero over
    /// both books together.
    /// </summary>
    Merged,
}

/// <summary>In which measure an amount stands. The two are never added up.</summary>
public enum Measure
{
    /// <summary>The issuer's or the programme's own unit.</summary>
    Source,

    /// <summary>Standard credit of the framework.</summary>
    Standard,
}

using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>
/// A person got an account for life. Who the person is stands in the identity vault and nowhere else. First event of
/// the account's stream.
/// </summary>
/// <param name="AccountId">The account; also the stream's key.</param>
/// <param name="OpenedBy">The institution or branch that opened it; none when the bank's operator did.</param>
/// <param name="IdentityProof">How sure the identity is: <c>document</c> or <c>institution</c>.</param>
/// <param name="OpenedOn">The day in Shanghai.</param>
public sealed record AccountOpened(string AccountId, string? OpenedBy, string IdentityProof, LocalDate OpenedOn);

/// <summary>The learner allowed an institution to see the account.</summary>
/// <param name="ConsentId">The consent, unique within the account.</param>
/// <param name="InstitutionId">Who may see it.</param>
/// <param name="Scope">What may be seen: <c>outcomes</c> or <c>account</c>.</param>
/// <param name="FromOn">The first day, inclusive.</param>
/// <param name="ToOn">The day it ends, exclusive; none means until withdrawn.</param>
public sealed record ConsentGranted(
    string ConsentId,
    string InstitutionId,
    string Scope,
    LocalDate FromOn,
    LocalDate? ToOn
);

/// <summary>The learner took a consent back. What was lawfully seen before stays lawful.</summary>
/// <param name="ConsentId">The consent.</param>
/// <param name="WithdrawnOn">The day in Shanghai from which it no longer holds.</param>
public sealed record ConsentWithdrawn(string ConsentId, LocalDate WithdrawnOn);

/// <summary>
/// The person behind the account must stay known for a time, such as for a lawsuit: no erasure while it stands.
/// </summary>
/// <param name="HoldId">The legal hold, unique within the account.</param>
/// <param name="NoteId">Why, in the vault.</param>
/// <param name="SetOn">The day in Shanghai.</param>
public sealed record LegalHoldSet(string HoldId, string NoteId, LocalDate SetOn);

/// <summary>A legal hold ended.</summary>
/// <param name="HoldId">The legal hold.</param>
/// <param name="LiftedOn">The day in Shanghai.</param>
public sealed record LegalHoldLifted(string HoldId, LocalDate LiftedOn);

/// <summary>
/// The key of the person behind the account was destroyed, and with it everything that tells who it was. What the
/// ledger knows of the account stays: outcomes, balances, hashes. Nothing new is asked of the account.
/// </summary>
/// <param name="Reason">Why: one of <see cref="ErasureReasons"/>.</param>
/// <param name="ErasedOn">The day in Shanghai.</param>
public sealed record PersonErased(string Reason, LocalDate ErasedOn);

/// <summary>Why a person is erased (PIPL, article 47).</summary>
public static class ErasureReasons
{
    /// <summary>All reasons, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "request",
        "consentWithdrawn",
        "purposeMet",
        "retentionOver",
        Unlawful,
    ];

    /// <summary>It should never have been recorded: no term keeps it.</summary>
    public const string Unlawful = "unlawful";
}

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

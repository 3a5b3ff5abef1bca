using NodaTime;

namespace CreditBank.Ledger.Events;

/// <summary>A certificate was claimed for a learner. First event of the claim's stream.</summary>
/// <param name="ClaimId">The claim; also the stream's key.</param>
/// <param name="AccountId">The learner's account.</param>
/// <param name="ProviderId">The provider that claims; none when the learner does.</param>
/// <param name="RecordId">The claimant's own id of the record.</param>
/// <param name="Kind">The kind of outcome it becomes, such as <c>qualificationCertificate</c>.</param>
/// <param name="Title">The certificate's title.</param>
/// <param name="Certificate">What it says about itself.</param>
/// <param name="NumberNoteId">Its number, in the vault.</param>
/// <param name="Evidence">What supports it.</param>
/// <param name="SubmittedOn">The day in Shanghai.</param>
/// <param name="DueOn">The last day of the service target, inclusive.</param>
/// <param name="EarlierClaimId">
/// The claim that had the same certificate for somebody who was erased since; none where nobody had.
/// </param>
public sealed record ClaimSubmitted(
    string ClaimId,
    string AccountId,
    string? ProviderId,
    string RecordId,
    string Kind,
    string Title,
    CertificateRecord Certificate,
    string NumberNoteId,
    IReadOnlyList<EvidenceItem> Evidence,
    LocalDate SubmittedOn,
    LocalDate DueOn,
    string? EarlierClaimId = null
);

/// <summary>A piece of evidence, named by what it is. Its title stands in the vault.</summary>
/// <param name="Sha256">SHA-256 of its bytes, lower-case hexadecimal.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="NoteId">Its title, in the vault.</param>
public sealed record EvidenceItem(string Sha256, string MediaType, string? NoteId);

/// <summary>A verifier found the certificate to be real; the outcome is recorded in the same commit.</summary>
/// <param name="ClaimId">The claim.</param>
/// <param name="OutcomeId">The outcome it became.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record ClaimVerified(string ClaimId, string OutcomeId, string NoteId, LocalDate DecidedOn);

/// <summary>Who claimed took the claim back; the certificate's number is free again.</summary>
/// <param name="ClaimId">The claim.</param>
/// <param name="WithdrawnOn">The day in Shanghai.</param>
public sealed record ClaimWithdrawn(string ClaimId, LocalDate WithdrawnOn);

/// <summary>A verifier found the certificate not to be what it claims.</summary>
/// <param name="ClaimId">The claim.</param>
/// <param name="NoteId">The reason, in the vault.</param>
/// <param name="DecidedOn">The day in Shanghai.</param>
public sealed record ClaimRejected(string ClaimId, string NoteId, LocalDate DecidedOn);

using CreditBank.Ledger.Events;
using JasperFx.Events;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.Claims;

/// <summary>A certificate claim as it stands: the state of its stream in the account's book.</summary>
public sealed record CertificateClaim
{
    /// <summary>The claim; also the stream's key.</summary>
    public required string Id { get; init; }

    /// <summary>The learner's account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The provider that claims; none when the learner does.</summary>
    public string? ProviderId { get; init; }

    /// <summary>One of <see cref="ClaimStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>The due day and the id: the order of every list, the oldest due first.</summary>
    public required string SortKey { get; init; }

    /// <summary>Who submitted it, by pseudonym.</summary>
    public string? SubmittedBy { get; init; }

    /// <summary>What was submitted.</summary>
    public required ClaimSubmitted Submitted { get; init; }

    /// <summary>The outcome it became.</summary>
    public string? OutcomeId { get; init; }

    /// <summary>The reason of the decision, in the vault.</summary>
    public string? ReasonNoteId { get; init; }

    /// <summary>The day of the decision, or of the withdrawal.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>The stream's version.</summary>
    public long Version { get; set; }

    /// <summary>Those that still wait although their due day, inclusive, is over.</summary>
    public static IQueryable<CertificateClaim> Overdue(IQueryable<CertificateClaim> claims, LocalDate today)
    {
        var day = LocalDatePattern.Iso.Format(today);
        return claims.Where(claim => claim.State == ClaimStates.Submitted && claim.SortKey.CompareTo(day) < 0);
    }

    /// <summary>The first state.</summary>
    public static CertificateClaim Create(IEvent<ClaimSubmitted> submitted) =>
        new()
        {
            Id = submitted.StreamKey!,
            AccountId = submitted.Data.AccountId,
            ProviderId = submitted.Data.ProviderId,
            State = ClaimStates.Submitted,
            SortKey = $"{LocalDatePattern.Iso.Format(submitted.Data.DueOn)}/{submitted.Data.ClaimId}",
            SubmittedBy = submitted.UserName,
            Submitted = submitted.Data,
        };

    /// <summary>Folds.</summary>
    public CertificateClaim Apply(ClaimVerified verified) =>
        this with
        {
            State = ClaimStates.Verified,
            OutcomeId = verified.OutcomeId,
            ReasonNoteId = verified.NoteId,
            DecidedOn = verified.DecidedOn,
        };

    /// <summary>Folds.</summary>
    public CertificateClaim Apply(ClaimRejected rejected) =>
        this with
        {
            State = ClaimStates.Rejected,
            ReasonNoteId = rejected.NoteId,
            DecidedOn = rejected.DecidedOn,
        };

    /// <summary>Folds.</summary>
    public CertificateClaim Apply(ClaimWithdrawn withdrawn) =>
        this with
        {
            State = ClaimStates.Withdrawn,
            DecidedOn = withdrawn.WithdrawnOn,
        };
}

/// <summary>The states of a claim.</summary>
public static class ClaimStates
{
    /// <summary>It waits for a verifier.</summary>
    public const string Submitted = "submitted";

    /// <summary>It became an outcome.</summary>
    public const string Verified = "verified";

    /// <summary>The certificate is not what the claim says; its number is free again.</summary>
    public const string Rejected = "rejected";

    /// <summary>Who claimed took it back; the certificate's number is free again.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>All states.</summary>
    public static readonly IReadOnlyList<string> All = [Submitted, Verified, Rejected, Withdrawn];
}

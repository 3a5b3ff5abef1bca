using CreditBank.Api.Access;
using CreditBank.Api.Outcomes;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using NodaTime;
using Period = CreditBank.Kernel.Period;

namespace CreditBank.Api.Claims;

/// <summary>Decides on certificate claims. Pure.</summary>
public static class ClaimDecider
{
    /// <summary>The service target: a claim is decided within so many working days.</summary>
    public const int WorkingDays = 15;

    /// <summary>The claim, or why it cannot be.</summary>
    /// <param name="facts">What is claimed; its shape is right.</param>
    /// <param name="today">The day in Shanghai.</param>
    /// <param name="calendar">The bank's working days.</param>
    public static Decision<ClaimSubmitted> Submit(ClaimFacts facts, LocalDate today, WorkingCalendar calendar)
    {
        var certificate = facts.Certificate;
        if (certificate.IssuedOn > today)
        {
            return IssuedLater;
        }

        var scope = facts.Accreditation;
        if (!new Period(scope.FromOn, scope.ToOn).Contains(certificate.IssuedOn))
        {
            return OutsidePeriod;
        }

        if (!scope.Kinds.Contains(facts.Kind) || !scope.CoversLevel(facts.RecognisedLevel))
        {
            return OutsideScope;
        }

        return new ClaimSubmitted(
            facts.ClaimId,
            facts.AccountId,
            facts.ProviderId,
            facts.RecordId,
            facts.Kind,
            facts.Title,
            certificate,
            facts.NumberNoteId,
            facts.Evidence,
            today,
            calendar.DueOn(today, WorkingDays),
            facts.EarlierClaimId
        );
    }

    /// <summary>What a verifier's decision becomes, or why it cannot be.</summary>
    /// <param name="claim">The claim as it stands.</param>
    /// <param name="verifierId">Who decides, by pseudonym.</param>
    /// <param name="verified">Whether the certificate is real.</param>
    /// <param name="noteId">The reason, in the vault.</param>
    /// <param name="today">The day in Shanghai.</param>
    public static Decision<object> Decide(
        CertificateClaim claim,
        string verifierId,
        bool verified,
        string noteId,
        LocalDate today
    )
    {
        if (MayNotDecide(claim, verifierId) is { } refusal)
        {
            return refusal;
        }

        return verified
            ? new ClaimVerified(claim.Id, OutcomeIdOf(claim), noteId, today)
            : new ClaimRejected(claim.Id, noteId, today);
    }

    /// <summary>Who claimed takes it back, while it is not decided.</summary>
    public static Decision<ClaimWithdrawn> Withdraw(CertificateClaim claim, LocalDate today) =>
        claim.State == ClaimStates.Submitted
            ? new ClaimWithdrawn(claim.Id, today)
            : Decided with
            {
                State = claim.State,
            };

    /// <summary>Why this verifier cannot decide this claim now; none when nothing stands in the way.</summary>
    public static Refusal? MayNotDecide(CertificateClaim claim, string verifierId) =>
        claim.SubmittedBy == verifierId ? AccessRefusals.FourEyes
        : claim.State != ClaimStates.Submitted ? Decided with { State = claim.State }
        : null;

    /// <summary>The outcome a claim becomes.</summary>
    public static string OutcomeIdOf(CertificateClaim claim)
    {
        var (institution, record) = IssuerOf(claim.Submitted);
        return LedgerId.Outcome(claim.AccountId, institution, record);
    }

    /// <summary>
    /// The record a claim becomes. Its size is left to the rule set's directory of certificates.
    /// </summary>
    /// <param name="submitted">The claim.</param>
    /// <param name="standardUnit">The unit of standard credit in the rule set that recognises it.</param>
    public static OutcomeRecord RecordOf(ClaimSubmitted submitted, string standardUnit)
    {
        var (institution, record) = IssuerOf(submitted);
        return RecordOf(institution, record, submitted.Kind, submitted.Title, submitted.Certificate, standardUnit);
    }

    /// <summary>The record a certificate becomes.</summary>
    public static OutcomeRecord RecordOf(
        string institutionId,
        string recordId,
        string kind,
        string title,
        CertificateRecord certificate,
        string standardUnit
    ) =>
        new()
        {
            InstitutionId = institutionId,
            RecordId = recordId,
            Revision = 1,
            Kind = kind,
            CourseCode = certificate.Code,
            Title = title,
            Credits = Credits.Zero,
            Unit = standardUnit,
            Result = OutcomeResults.Passed,
            CompletedOn = certificate.IssuedOn,
            Certificate = certificate,
        };

    /// <summary>
    /// Who vouches for the outcome, and under which record id: the provider under its own; for a learner's claim the
    /// certificate's issuer, under the claim's id, so that no learner can take an issuer's record id.
    /// </summary>
    private static (string InstitutionId, string RecordId) IssuerOf(ClaimSubmitted submitted) =>
        submitted.ProviderId is { } provider
            ? (provider, submitted.RecordId)
            : (submitted.Certificate.IssuerId, submitted.ClaimId);

    private static readonly Refusal IssuedLater = new(
        "claim.issuedLater",
        RefusalKind.Rule,
        new BilingualText("颁发日期在今天之后。", "The day of issue is still to come.")
    )
    {
        Pointer = "/certificate/issuedOn",
    };

    private static readonly Refusal OutsidePeriod = new(
        "claim.accreditationPeriod",
        RefusalKind.Rule,
        new BilingualText("颁发日期不在机构的认可期内。", "The institution was not accredited on the day of issue.")
    )
    {
        Pointer = "/certificate/issuedOn",
    };

    private static readonly Refusal OutsideScope = new(
        "claim.accreditationScope",
        RefusalKind.Rule,
        new BilingualText(
            "该类别或级别不在机构的认可范围内。",
            "The institution is not accredited for this kind or level."
        )
    );

    private static readonly Refusal Decided = new(
        "claim.decided",
        RefusalKind.Conflict,
        new BilingualText("该申请已有结论。", "The claim is decided already.")
    );
}

/// <summary>What the decision on a new claim rests on.</summary>
public sealed record ClaimFacts
{
    /// <summary>The claim's new id.</summary>
    public required string ClaimId { get; init; }

    /// <summary>The learner's account.</summary>
    public required string AccountId { get; init; }

    /// <summary>The provider that claims; none when the learner does.</summary>
    public string? ProviderId { get; init; }

    /// <summary>The claimant's own id.</summary>
    public required string RecordId { get; init; }

    /// <summary>The kind of outcome.</summary>
    public required string Kind { get; init; }

    /// <summary>The certificate's title.</summary>
    public required string Title { get; init; }

    /// <summary>The certificate.</summary>
    public required CertificateRecord Certificate { get; init; }

    /// <summary>Its number, in the vault.</summary>
    public required string NumberNoteId { get; init; }

    /// <summary>What supports it.</summary>
    public required IReadOnlyList<EvidenceItem> Evidence { get; init; }

    /// <summary>The claim that had the certificate for somebody who was erased since.</summary>
    public string? EarlierClaimId { get; init; }

    /// <summary>What the institution that vouches may issue.</summary>
    public required Accreditation Accreditation { get; init; }

    /// <summary>The level the rule set in force gives the certificate; none where it has none.</summary>
    public string? RecognisedLevel { get; init; }
}

using NodaTime;

namespace CreditBank.Api.Notices;

/// <summary>
/// Somebody is told that something happened: which event, about what. It names and quotes nobody; whoever may see the
/// subject reads it there. A learner's notices lie in the account's book, an institution's in the registry book.
/// </summary>
public sealed class Notice
{
    /// <summary>The event and who is told: <see cref="IdOf"/>.</summary>
    public required string Id { get; init; }

    /// <summary>The event it tells of; the same for everyone who is told.</summary>
    public required Guid EventId { get; init; }

    /// <summary>Who is told: an account's or an institution's id.</summary>
    public required string RecipientId { get; init; }

    /// <summary>One of <see cref="NoticeTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>
    /// What it is about: the id of a transfer, claim, outcome or institution, or the recipient's own account. Of an
    /// erasure the event's, because nothing may lead to the person.
    /// </summary>
    public required string SubjectId { get; init; }

    /// <summary>When the event was recorded.</summary>
    public required Instant RecordedAt { get; init; }

    /// <summary>The instant and the event: lists show the oldest first.</summary>
    public required string Place { get; init; }

    /// <summary>The id of a notice.</summary>
    public static string IdOf(Guid eventId, string recipientId) => $"{eventId:n}/{recipientId}";
}

/// <summary>What is told of, by the event's stored name.</summary>
public static class NoticeTypes
{
    /// <summary>Who is told of an event, by the event's stored name.</summary>
    public static readonly IReadOnlyDictionary<string, (string Type, Audience Audience)> ByEvent = new Dictionary<
        string,
        (string, Audience)
    >
    {
        ["transfer_submitted"] = ("transfer.submitted", Audience.Receiver),
        ["information_requested"] = ("transfer.informationRequested", Audience.Learner),
        ["information_given"] = ("transfer.informationGiven", Audience.Receiver),
        ["transfer_approved"] = ("transfer.approved", Audience.Learner | Audience.Receiver | Audience.Issuers),
        ["transfer_returned"] = ("transfer.returned", Audience.Learner | Audience.Receiver),
        ["transfer_rejected"] = ("transfer.rejected", Audience.Learner | Audience.Receiver),
        ["transfer_withdrawn"] = ("transfer.withdrawn", Audience.Receiver),
        ["transfer_lapsed"] = ("transfer.lapsed", Audience.Learner | Audience.Receiver),
        ["transfer_lines_voided"] = ("transfer.linesVoided", Audience.Learner | Audience.Receiver),
        ["transfer_reopened"] = ("transfer.reopened", Audience.Learner | Audience.Receiver),
        ["appeal_filed"] = ("appeal.filed", Audience.Receiver),
        ["appeal_admitted"] = ("appeal.admitted", Audience.Learner | Audience.Receiver),
        ["appeal_dismissed"] = ("appeal.dismissed", Audience.Learner | Audience.Receiver),
        ["appeal_decided"] = ("appeal.decided", Audience.Learner | Audience.Receiver),
        ["prior_learning_submitted"] = ("priorLearning.submitted", Audience.Receiver),
        ["prior_learning_assessed"] = ("priorLearning.assessed", Audience.Receiver),
        ["prior_learning_recognised"] = ("priorLearning.recognised", Audience.Learner),
        ["prior_learning_refused"] = ("priorLearning.refused", Audience.Learner),
        ["prior_learning_withdrawn"] = ("priorLearning.withdrawn", Audience.Receiver),
        ["learning_agreement_proposed"] = ("agreement.proposed", Audience.Receiver),
        ["learning_agreement_approved"] = ("agreement.approved", Audience.Learner),
        ["learning_agreement_rejected"] = ("agreement.rejected", Audience.Learner),
        ["learning_agreement_withdrawn"] = ("agreement.withdrawn", Audience.Receiver),
        ["claim_submitted"] = ("claim.submitted", Audience.Issuers),
        ["claim_verified"] = ("claim.verified", Audience.Learner | Audience.Provider),
        ["claim_rejected"] = ("claim.rejected", Audience.Learner | Audience.Provider),
        ["claim_withdrawn"] = ("claim.withdrawn", Audience.Learner | Audience.Issuers),
        ["outcome_corrected"] = ("outcome.corrected", Audience.Learner | Audience.Granters),
        ["outcome_withdrawn"] = ("outcome.withdrawn", Audience.Learner | Audience.Granters),
        ["outcome_revoked"] = ("outcome.revoked", Audience.Learner | Audience.Granters),
        ["award_conferred"] = ("award.conferred", Audience.Learner),
        ["award_review_opened"] = ("award.reviewOpened", Audience.Learner | Audience.Receiver),
        ["award_upheld"] = ("award.upheld", Audience.Learner),
        ["award_rescinded"] = ("award.rescinded", Audience.Learner),
        ["accounts_merged"] = ("account.merged", Audience.Learner),
        ["accounts_unmerged"] = ("account.unmerged", Audience.Learner),
        ["outcome_taken_over"] = ("outcome.takenOver", Audience.Receiver),
        ["conversion_taken_over"] = ("transfer.takenOver", Audience.Receiver),
        ["award_taken_over"] = ("award.takenOver", Audience.Receiver),
        ["person_erased"] = ("account.erased", Audience.Issuers),
        ["institution_suspended"] = ("institution.suspended", Audience.Receiver | Audience.Issuers),
        ["institution_reinstated"] = ("institution.reinstated", Audience.Receiver | Audience.Issuers),
        ["accreditation_changed"] = ("institution.accreditationChanged", Audience.Receiver | Audience.Issuers),
        ["institution_merged"] = ("institution.merged", Audience.Receiver | Audience.Issuers),
        ["credit_expired"] = ("credit.expired", Audience.Learner),
        ["expiry_warned"] = ("credit.expiring", Audience.Learner),
    };

    /// <summary>All types, in order; what a webhook may ask for.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        .. ByEvent.Values.Select(told => told.Type).Distinct().Order(StringComparer.Ordinal),
    ];
}

/// <summary>Who is told.</summary>
[Flags]
public enum Audience
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>The learner of the account.</summary>
    Learner = 1,

    /// <summary>
    /// The institution that receives the transfer, or conferred the award; whose outcome was taken over; that changed.
    /// </summary>
    Receiver = 2,

    /// <summary>
    /// The institutions that issued what is in play; that have a stake in an account; that depend on one that changed.
    /// </summary>
    Issuers = 4,

    /// <summary>The provider that claimed.</summary>
    Provider = 8,

    /// <summary>The institutions that had granted credit for the outcome, when it changed.</summary>
    Granters = 16,
}

using CreditBank.Ledger.Events;

namespace CreditBank.Ledger;

/// <summary>Every kind of event the ledger knows, under the name it is stored by. A name is never used again.</summary>
public static class EventCatalogue
{
    /// <summary>Stored name to record type.</summary>
    public static readonly IReadOnlyDictionary<string, Type> TypesByName = new Dictionary<string, Type>
    {
        ["account_opened"] = typeof(AccountOpened),
        ["consent_granted"] = typeof(ConsentGranted),
        ["consent_withdrawn"] = typeof(ConsentWithdrawn),
        ["legal_hold_set"] = typeof(LegalHoldSet),
        ["legal_hold_lifted"] = typeof(LegalHoldLifted),
        ["person_erased"] = typeof(PersonErased),
        ["merge_proposed"] = typeof(MergeProposed),
        ["merge_declined"] = typeof(MergeDeclined),
        ["merge_confirmed"] = typeof(MergeConfirmed),
        ["merge_undone"] = typeof(MergeUndone),
        ["accounts_merged"] = typeof(AccountsMerged),
        ["accounts_unmerged"] = typeof(AccountsUnmerged),
        ["outcome_handed_over"] = typeof(OutcomeHandedOver),
        ["outcome_taken_over"] = typeof(OutcomeTakenOver),
        ["conversion_handed_over"] = typeof(ConversionHandedOver),
        ["conversion_taken_over"] = typeof(ConversionTakenOver),
        ["award_handed_over"] = typeof(AwardHandedOver),
        ["award_taken_over"] = typeof(AwardTakenOver),
        ["award_review_taken_over"] = typeof(AwardReviewTakenOver),
        ["duplicate_decided"] = typeof(DuplicateDecided),
        ["outcome_recorded"] = typeof(OutcomeRecorded),
        ["outcome_recognised"] = typeof(OutcomeRecognised),
        ["outcome_corrected"] = typeof(OutcomeCorrected),
        ["outcome_withdrawn"] = typeof(OutcomeWithdrawn),
        ["outcome_revoked"] = typeof(OutcomeRevoked),
        ["credit_held"] = typeof(CreditHeld),
        ["hold_released"] = typeof(HoldReleased),
        ["credit_converted"] = typeof(CreditConverted),
        ["conversion_reversed"] = typeof(ConversionReversed),
        ["credit_expired"] = typeof(CreditExpired),
        ["expiry_reversed"] = typeof(ExpiryReversed),
        ["expiry_warned"] = typeof(ExpiryWarned),
        ["award_conferred"] = typeof(AwardConferred),
        ["award_review_opened"] = typeof(AwardReviewOpened),
        ["award_upheld"] = typeof(AwardUpheld),
        ["award_rescinded"] = typeof(AwardRescinded),
        ["prior_learning_submitted"] = typeof(PriorLearningSubmitted),
        ["prior_learning_assessed"] = typeof(PriorLearningAssessed),
        ["prior_learning_recognised"] = typeof(PriorLearningRecognised),
        ["prior_learning_refused"] = typeof(PriorLearningRefused),
        ["prior_learning_withdrawn"] = typeof(PriorLearningWithdrawn),
        ["claim_submitted"] = typeof(ClaimSubmitted),
        ["claim_verified"] = typeof(ClaimVerified),
        ["claim_rejected"] = typeof(ClaimRejected),
        ["claim_withdrawn"] = typeof(ClaimWithdrawn),
        ["learning_agreement_proposed"] = typeof(LearningAgreementProposed),
        ["learning_agreement_approved"] = typeof(LearningAgreementApproved),
        ["learning_agreement_rejected"] = typeof(LearningAgreementRejected),
        ["learning_agreement_withdrawn"] = typeof(LearningAgreementWithdrawn),
        ["transfer_submitted"] = typeof(TransferSubmitted),
        ["transfer_evaluated"] = typeof(TransferEvaluated),
        ["maybe_lines_decided"] = typeof(MaybeLinesDecided),
        ["information_requested"] = typeof(InformationRequested),
        ["information_given"] = typeof(InformationGiven),
        ["transfer_approved"] = typeof(TransferApproved),
        ["transfer_returned"] = typeof(TransferReturned),
        ["transfer_rejected"] = typeof(TransferRejected),
        ["transfer_withdrawn"] = typeof(TransferWithdrawn),
        ["appeal_filed"] = typeof(AppealFiled),
        ["appeal_admitted"] = typeof(AppealAdmitted),
        ["appeal_dismissed"] = typeof(AppealDismissed),
        ["appeal_decided"] = typeof(AppealDecided),
        ["transfer_reopened"] = typeof(TransferReopened),
        ["transfer_lapsed"] = typeof(TransferLapsed),
        ["transfer_lines_voided"] = typeof(TransferLinesVoided),
        ["institution_registered"] = typeof(InstitutionRegistered),
        ["institution_suspended"] = typeof(InstitutionSuspended),
        ["institution_reinstated"] = typeof(InstitutionReinstated),
        ["accreditation_changed"] = typeof(AccreditationChanged),
        ["institution_merged"] = typeof(InstitutionMerged),
        ["programme_published"] = typeof(ProgrammePublished),
        ["rule_set_drafted"] = typeof(RuleSetDrafted),
        ["rule_set_published"] = typeof(RuleSetPublished),
        ["rule_set_retired"] = typeof(RuleSetRetired),
        ["erratum_published"] = typeof(ErratumPublished),
    };

    /// <summary>
    /// The kinds of event that move no credit and may be all that a transaction adds to an account. They tell when the
    /// past up to them was closed. What is always recorded together with credit (a record beside its recognition) is
    /// left out, because it has the same instant; so is the opening, which is the first event.
    /// </summary>
    public static readonly IReadOnlyList<Type> StandingAlone =
    [
        typeof(ConsentGranted),
        typeof(ConsentWithdrawn),
        typeof(LegalHoldSet),
        typeof(LegalHoldLifted),
        typeof(PersonErased),
        typeof(AccountsMerged),
        typeof(AccountsUnmerged),
        typeof(ExpiryWarned),
        typeof(AwardConferred),
        typeof(AwardReviewOpened),
        typeof(AwardUpheld),
        typeof(AwardRescinded),
    ];
}

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
        ["claim_submitted"] = typeof(ClaimSubmitted),
        ["claim_verified"] = typeof(ClaimVerified),
        ["claim_rejected"] = typeof(ClaimRejected),
        ["transfer_submitted"] = typeof(TransferSubmitted),
        ["transfer_evaluated"] = typeof(TransferEvaluated),
        ["maybe_lines_decided"] = typeof(MaybeLinesDecided),
        ["information_requested"] = typeof(InformationRequested),
        ["information_given"] = typeof(InformationGiven),
        ["transfer_approved"] = typeof(TransferApproved),
        ["transfer_returned"] = typeof(TransferReturned),
        ["transfer_rejected"] = typeof(TransferRejected),
        ["transfer_withdrawn"] = typeof(TransferWithdrawn),
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
}

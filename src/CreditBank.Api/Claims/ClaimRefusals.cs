using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;

namespace CreditBank.Api.Claims;

/// <summary>Why a claim is not taken, worded once.</summary>
internal static class ClaimRefusals
{
    public static readonly Refusal AccountUnknown = new(
        "claim.accountUnknown",
        RefusalKind.Rule,
        new BilingualText("没有此人的账户，或您不能为其申领。", "This person has no account here, or not for you.")
    );

    public static readonly Refusal NameDiffers = new(
        "claim.nameMismatch",
        RefusalKind.Rule,
        new BilingualText("姓名与账户不符。", "The name is not the account holder's.")
    );

    public static readonly Refusal ProviderUnknown = new(
        "claim.providerUnknown",
        RefusalKind.Rule,
        new BilingualText("该机构未在银行登记。", "The provider is not registered with the bank.")
    );

    public static readonly Refusal IssuerUnknown = new(
        "claim.issuerUnknown",
        RefusalKind.Rule,
        new BilingualText(
            "颁证机构未在银行登记；学习者只能申领登记机构的证书。",
            "The issuer is not registered with the bank; a learner can claim certificates of registered ones only."
        )
    );

    public static readonly Refusal RecordConflict = new(
        "record.conflict",
        RefusalKind.Conflict,
        new BilingualText("该记录编号已用于其他内容。", "This record id was used for other content.")
    )
    {
        State = "recorded",
    };

    public static readonly Refusal EvidenceMissing = new(
        "evidence.missing",
        RefusalKind.Rule,
        new BilingualText("所引材料尚未上传。", "Evidence that is cited was not uploaded.")
    );

    public static FieldFinding NotUploaded(string pointer) =>
        new(pointer, EvidenceMissing.Code, new BilingualText("此材料尚未上传。", "This was not uploaded."));

    /// <param name="claimId">The claim that has it, where the caller may see that one.</param>
    public static Refusal Duplicate(string? claimId) =>
        new(
            "claim.duplicate",
            RefusalKind.Conflict,
            claimId is null
                ? new BilingualText("此证书已被申领。", "This certificate is claimed already.")
                : new BilingualText(
                    $"此证书已由 {claimId} 申领。",
                    $"This certificate is claimed already by {claimId}."
                )
        )
        {
            State = "claimed",
        };
}

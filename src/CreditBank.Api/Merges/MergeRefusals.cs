using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Merges;

/// <summary>The refusals of merges, worded once.</summary>
internal static class MergeRefusals
{
    /// <summary>Not in this state: 409.</summary>
    public static Refusal State(string state) =>
        new(
            "merge.state",
            RefusalKind.Conflict,
            new BilingualText($"并户现为“{state}”，不能如此处理。", $"The merge is {state}; this cannot be done now.")
        )
        {
            State = state,
        };

    /// <summary>Open transfers hold credit of the account that would end: 409, with their ids.</summary>
    public static Refusal OpenTransfers(IReadOnlyList<string> transferIds)
    {
        var list = string.Join(", ", transferIds);
        return new Refusal(
            "merge.openTransfers",
            RefusalKind.Conflict,
            new BilingualText(
                $"被并账户有未决申请 {list}，须先决定或撤回。",
                $"Transfers of the account that would end are open: {list}. They must be decided or withdrawn first."
            )
        )
        {
            State = list,
        };
    }

    /// <summary>The learner may still appeal against a decision on the account that would end: 409.</summary>
    public static Refusal AppealTerm(string transferId, LocalDate lastOn) =>
        new(
            "merge.appealTerm",
            RefusalKind.Conflict,
            new BilingualText(
                $"对被并账户申请 {transferId} 的申诉期至 {lastOn:uuuu-MM-dd}，期满后方可合并。",
                $"An appeal against the decision on {transferId} of the account that would end may be filed until "
                    + $"{lastOn:uuuu-MM-dd}; merge after that day."
            )
        )
        {
            State = transferId,
        };

    /// <summary>The account that would end took others over; it can only be the one that goes on: 409.</summary>
    public static readonly Refusal AbsorbedSurvives = new(
        "merge.absorbedSurvives",
        RefusalKind.Conflict,
        new BilingualText(
            "被并账户曾并入过其他账户，只能作为保留账户。",
            "The account that would end has taken over others; let it be the one that goes on."
        )
    )
    {
        State = "survivor",
    };

    /// <summary>An account cannot be merged with itself: 422.</summary>
    public static readonly Refusal Same = new(
        "merge.same",
        RefusalKind.Rule,
        new BilingualText("两个账户相同。", "The two accounts are the same.")
    );

    /// <summary>There is no account to absorb: 422.</summary>
    public static readonly Refusal NoAbsorbed = new(
        "merge.absorbed",
        RefusalKind.Rule,
        new BilingualText("没有该被并账户。", "There is no account to merge.")
    );

    /// <summary>The two outcomes are not a possible duplicate of this merge: 422.</summary>
    public static readonly Refusal NoDuplicate = new(
        "merge.noDuplicate",
        RefusalKind.Rule,
        new BilingualText(
            "该成果不在待判定的重复之列。",
            "The outcome is not among the possible duplicates that are undecided."
        )
    );
}

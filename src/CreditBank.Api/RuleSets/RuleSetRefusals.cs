using CreditBank.Kernel;

namespace CreditBank.Api.RuleSets;

/// <summary>The refusals in the life of a version, worded once.</summary>
internal static class RuleSetRefusals
{
    public static readonly Refusal Documents = new(
        "ruleSet.documents",
        RefusalKind.Rule,
        new BilingualText(
            "规则文件有误，所有问题列于 errors。",
            "Something in the documents is wrong; errors lists everything."
        )
    );

    public static readonly Refusal OtherDrafter = new(
        "access.drafter",
        RefusalKind.Forbidden,
        new BilingualText("该草案由他人起草，只有起草人可以替换。", "Only its drafter may replace this draft.")
    );

    public static readonly Refusal OtherHash = new(
        "ruleSet.hash",
        RefusalKind.Conflict,
        new BilingualText("草案已不是您所见的内容。", "The draft is no longer the one you have seen.")
    )
    {
        State = RuleSetStates.Draft,
    };

    public static readonly Refusal LastInForce = new(
        "ruleSet.lastInForce",
        RefusalKind.Conflict,
        new BilingualText(
            "停用后将没有生效版本认定新的学习成果。",
            "Nothing would be in force to recognise what is deposited."
        )
    )
    {
        State = RuleSetStates.Published,
    };

    public static readonly Refusal RetiredOn = new(
        "ruleSet.retiredOn",
        RefusalKind.Rule,
        new BilingualText(
            "停用日不得早于今日、生效日，也不得晚于原定终止日。",
            "It ends today or later, after its first day and not after the end it has already."
        )
    )
    {
        Pointer = "/effectiveTo",
    };

    public static readonly Refusal CorrectedBy = new(
        "erratum.correctedBy",
        RefusalKind.Rule,
        new BilingualText(
            "更正版本须为同一系列中另一个已发布的版本。",
            "The correcting version must be another published one of the same family."
        )
    );

    public static Refusal Cases(IEnumerable<string> failed)
    {
        var list = string.Join(", ", failed);
        return new Refusal(
            "ruleSet.cases",
            RefusalKind.Rule,
            new BilingualText($"以下案例未通过：{list}。", $"These cases do not pass: {list}.")
        );
    }

    public static Refusal State(string state) =>
        new(
            "ruleSet.state",
            RefusalKind.Conflict,
            new BilingualText($"该版本处于 {state} 状态。", $"The version is {state}.")
        )
        {
            State = state,
        };

    public static Refusal Clause(string clause) =>
        new(
            "erratum.clause",
            RefusalKind.Rule,
            new BilingualText($"该版本没有条款 {clause}。", $"The version has no clause {clause}.")
        );

    public static Refusal ErratumExists(string erratumId) =>
        new(
            "erratum.exists",
            RefusalKind.Conflict,
            new BilingualText($"勘误 {erratumId} 已发布。", $"The erratum {erratumId} is published already.")
        )
        {
            State = RuleSetStates.Published,
        };

    public static Refusal Candidate(string id) =>
        new(
            "candidate.unknown",
            RefusalKind.Rule,
            new BilingualText($"没有候选 {id}。", $"There is no candidate {id}.")
        );
}

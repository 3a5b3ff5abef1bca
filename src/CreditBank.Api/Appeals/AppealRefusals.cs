using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Api.Appeals;

/// <summary>The refusals of appeals, worded once.</summary>
internal static class AppealRefusals
{
    /// <summary>Not in this state: 409.</summary>
    public static Refusal State(string state) =>
        new(
            "appeal.state",
            RefusalKind.Conflict,
            new BilingualText($"申诉现为“{state}”，不能如此处理。", $"The appeal is {state}; this cannot be done now.")
        )
        {
            State = state,
        };

    /// <summary>The decision was appealed against before: 409.</summary>
    public static Refusal Filed(Appeal appeal) =>
        new(
            "appeal.filed",
            RefusalKind.Conflict,
            new BilingualText(
                $"对该决定已提出申诉 {appeal.Id}。",
                $"There is an appeal against this decision already: {appeal.Id}."
            )
        )
        {
            State = appeal.State,
        };

    /// <summary>The time to appeal is over: 422.</summary>
    public static Refusal Late(LocalDate lastOn, string state) =>
        new(
            "appeal.late",
            RefusalKind.Rule,
            new BilingualText(
                $"申诉期限已于 {lastOn:uuuu-MM-dd} 届满。",
                $"The last day to appeal was {lastOn:uuuu-MM-dd}."
            )
        )
        {
            State = state,
        };

    /// <summary>Credit of the outcome was used meanwhile: 409.</summary>
    public static Refusal Used(string outcomeId) =>
        new(
            "credit.used",
            RefusalKind.Conflict,
            new BilingualText(
                $"成果 {outcomeId} 的学分在此期间已被使用或失效。",
                $"Credit of outcome {outcomeId} was used, or ended, meanwhile."
            )
        )
        {
            State = "used",
        };

    /// <summary>Everything that was asked for stands approved: 422.</summary>
    public static readonly Refusal NothingToReopen = new(
        "appeal.nothing",
        RefusalKind.Rule,
        new BilingualText(
            "所申请的成果均已批准，没有可重审的。",
            "Everything that was asked for is approved; nothing is left to reopen."
        )
    );

    /// <summary>A line that is granted stands approved, or one that is taken back does not: 409.</summary>
    public static Refusal LineStands(int line, bool stands) =>
        new(
            "appeal.line",
            RefusalKind.Conflict,
            stands
                ? new BilingualText($"第 {line} 行已批准。", $"Line {line} stands approved already.")
                : new BilingualText(
                    $"第 {line} 行未获批准，无可撤回。",
                    $"Line {line} is not approved; there is nothing to take back."
                )
        )
        {
            State = stands ? "approved" : "notApproved",
        };

    /// <summary>What a line converted is in another account since a merge was undone: 409.</summary>
    public static Refusal LineElsewhere(int line) =>
        new(
            "appeal.line",
            RefusalKind.Conflict,
            new BilingualText(
                $"账户合并已撤销，第 {line} 行的转换留在另一账户。",
                $"What line {line} converted is in another account since a merge was undone."
            )
        )
        {
            State = "approved",
        };
}

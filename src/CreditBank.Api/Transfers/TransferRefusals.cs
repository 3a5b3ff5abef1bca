using CreditBank.Kernel;
using CreditBank.Rules;

namespace CreditBank.Api.Transfers;

/// <summary>The refusals of transfers, worded once.</summary>
internal static class TransferRefusals
{
    /// <summary>Not in this state: 409.</summary>
    public static Refusal State(string state) =>
        new(
            "transfer.state",
            RefusalKind.Conflict,
            new BilingualText(
                $"申请现为“{state}”，不能如此处理。",
                $"The transfer is {state}; this cannot be done now."
            )
        )
        {
            State = state,
        };

    /// <summary>Another transfer holds the credit: 409.</summary>
    public static Refusal Held(string outcomeId, string transferId) =>
        new(
            "credit.held",
            RefusalKind.Conflict,
            new BilingualText(
                $"成果 {outcomeId} 的学分已被申请 {transferId} 占用。",
                $"The credit of outcome {outcomeId} is held by transfer {transferId}."
            )
        )
        {
            State = "held",
        };

    /// <summary>The account has no such outcome: 422.</summary>
    public static Refusal NoOutcome(string outcomeId) =>
        new(
            "transfer.outcome",
            RefusalKind.Rule,
            new BilingualText($"账户中没有成果 {outcomeId}。", $"The account has no outcome {outcomeId}.")
        );

    /// <summary>No line matches or may match: 422, with the clauses that said so.</summary>
    public static Refusal Nothing(Proposal proposal) =>
        new(
            "transfer.nothing",
            RefusalKind.Rule,
            new BilingualText(
                "没有可转换的成果；请先用 /v1/evaluations 查看每项的理由。",
                "Nothing would or might convert; /v1/evaluations tells why, line by line."
            )
        )
        {
            Clauses = [.. proposal.Lines.SelectMany(line => line.Clauses).Distinct()],
        };

    /// <summary>The proposal has no such line: 422.</summary>
    public static Refusal NoLine(int line) =>
        new(
            "transfer.line",
            RefusalKind.Rule,
            new BilingualText($"没有第 {line} 行。", $"There is no line {line} in play.")
        );

    /// <summary>The line is no longer a person's to decide: 409.</summary>
    public static Refusal LineDecided(int line, string result) =>
        new(
            "transfer.lineDecided",
            RefusalKind.Conflict,
            new BilingualText(
                $"第 {line} 行已为 {result}，无须评估。",
                $"Line {line} is {result}; nothing is open there."
            )
        )
        {
            State = result,
        };

    /// <summary>No rule proposes a course for the line, and the evaluator named none: 422.</summary>
    public static Refusal CourseMissing(int line) =>
        new(
            "transfer.courseMissing",
            RefusalKind.Rule,
            new BilingualText(
                $"第 {line} 行没有规则给出课程，请在 courseCodes 中指明。",
                $"No rule names a course for line {line}; name it in courseCodes."
            )
        );

    /// <summary>A maybe line waits for an evaluator: 409.</summary>
    public static Refusal Undecided(IEnumerable<int> lines, string state)
    {
        var list = string.Join(", ", lines);
        return new Refusal(
            "transfer.undecided",
            RefusalKind.Conflict,
            new BilingualText(
                $"第 {list} 行尚待评估；可在 lines 中只列其余各行。",
                $"Lines {list} wait for an evaluator; name the other lines to approve without them."
            )
        )
        {
            State = state,
        };
    }

    /// <summary>No line can be approved: 422.</summary>
    public static readonly Refusal NothingToApprove = new(
        "transfer.nothingToApprove",
        RefusalKind.Rule,
        new BilingualText("没有可批准的行，请退回或拒绝。", "No line can be approved; return or reject it.")
    );

    /// <summary>The rules refuse the line: 422 with the rule's own code and clauses.</summary>
    public static Refusal Line(ProposalLine line) =>
        new(
            line.Code,
            RefusalKind.Rule,
            new BilingualText($"第 {line.Line} 行：{line.Explanation.Zh}", $"Line {line.Line}: {line.Explanation.En}")
        )
        {
            Clauses = line.Clauses,
        };

    /// <summary>What was granted since leaves another result than the one shown: 409.</summary>
    public static Refusal Outdated(int line, IReadOnlyList<Citation> clauses, string state) =>
        new(
            "transfer.outdated",
            RefusalKind.Conflict,
            new BilingualText(
                $"第 {line} 行的结果在此期间已变，请另选行或退回。",
                $"Line {line} no longer gives what was shown; approve other lines or return the transfer."
            )
        )
        {
            Clauses = clauses,
            State = state,
        };

    /// <summary>An outcome in play went back to another account when a merge was undone: 409.</summary>
    public static Refusal Elsewhere(string outcomeId) =>
        new(
            "transfer.outdated",
            RefusalKind.Conflict,
            new BilingualText(
                $"账户合并已撤销，成果 {outcomeId} 不再在本账户，请退回申请。",
                $"Outcome {outcomeId} is in another account since a merge was undone; return the transfer."
            )
        )
        {
            State = TransferStates.Evaluated,
        };

    /// <summary>The rules count the outcome in another unit than the one it was recognised in: 422.</summary>
    public static Refusal Unit(string outcomeId) =>
        new(
            "credit.unit",
            RefusalKind.Rule,
            new BilingualText(
                $"成果 {outcomeId} 的认定单位与本规则版本不同，须先重新认定。",
                $"Outcome {outcomeId} was recognised in another unit than this rule set counts; recognise it anew."
            )
        );

    /// <summary>The replaced transfer is not one that was returned to this learner for this programme: 422.</summary>
    public static readonly Refusal Replaces = new(
        "transfer.replaces",
        RefusalKind.Rule,
        new BilingualText(
            "replaces 应为同一账户、同一专业的申请。",
            "replaces must name a transfer of the same account for the same programme."
        )
    );

    /// <summary>More than one event can hold: 422.</summary>
    public static readonly Refusal TooLarge = new(
        "transfer.tooLarge",
        RefusalKind.Rule,
        new BilingualText(
            "一次申请的成果过多，请用 outcomeIds 分批。",
            "Too many outcomes at once; choose with outcomeIds."
        )
    );

    /// <summary>The person was erased: 409.</summary>
    public static readonly Refusal Erased = Accounts.Account.PersonGone;
}

using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// Decisions in a person's words, Chinese and English: what was seen, what was needed, what would change it.
/// </summary>
internal static class Wording
{
    public static BilingualText Match(Candidate candidate, Credits granted, Payment payment, Counter? cap)
    {
        var from =
            candidate.Sources.Length == 1
                ? Name(candidate.Sources[0].Facts)
                : string.Join(" + ", candidate.Sources.Select(source => Name(source.Facts)));
        var into =
            candidate.Targets.Length == 0
                ? new BilingualText("非指定学分", "unspecified credit")
                : Titles(candidate.Targets);
        var zh = $"“{from}”转换为“{into.Zh}”，计 {granted} 学分。";
        var en = $"'{from}' becomes '{into.En}' with {Counted(granted)}.";
        if (candidate.Sources[0].Bound is { Agreement: { } agreement, Versions: [var agreed, ..] })
        {
            zh += $"依学习协议 {agreement.AgreementId}，按 {agreed.Version} 认定。";
            en += $" Learning agreement {agreement.AgreementId} has {agreed.Version} decide it.";
        }

        if (candidate.Accepted)
            (zh, en) = (zh + "由评审员认可。", en + " An evaluator accepted it.");
        if (payment.StandardForfeited.IsPositive)
        {
            zh += $"多出的 {payment.StandardForfeited} 学分作废。";
            en += $" {Counted(payment.StandardForfeited)} beyond it: forfeited.";
        }

        if (payment.StandardRetained.IsPositive)
        {
            zh += $"多出的 {payment.StandardRetained} 学分仍可使用。";
            en += $" {Counted(payment.StandardRetained)} beyond it: still available.";
        }

        if (cap is not null)
        {
            zh += $"受“{cap.Cap.Title.Zh}”限制，少计 {candidate.Grant - granted} 学分。";
            en += $" '{cap.Cap.Title.En}' cut {Counted(candidate.Grant - granted)}.";
        }

        return new BilingualText(zh, en);
    }

    public static BilingualText Finding(Finding finding, OutcomeFacts outcome, CourseFacts[] targets)
    {
        var text = finding.Refusing?.Text ?? Body(finding);
        var into = targets.Length == 0 ? null : Titles(targets);
        return into is null
            ? new($"“{Name(outcome)}”：{text.Zh}", $"'{Name(outcome)}': {text.En}")
            : new($"“{Name(outcome)}”转换为“{into.Zh}”：{text.Zh}", $"'{Name(outcome)}' to '{into.En}': {text.En}");
    }

    public static BilingualText Next(Finding finding) => finding.Refusing?.Next ?? WayForward(finding);

    public static BilingualText NextForCap(Counter cap, Credits asked)
    {
        var left = CapCounters.Unscaled(cap.Left);
        var limit = CapCounters.Unscaled(cap.Limit);
        return new(
            $"“{cap.Cap.Title.Zh}”上限 {limit}，尚余 {left}；还缺 {Credits.Max(Credits.Zero, asked - left)}。请改修其他课程。",
            $"'{cap.Cap.Title.En}' allows {limit} and {left} is left: {Credits.Max(Credits.Zero, asked - left)} short. "
                + "Study other courses for the rest."
        );
    }

    private static string Counted(Credits credits) => credits.Value == 1 ? "1 credit" : credits + " credits";

    private static string Name(OutcomeFacts outcome) =>
        outcome.Title ?? outcome.CourseCode ?? outcome.Certificate?.Code ?? outcome.RecordId ?? outcome.OutcomeId;

    private static BilingualText Titles(CourseFacts[] targets)
    {
        var titles =
            targets.Length == 1 ? targets[0].Title : string.Join(" + ", targets.Select(target => target.Title));
        return new BilingualText(titles, titles);
    }

    private static BilingualText Body(Finding finding)
    {
        var (seen, needed) = (finding.Seen ?? "", finding.Needed ?? "");
        return finding.Code switch
        {
            LineCodes.Suspended => new("该成果已暂停、撤回或撤销。", "It is suspended, withdrawn or revoked."),
            LineCodes.Failed => new("未通过。", "It was not passed."),
            LineCodes.Unverified => new("尚未核验。", "It has not been verified yet."),
            LineCodes.PointsOnly => new(
                $"{seen} 积分只计积分，不计学分。",
                $"{seen} points count as points and never as credit."
            ),
            LineCodes.UnitUnclear => new($"单位“{seen}”无法换算。", $"The unit '{seen}' cannot be converted."),
            LineCodes.Spent => new($"{needed} 学分已全部使用。", $"All {needed} credits are used already."),
            LineCodes.Stale => new(
                $"取得于 {seen}，有效至 {needed}（含当日）。",
                $"Earned on {seen}; it counts up to and including {needed}."
            ),
            LineCodes.Expired => new(
                $"取得于 {seen}，已于 {needed} 到期。",
                $"Earned on {seen}; it expired on {needed}."
            ),
            LineCodes.CertificateExpired => new(
                $"证书有效期至 {seen}，申请日为 {needed}。",
                $"The certificate is valid until {seen}; applied for on {needed}."
            ),
            LineCodes.NotAccredited => new(
                $"学习期间（{seen} 至 {needed}）机构未获认可。",
                $"The issuer was not accredited from {seen} to {needed}."
            ),
            LineCodes.Superseded => new("同一课程的另一次修读计入。", "Another attempt at the same course counts."),
            LineCodes.Duplicate => new(
                $"与成果 {seen} 名称相同，只计一次。",
                $"Same title as outcome {seen}; only one counts."
            ),
            LineCodes.FamilyTaken => new(
                $"同类成果只取最高，已计 {seen}。",
                $"Of one family only the best counts: {seen} does."
            ),
            LineCodes.TargetFilled => new($"课程 {seen} 已被替代。", $"The course {seen} is filled already."),
            LineCodes.Covered => new(
                $"课程 {seen} 已包含在整体认定学分中。",
                $"A block of credit already covers the course {seen}."
            ),
            LineCodes.CapExceeded => new(
                $"上限只余 {seen}，需要 {needed}。",
                $"The cap leaves {seen}; {needed} is needed."
            ),
            LineCodes.NotChosen => new("另一种组合对学习者更有利。", "Another combination gives the learner more."),
            LineCodes.NotInForce => new($"{seen} 没有生效的规则。", $"No rule was in force on {seen}."),
            LineCodes.Rejected => new("评审员未认可。", "An evaluator did not accept it."),
            LineCodes.NoRule => new("尚无规则。", "No rule says anything about it yet."),
            _ => Gate(finding.Code, seen, needed),
        };
    }

    private static BilingualText Gate(string code, string seen, string needed) =>
        code switch
        {
            LineCodes.ScoreLow => new($"成绩 {seen}，需 {needed}。", $"Score {seen}, {needed} needed."),
            LineCodes.MeanLow => new($"加权平均 {seen}，需 {needed}。", $"Weighted mean {seen}, {needed} needed."),
            LineCodes.ScoreUnclear => new(
                $"成绩“{seen}”无法读取，需 {needed}。",
                $"The grade '{seen}' cannot be read; {needed} needed."
            ),
            LineCodes.SimilarityLow => new($"相似度 {seen}，需 {needed}。", $"Similarity {seen}, {needed} needed."),
            LineCodes.SimilarityUnknown => new(
                $"相似度未测定，需 {needed}。",
                $"The similarity is not measured; {needed} needed."
            ),
            LineCodes.LevelLow => new($"级别 {seen}，需 {needed}。", $"Level {seen}, {needed} needed."),
            LineCodes.LevelUnclear => new(
                $"级别“{seen}”不明确，需 {needed}。",
                $"The level '{seen}' is not clear; {needed} needed."
            ),
            LineCodes.SourceSmall => new(
                $"来源 {seen} 学分，需 {needed}。",
                $"The source brings {seen} credits, {needed} needed."
            ),
            LineCodes.SourceMissing => new($"还缺 {needed}。", $"Missing beside it: {needed}."),
            LineCodes.CategoryClosed => new(
                $"不能用于“{seen}”类课程，只能用于：{needed}。",
                $"Not for courses of '{seen}'; only for {needed}."
            ),
            LineCodes.OutsidePeriod => new(
                $"{seen} 不在规则期间 {needed} 内。",
                $"{seen} lies outside the rule's period {needed}."
            ),
            LineCodes.TargetUnknown => new($"本专业没有课程 {seen}。", $"The programme has no course {seen}."),
            _ => new(code, code),
        };

    private static BilingualText WayForward(Finding finding) =>
        finding.Code switch
        {
            LineCodes.SimilarityLow => new(
                "可选：不予认定并给出建议、对差距部分作先前学习评估、补修课程。",
                "Open ways: refusal with advice, assessment of prior learning for the gap, or supplementary work."
            ),
            LineCodes.SimilarityUnknown => new("由评审员比对教学内容。", "An evaluator compares the content."),
            LineCodes.LevelUnclear => new("由评审员确定级别。", "An evaluator places the level."),
            LineCodes.ScoreUnclear => new(
                "请提供百分制成绩，或由评审员判断。",
                "Provide a score on 100, or let an evaluator judge."
            ),
            LineCodes.NoRule or LineCodes.NotInForce or LineCodes.UnitUnclear => new(
                "转交评审员；其决定可成为先例规则。",
                "Goes to an evaluator, whose decision can become a rule."
            ),
            LineCodes.ScoreLow or LineCodes.MeanLow => new(
                $"成绩差 {Short(finding)} 分；重修后可再申请。",
                $"{Short(finding)} short; repeat the course and apply again."
            ),
            LineCodes.SourceSmall => new(
                $"差 {Short(finding)} 学分；可与其他成果合并申请。",
                $"{Short(finding)} credits short; another outcome beside it may help."
            ),
            LineCodes.SourceMissing => new($"取得 {finding.Needed} 后再申请。", $"Apply again with {finding.Needed}."),
            LineCodes.Unverified => new("等待核验。", "Wait for the verification."),
            LineCodes.TargetFilled
            or LineCodes.Covered
            or LineCodes.NotChosen
            or LineCodes.Duplicate
            or LineCodes.FamilyTaken => new("可用于其他课程或专业。", "It can serve another course or programme."),
            LineCodes.Stale or LineCodes.Expired or LineCodes.CertificateExpired => new(
                "可申请先前学习评估，或更新证书。",
                "Ask for an assessment of prior learning, or renew the certificate."
            ),
            LineCodes.LevelLow => new("可用于较低级别的专业。", "It can serve a programme of a lower level."),
            LineCodes.PointsOnly => new("积分保留在学习档案中。", "The points stay in the learning record."),
            LineCodes.Rejected => new("可在期限内申诉。", "An appeal is open within its time."),
            _ => new("可咨询学分银行，或在期限内申诉。", "Ask the credit bank, or appeal within its time."),
        };

    private static string Short(Finding finding) =>
        Credits.TryParse(finding.Seen, null, out var seen) && Credits.TryParse(finding.Needed, null, out var needed)
            ? (needed - seen).ToString()
            : "";
}

using CreditBank.Kernel;
using CreditBank.Ledger.Events;

namespace CreditBank.Api.Accounts;

/// <summary>What the events of an account say in plain words.</summary>
public static class HistoryTexts
{
    /// <summary>The words of an event. An event without words of its own is named as another change.</summary>
    public static BilingualText Of(object data) =>
        data switch
        {
            AccountOpened => new("开户。", "The account was opened."),
            ConsentGranted granted => new(
                $"授权 {granted.InstitutionId} 查看。",
                $"{granted.InstitutionId} was allowed to see the account."
            ),
            ConsentWithdrawn => new("撤回授权。", "A consent was taken back."),
            OutcomeRecorded { Record: var record } => new(
                $"{record.InstitutionId} 存入“{record.Title}”：{record.Credits} {record.Unit}，{Zh(record.Result)}。",
                $"{record.InstitutionId} deposited \"{record.Title}\": {record.Credits} {record.Unit}, {record.Result}."
            ),
            OutcomeRecognised recognised => Of(recognised),
            OutcomeCorrected { Record: var record } => new(
                $"{record.InstitutionId} 更正“{record.Title}”（第 {record.Revision} 版）：{record.Credits} {record.Unit}。",
                $"{record.InstitutionId} corrected \"{record.Title}\" (revision {record.Revision}): "
                    + $"{record.Credits} {record.Unit}."
            ),
            OutcomeWithdrawn withdrawn => new(
                $"{withdrawn.InstitutionId} 撤回记录，减少 {Words(withdrawn.Removed)}。",
                $"{withdrawn.InstitutionId} took the record back; {Words(withdrawn.Removed)} is gone."
            ),
            OutcomeRevoked revoked => new(
                $"{revoked.InstitutionId} 撤销记录，减少 {Words(revoked.Revoked)}。",
                $"{revoked.InstitutionId} revoked the record; {Words(revoked.Revoked)} is gone."
            ),
            CreditHeld held => new(
                $"冻结 {Words(held.Lines)}，待转换。",
                $"{Words(held.Lines)} set aside for a transfer."
            ),
            HoldReleased released => new(
                $"解除冻结 {Words(released.Lines)}。",
                $"{Words(released.Lines)} released; available again."
            ),
            CreditConverted converted => Of(converted),
            ConversionReversed reversed => Of(reversed),
            _ => OfPerson(data),
        };

    /// <summary>The words of what time, merges, legal holds and erasure do.</summary>
    private static BilingualText OfPerson(object data) =>
        data switch
        {
            LegalHoldSet => new("设立法律保留。", "A legal hold was set."),
            LegalHoldLifted => new("解除法律保留。", "A legal hold was lifted."),
            PersonErased => new("个人信息已删除。", "The person behind the account was erased."),
            AccountsMerged merged => new(
                $"账户 {merged.AbsorbedId} 并入 {merged.SurvivorId}。",
                $"Account {merged.AbsorbedId} was merged into {merged.SurvivorId}."
            ),
            AccountsUnmerged unmerged => new(
                $"撤销并户：{unmerged.AbsorbedId} 与 {unmerged.SurvivorId} 分开。",
                $"The merge was undone: {unmerged.AbsorbedId} and {unmerged.SurvivorId} are two again."
            ),
            OutcomeHandedOver handed => new(
                $"并户转出一项成果，可用 {Words(handed.Available)}。",
                $"An outcome was handed over, {Words(handed.Available)} of it available."
            ),
            OutcomeTakenOver { Record: var record } taken => new(
                $"并户转入 {record.InstitutionId} 的“{record.Title}”，可用 {Words(taken.Available)}。",
                $"\"{record.Title}\" of {record.InstitutionId} was taken over, {Words(taken.Available)} available."
            ),
            ConversionHandedOver handed => new(
                $"并户转出 {handed.InstitutionId} 的 {handed.ProgrammeId} 所授 {Granted(handed.Lines)}。",
                $"{Granted(handed.Lines)} granted in {handed.ProgrammeId} of {handed.InstitutionId} was handed over."
            ),
            ConversionTakenOver taken => new(
                $"并户转入 {taken.InstitutionId} 的 {taken.ProgrammeId} 所授 {Granted(taken.Lines)}。",
                $"{Granted(taken.Lines)} granted in {taken.ProgrammeId} of {taken.InstitutionId} was taken over."
            ),
            CreditExpired expired => new(
                $"{Words(expired.Lines.Select(line => line.Expired))} 期满失效。",
                $"{Words(expired.Lines.Select(line => line.Expired))} expired."
            ),
            ExpiryReversed reversed => new(
                $"成果变更，冲回期满失效的 {Words(reversed.Restored)}。",
                $"The expiry of {Words(reversed.Restored)} was taken back, because the record changed."
            ),
            ExpiryWarned warned => Of(warned),
            _ => OfAward(data) ?? new("其他变更。", "Another change."),
        };

    private static BilingualText? OfAward(object data) =>
        data switch
        {
            AwardConferred conferred => new(
                $"{conferred.InstitutionId} 授予“{conferred.Title}”。",
                $"{conferred.InstitutionId} conferred \"{conferred.Title}\"."
            ),
            AwardReviewOpened opened => new(
                $"所依据的成果有变，{opened.InstitutionId} 复核证书 {opened.AwardId}。",
                $"An outcome behind award {opened.AwardId} changed; {opened.InstitutionId} reviews it."
            ),
            AwardUpheld upheld => new(
                $"{upheld.InstitutionId} 复核后维持证书 {upheld.AwardId}。",
                $"{upheld.InstitutionId} reviewed award {upheld.AwardId}; it stands."
            ),
            AwardRescinded rescinded => new(
                $"{rescinded.InstitutionId} 撤销证书 {rescinded.AwardId}。",
                $"{rescinded.InstitutionId} rescinded award {rescinded.AwardId}."
            ),
            AwardHandedOver handed => new(
                $"并户转出 {handed.InstitutionId} 所授证书 {handed.AwardId}。",
                $"Award {handed.AwardId} of {handed.InstitutionId} was handed over."
            ),
            AwardTakenOver taken => new(
                $"并户转入 {taken.InstitutionId} 所授“{taken.Conferred.Title}”（{taken.AwardId}）。",
                $"Award {taken.AwardId} of {taken.InstitutionId}, \"{taken.Conferred.Title}\", was taken over."
            ),
            AwardReviewTakenOver { Opened: var opened } => new(
                $"并户转入证书 {opened.AwardId} 的复核记录（{opened.OpenedOn:uuuu-MM-dd}）。",
                $"A review of award {opened.AwardId}, opened on {opened.OpenedOn:uuuu-MM-dd}, came along."
            ),
            _ => null,
        };

    private static BilingualText Of(OutcomeRecognised recognised)
    {
        var clauses = string.Join(", ", recognised.Clauses);
        return new BilingualText(
            $"依 {recognised.RuleSetVersion}（{clauses}）认定 {recognised.Value.Standard} 标准学分。",
            $"Recognised as {recognised.Value.Standard} standard credit by {recognised.RuleSetVersion} ({clauses})."
        );
    }

    private static BilingualText Of(CreditConverted converted)
    {
        var granted = Granted(converted.Lines);
        return new BilingualText(
            $"{converted.InstitutionId} 的 {converted.ProgrammeId} 授予 {granted}。",
            $"{converted.InstitutionId} granted {granted} in {converted.ProgrammeId}."
        );
    }

    private static BilingualText Of(ConversionReversed reversed)
    {
        var granted = Granted(reversed.Lines);
        var (zh, en) = reversed.Cause switch
        {
            UnwindingCauses.Corrected => ("所依据的成果已更正", "an outcome it rested on was corrected"),
            UnwindingCauses.Merged => (
                "两个账户合并后同一课程重复授予",
                "two accounts of one person had filled one course"
            ),
            UnwindingCauses.Varied => ("申诉裁决变更", "a panel varied the decision on an appeal"),
            _ => ("所依据的成果已失效", $"an outcome it rested on was {reversed.Cause}"),
        };
        return new BilingualText(
            $"{reversed.InstitutionId} 的 {reversed.ProgrammeId} 所授 {granted} 已冲回：{zh}。",
            $"{granted} granted in {reversed.ProgrammeId} of {reversed.InstitutionId} was taken back: {en}."
        );
    }

    private static BilingualText Of(ExpiryWarned warned)
    {
        var days = warned.Lines.GroupBy(line => line.ExpiresOn).OrderBy(day => day.Key).ToList();
        var zh = days.Select(day => $"{Words(day.Select(line => line.Expiring))} 自 {day.Key:uuuu-MM-dd} 起失效");
        var en = days.Select(day => $"{Words(day.Select(line => line.Expiring))} from {day.Key:uuuu-MM-dd} on");
        return new BilingualText(
            $"提醒：{string.Join("，", zh)}。",
            $"A warning: this can no longer be used: {string.Join(", ", en)}."
        );
    }

    private static string Granted(IReadOnlyList<ConvertedLine> lines) =>
        string.Join(
            ", ",
            lines
                .SelectMany(line => line.Grants)
                .GroupBy(grant => grant.Unit)
                .Select(group => $"{group.Sum(grant => grant.Amount)} {group.Key}")
        );

    private static string Zh(string result) => result == "passed" ? "通过" : "未通过";

    private static string Words(Worth worth) => $"{worth.Amount} {worth.Unit}";

    private static string Words(IReadOnlyList<HeldLine> lines) => Words(lines.Select(line => line.Held));

    private static string Words(IEnumerable<Worth> worths) =>
        string.Join(
            ", ",
            worths.GroupBy(worth => worth.Unit).Select(group => $"{group.Sum(worth => worth.Amount)} {group.Key}")
        );
}

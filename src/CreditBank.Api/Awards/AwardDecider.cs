using CreditBank.Api.Accounts;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Awards;

/// <summary>Decides on awards. Pure.</summary>
public static class AwardDecider
{
    /// <summary>
    /// The most outcomes an award may rest on, inclusive: its leaf in the audit log stays under 65,535 bytes (rulings
    /// 8).
    /// </summary>
    public const int OutcomesMax = 1_000;

    /// <summary>Why outcomes cannot be counted as they are; none where all can.</summary>
    public static Refusal? WrongOutcomes(Account account, IEnumerable<string> outcomeIds)
    {
        var used = account.Awards.Values.Where(award => award.Stands).SelectMany(award => award.Conferred.StackedIds);
        var usedIds = used.ToHashSet();
        foreach (var id in outcomeIds)
        {
            if (
                account.Outcomes.GetValueOrDefault(id) is not { Status: OutcomeStatus.Recorded } position
                || !position.Available.Amount.IsPositive
            )
            {
                return AwardRefusals.Outcome(id);
            }

            if (usedIds.Contains(id))
            {
                return AwardRefusals.OutcomeUsed(id);
            }
        }

        return null;
    }

    /// <summary>Why a day of enrolment cannot be; none when it can.</summary>
    public static Refusal? WrongEnrolment(LocalDate? enrolledOn, LocalDate on) =>
        enrolledOn > on ? AwardRefusals.EnrolledLater : null;

    /// <summary>Confers, when every requirement of the rule set is met on the day.</summary>
    /// <param name="awardId">The award's id.</param>
    /// <param name="ground">What it is measured on.</param>
    /// <param name="rules">The version that decides.</param>
    public static Decision<AwardConferred> Confer(string awardId, AwardGround ground, RuleSet rules)
    {
        var programme = ground.Ground.Programme;
        var standing = ground.Account.Awards.Values.FirstOrDefault(award =>
            award.Stands
            && award.Conferred.InstitutionId == programme.InstitutionId
            && award.Conferred.ProgrammeId == programme.ProgrammeId
        );
        if (standing is not null)
        {
            return AwardRefusals.Exists(standing);
        }

        var audit = ground.Audit(rules);
        if (audit.Requirements.Count == 0)
        {
            return AwardRefusals.NoRequirement(rules.Version);
        }

        if (!audit.Met)
        {
            return AwardRefusals.NotMet(audit);
        }

        var outcomeIds = ground.Lines.SelectMany(line => line.OutcomeIds).Distinct().ToList();
        if (outcomeIds.Count > OutcomesMax)
        {
            return AwardRefusals.TooLarge;
        }

        return new AwardConferred(
            awardId,
            programme.InstitutionId,
            programme.ProgrammeId,
            programme.Version,
            programme.Title,
            rules.Version,
            [.. audit.Requirements.Select(use => use.Clause.Clause)],
            ground.TransferIds,
            [.. outcomeIds.Order(StringComparer.Ordinal)],
            ground.Stacked,
            ground.EnrolledOn,
            ground.On
        );
    }

    /// <summary>A person finds that an award under review stands.</summary>
    public static Decision<AwardUpheld> Uphold(Award award, string actorId, string noteId, LocalDate today) =>
        award.State != AwardStates.UnderReview ? AwardRefusals.State(award)
        : award.ConferredBy == actorId ? Access.AccessRefusals.FourEyes
        : new AwardUpheld(award.Conferred.AwardId, award.Conferred.InstitutionId, noteId, today);

    /// <summary>The institution takes an award back.</summary>
    public static Decision<AwardRescinded> Rescind(Award award, string reason, string noteId, LocalDate today) =>
        award.Stands
            ? new AwardRescinded(award.Conferred.AwardId, award.Conferred.InstitutionId, reason, noteId, today)
            : AwardRefusals.State(award);

    /// <summary>
    /// The reviews that a change of an outcome opens: one for each standing award that rests on it. The award itself is
    /// not touched (INV-6).
    /// </summary>
    public static IEnumerable<AwardReviewOpened> ReviewsOf(
        Account account,
        string outcomeId,
        string cause,
        LocalDate today
    ) =>
        account
            .Awards.Values.Where(award => award.Stands && award.Conferred.OutcomeIds.Contains(outcomeId))
            .OrderBy(award => award.Conferred.AwardId, StringComparer.Ordinal)
            .Select(award => new AwardReviewOpened(
                award.Conferred.AwardId,
                award.Conferred.InstitutionId,
                outcomeId,
                cause,
                today
            ));
}

/// <summary>The refusals of awards, worded once.</summary>
internal static class AwardRefusals
{
    /// <summary>Such an award stands already: 409.</summary>
    public static Refusal Exists(Award award) =>
        new(
            "award.exists",
            RefusalKind.Conflict,
            new BilingualText(
                $"该专业的证书已授予：{award.Conferred.AwardId}。",
                $"The award of this programme stands already: {award.Conferred.AwardId}."
            )
        )
        {
            State = award.State,
        };

    /// <summary>Not in this state: 409.</summary>
    public static Refusal State(Award award) =>
        new(
            "award.state",
            RefusalKind.Conflict,
            new BilingualText($"证书现为“{award.State}”。", $"The award is {award.State}; this cannot be done now.")
        )
        {
            State = award.State,
        };

    /// <summary>An outcome cannot be counted: 422.</summary>
    public static Refusal Outcome(string outcomeId) =>
        new(
            "award.outcome",
            RefusalKind.Rule,
            new BilingualText(
                $"成果 {outcomeId} 不存在、已失效或没有剩余学分。",
                $"Outcome {outcomeId} is not in the account, has ended, or has no credit left."
            )
        );

    /// <summary>Another award counts it already: 422.</summary>
    public static Refusal OutcomeUsed(string outcomeId) =>
        new(
            "award.outcomeUsed",
            RefusalKind.Rule,
            new BilingualText($"成果 {outcomeId} 已计入另一证书。", $"Outcome {outcomeId} is counted in another award.")
        );

    /// <summary>Nobody is enrolled on a day to come: 422.</summary>
    public static readonly Refusal EnrolledLater = new(
        "award.enrolledLater",
        RefusalKind.Rule,
        new BilingualText("入学日期在今天之后。", "The day of enrolment is still to come.")
    );

    /// <summary>The rule set asks for nothing, so nothing can be measured: 422.</summary>
    public static Refusal NoRequirement(string version) =>
        new(
            "award.noRequirement",
            RefusalKind.Rule,
            new BilingualText(
                $"规则 {version} 没有授予要求，无法核定。",
                $"{version} states no requirement for an award, so none can be measured."
            )
        );

    /// <summary>No version of the programme's family is in force: 422.</summary>
    public static readonly Refusal NoRules = new(
        "rule-set.unknown",
        RefusalKind.Rule,
        new BilingualText("该规则族今天没有生效的版本。", "No version of the programme's family is in force today.")
    );

    /// <summary>More than one event can hold: 422.</summary>
    public static readonly Refusal TooLarge = new(
        "award.tooLarge",
        RefusalKind.Rule,
        new BilingualText(
            $"一项证书至多计入 {AwardDecider.OutcomesMax} 项成果。",
            $"An award rests on at most {AwardDecider.OutcomesMax} outcomes."
        )
    );

    /// <summary>A requirement is not met: 422, with what is short.</summary>
    public static Refusal NotMet(AwardAudit audit)
    {
        var missing = audit.Requirements.Where(use => !use.Missing.IsZero).ToList();
        var zh = missing.Select(use => $"{use.Title.Zh}：{use.Explanation.Zh}").ToList();
        var en = missing.Select(use => $"{use.Title.En}: {use.Explanation.En}").ToList();
        if (audit.EarliestOn is { } earliest)
        {
            zh.Add($"最早 {earliest:uuuu-MM-dd} 可授予。");
            en.Add($"The earliest day is {earliest:uuuu-MM-dd}.");
        }

        return new Refusal("award.notMet", RefusalKind.Rule, new BilingualText(string.Concat(zh), string.Join(' ', en)))
        {
            Clauses = [.. missing.Select(use => use.Clause)],
        };
    }
}

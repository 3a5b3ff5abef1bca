using CreditBank.Api.Infrastructure.Http;
using CreditBank.Kernel;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Api.Awards;

/// <summary>An award.</summary>
/// <param name="AwardId">Its id.</param>
/// <param name="AccountId">The learner's account.</param>
/// <param name="State"><c>conferred</c>, <c>underReview</c> or <c>rescinded</c>.</param>
/// <param name="InstitutionId">Who conferred it.</param>
/// <param name="ProgrammeId">The programme.</param>
/// <param name="Title">The programme's title on that day.</param>
/// <param name="RuleSetVersion">The version whose requirements are met.</param>
/// <param name="TransferIds">The transfers it rests on.</param>
/// <param name="OutcomeIds">Every outcome it rests on.</param>
/// <param name="StackedIds">Those that are counted as they are.</param>
/// <param name="ConferredOn">The day in Shanghai.</param>
/// <param name="Reviews">The changed outcomes that opened reviews, in order.</param>
/// <param name="DecidedOn">The day of the last decision on it.</param>
public sealed record AwardBody(
    string AwardId,
    string AccountId,
    string State,
    string InstitutionId,
    string ProgrammeId,
    string Title,
    string RuleSetVersion,
    IReadOnlyList<string> TransferIds,
    IReadOnlyList<string> OutcomeIds,
    IReadOnlyList<string> StackedIds,
    LocalDate ConferredOn,
    IReadOnlyList<AwardReviewBody> Reviews,
    LocalDate? DecidedOn
)
{
    /// <summary>The body of an award.</summary>
    public static AwardBody Of(string accountId, Award award) =>
        new(
            award.Conferred.AwardId,
            accountId,
            award.State,
            award.Conferred.InstitutionId,
            award.Conferred.ProgrammeId,
            award.Conferred.Title,
            award.Conferred.RuleSetVersion,
            award.Conferred.TransferIds,
            award.Conferred.OutcomeIds,
            award.Conferred.StackedIds,
            award.Conferred.ConferredOn,
            [.. award.Reviews.Select(review => new AwardReviewBody(review.OutcomeId, review.Cause, review.OpenedOn))],
            award.DecidedOn
        );
}

/// <summary>Why an award is or was under review.</summary>
/// <param name="OutcomeId">The outcome that changed.</param>
/// <param name="Cause">How: <c>withdrawn</c>, <c>revoked</c> or <c>corrected</c>.</param>
/// <param name="OpenedOn">The day in Shanghai.</param>
public sealed record AwardReviewBody(string OutcomeId, string Cause, LocalDate OpenedOn);

/// <summary>How far a learner is on the way to an award.</summary>
/// <param name="RuleSetVersion">The version that measures.</param>
/// <param name="Met">Whether every requirement is met on the day.</param>
/// <param name="Requirements">Each requirement, in the rule set's order.</param>
/// <param name="EarliestOn">The first day on which the time of study is long enough.</param>
/// <param name="OutcomeIds">The outcomes that were counted as they are.</param>
public sealed record AwardAuditBody(
    string RuleSetVersion,
    bool Met,
    IReadOnlyList<AwardRequirementBody> Requirements,
    LocalDate? EarliestOn,
    IReadOnlyList<string> OutcomeIds
)
{
    /// <summary>The body of an audit, in a language.</summary>
    public static AwardAuditBody Of(AwardAudit audit, RuleSet rules, AwardGround ground, Language language) =>
        new(
            rules.Version,
            audit.Met,
            [
                .. audit.Requirements.Select(use => new AwardRequirementBody(
                    use.Clause.Clause,
                    use.Title.In(language),
                    use.Needed,
                    use.Has,
                    use.Missing,
                    use.Explanation.In(language)
                )),
            ],
            audit.EarliestOn,
            ground.Stacked
        );
}

/// <summary>One requirement of an award.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Title">What is asked for.</param>
/// <param name="Needed">At least this much, inclusive, in standard credit or items.</param>
/// <param name="Has">What counts towards it.</param>
/// <param name="Missing">What is missing; zero when met.</param>
/// <param name="Explanation">The same in words.</param>
public sealed record AwardRequirementBody(
    string Clause,
    string Title,
    Credits Needed,
    Credits Has,
    Credits Missing,
    string Explanation
);

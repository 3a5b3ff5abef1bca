using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>Everything an evaluation depends on beside the rule sets. The order of the lists never matters.</summary>
public sealed record EvaluationRequest
{
    /// <summary>The outcomes to convert; ids are unique.</summary>
    public required IReadOnlyList<OutcomeFacts> Outcomes { get; init; }

    /// <summary>The programme to convert into.</summary>
    public required ProgrammeFacts Programme { get; init; }

    /// <summary>The day of the application (Asia/Shanghai).</summary>
    public required LocalDate AppliedOn { get; init; }

    /// <summary>
    /// The day of enrolment at the receiving institution; where unknown, the day of the application counts.
    /// </summary>
    public LocalDate? EnrolledOn { get; init; }

    /// <summary>The day of the decision; where unknown, the day of the application counts.</summary>
    public LocalDate? DecidedOn { get; init; }

    /// <summary>
    /// A version that was asked for or pinned; it then decides every line, whatever the binding policy says.
    /// </summary>
    public string? RuleSetVersion { get; init; }

    /// <summary>
    /// What this learner was already granted in this programme; it counts towards caps and fills targets.
    /// </summary>
    public IReadOnlyList<GrantedLine> Granted { get; init; } = [];

    /// <summary>What evaluators decided on maybe lines.</summary>
    public IReadOnlyList<LineDecision> Decisions { get; init; } = [];

    /// <summary>Learning agreements made before the learning took place; they bind (RK-41).</summary>
    public IReadOnlyList<AgreementFacts> Agreements { get; init; } = [];
}

/// <summary>Credit that stands in a programme: converted, or studied there. Amounts in standard credit.</summary>
public sealed record GrantedLine
{
    /// <summary>The kind of the outcome it came from; none for courses studied in the programme.</summary>
    public string? Kind { get; init; }

    /// <summary>The category it counts in.</summary>
    public string? Category { get; init; }

    /// <summary>The institution that issued the source, or where the course was studied.</summary>
    public string? InstitutionId { get; init; }

    /// <summary>The programme's courses that it fills.</summary>
    public IReadOnlyList<string> CourseCodes { get; init; } = [];

    /// <summary>The source's outcome ids; none for courses studied in the programme.</summary>
    public IReadOnlyList<string> OutcomeIds { get; init; } = [];

    /// <summary>The credit granted.</summary>
    public required Credits Credits { get; init; }

    /// <summary>The level of what was learned, in the rule set's framework.</summary>
    public string? Level { get; init; }

    /// <summary>Whether it counts as compulsory.</summary>
    public bool Compulsory { get; init; }

    /// <summary>Whether it was converted rather than studied in the programme.</summary>
    public bool Converted { get; init; } = true;

    /// <summary>The day the source was earned.</summary>
    public LocalDate? CompletedOn { get; init; }

    /// <summary>The score on the scale of 100, for averages; none where ungraded.</summary>
    public Credits? Score { get; init; }

    /// <summary>Course codes whose content a block of unspecified credit already covers (RK-15).</summary>
    public IReadOnlyList<string> CoversCourseCodes { get; init; } = [];
}

/// <summary>
/// What an evaluator decided on a maybe line. It names the outcomes and courses, because line numbers move.
/// </summary>
public sealed record LineDecision
{
    /// <summary>The outcomes of the line.</summary>
    public required IReadOnlyList<string> OutcomeIds { get; init; }

    /// <summary>The courses they become; where no rule proposed any, the evaluator names them.</summary>
    public IReadOnlyList<string> CourseCodes { get; init; } = [];

    /// <summary>Whether the evaluator accepts.</summary>
    public required bool Accepted { get; init; }

    /// <summary>The similarity the evaluator found, 0 to 1; where given it is measured against the rule.</summary>
    public Credits? Similarity { get; init; }

    /// <summary>A reference to the reason; free text stays outside the rules.</summary>
    public string? ReasonRef { get; init; }
}

/// <summary>A learning agreement: the named sources are judged under the version it was made under.</summary>
/// <param name="AgreementId">Its id at the receiving institution.</param>
/// <param name="RuleSetVersion">The version that binds.</param>
/// <param name="InstitutionId">The institution whose courses it covers.</param>
/// <param name="CourseCodes">The source courses or certificates it covers; empty means all of that institution.</param>
/// <param name="LimitCredits">The most it guarantees, in standard credit (inclusive); none means no limit.</param>
public sealed record AgreementFacts(
    string AgreementId,
    string RuleSetVersion,
    string InstitutionId,
    IReadOnlyList<string> CourseCodes,
    Credits? LimitCredits
);

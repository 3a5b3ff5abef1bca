namespace CreditBank.Rules;

/// <summary>The stable codes of proposal lines. A rule set's own refusing clauses add codes of their own.</summary>
public static class LineCodes
{
    /// <summary>An equivalence grants it.</summary>
    public const string Matched = "equivalence.matched";

    /// <summary>An evaluator accepted it.</summary>
    public const string Accepted = "evaluator.accepted";

    /// <summary>An evaluator refused it.</summary>
    public const string Rejected = "evaluator.rejected";

    /// <summary>Granted, but a cap cut the amount.</summary>
    public const string CutByCap = "cap.cut";

    /// <summary>A cap leaves no room for it.</summary>
    public const string CapExceeded = "cap.exceeded";

    /// <summary>No rule says anything about it (RK-49).</summary>
    public const string NoRule = "rule.none";

    /// <summary>No version of the rule set is in force for it.</summary>
    public const string NotInForce = "rule.not-in-force";

    /// <summary>The similarity is below the threshold (RK-09).</summary>
    public const string SimilarityLow = "similarity.below-minimum";

    /// <summary>No one has measured the similarity yet.</summary>
    public const string SimilarityUnknown = "similarity.unknown";

    /// <summary>The level has no counterpart, or several (RK-05).</summary>
    public const string LevelUnclear = "level.unclear";

    /// <summary>The level is below the target's (RK-06).</summary>
    public const string LevelLow = "level.below-target";

    /// <summary>The score is below the minimum (RK-08).</summary>
    public const string ScoreLow = "score.below-minimum";

    /// <summary>The credit-weighted mean is below the minimum (RK-10).</summary>
    public const string MeanLow = "score.mean-below-minimum";

    /// <summary>The grade cannot be read on a known scale.</summary>
    public const string ScoreUnclear = "score.unclear";

    /// <summary>The sources are worth less than the target.</summary>
    public const string SourceSmall = "credit.below-target";

    /// <summary>Another outcome is needed beside it (RK-10).</summary>
    public const string SourceMissing = "source.missing";

    /// <summary>The target is not a course of the programme.</summary>
    public const string TargetUnknown = "target.not-in-programme";

    /// <summary>The target course is filled already (RK-21).</summary>
    public const string TargetFilled = "target.already-filled";

    /// <summary>The category of the target is closed to this source (RK-13).</summary>
    public const string CategoryClosed = "category.not-allowed";

    /// <summary>A block already covers it (RK-15).</summary>
    public const string Covered = "target.covered-by-block";

    /// <summary>Earned too long ago (RK-34).</summary>
    public const string Stale = "outcome.stale";

    /// <summary>Its shelf life is over (RK-35).</summary>
    public const string Expired = "outcome.expired";

    /// <summary>Nothing of it is left (RK-43).</summary>
    public const string Spent = "outcome.spent";

    /// <summary>It was not passed.</summary>
    public const string Failed = "outcome.failed";

    /// <summary>It is suspended, withdrawn or revoked.</summary>
    public const string Suspended = "outcome.suspended";

    /// <summary>It has not been verified.</summary>
    public const string Unverified = "outcome.unverified";

    /// <summary>Its unit is unknown to the rule set, or it carries no amount.</summary>
    public const string UnitUnclear = "unit.unclear";

    /// <summary>It is counted in points, which never become credit (RK-07).</summary>
    public const string PointsOnly = "unit.points-only";

    /// <summary>The certificate was not valid on the day.</summary>
    public const string CertificateExpired = "certificate.expired";

    /// <summary>The issuer was not accredited when it had to be (RK-37).</summary>
    public const string NotAccredited = "issuer.not-accredited";

    /// <summary>Completed or applied for outside the equivalence's period (RK-36).</summary>
    public const string OutsidePeriod = "equivalence.outside-period";

    /// <summary>Another attempt at the same course counts (RK-20).</summary>
    public const string Superseded = "outcome.superseded";

    /// <summary>Another outcome of the same title counts (RK-19).</summary>
    public const string Duplicate = "outcome.duplicate";

    /// <summary>Another outcome of the same family counts (RK-18).</summary>
    public const string FamilyTaken = "outcome.family-taken";

    /// <summary>Another choice was better for the learner.</summary>
    public const string NotChosen = "outcome.not-chosen";
}

using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// Which outcomes become what: one branch of sources must be complete (AND within a branch, OR between branches), and
/// then all targets are filled, or the best of them where they are a choice. It has one direction.
/// </summary>
internal sealed class Equivalence
{
    public required string Id { get; init; }

    public required string Relation { get; init; }

    public required SourcePattern[][] Branches { get; init; }

    public required TargetSet Target { get; init; }

    /// <summary>The receiving institution; none means any.</summary>
    public string? InstitutionId { get; init; }

    public string[] ProgrammeIds { get; init; } = [];

    /// <summary>0 to 1; none means nobody measured it, and it is not asked for where the relation needs none.</summary>
    public decimal? Similarity { get; init; }

    public decimal? MeanMinimum { get; init; }

    public Period Period { get; init; } = Period.Always;

    public DateBasis By { get; init; }

    public string[] Cites { get; init; } = [];

    /// <summary>What the bank says of it, where it differs from the text made of the facts.</summary>
    public BilingualText? Title { get; init; }
}

/// <summary>
/// A source: a course of an institution, a certificate at a level, or any outcome that fits a condition.
/// </summary>
internal sealed record SourcePattern(
    string? InstitutionId,
    string? Course,
    string? Certificate,
    string? CertificateLevel,
    decimal? ScoreMinimum,
    Condition? When = null
)
{
    public string Label =>
        When is not null ? "an outcome that fits"
        : Certificate is null ? InstitutionId + " " + Course
        : Certificate + (CertificateLevel is null ? "" : " (" + CertificateLevel + ")");
}

/// <summary>What an equivalence fills.</summary>
internal sealed class TargetSet
{
    /// <summary>The programme's course codes; all of them, or a choice.</summary>
    public string[] Courses { get; init; } = [];

    public bool Choose { get; init; }

    /// <summary>
    /// Credit without a course: an amount, a share of the programme, or the recognised credit itself.
    /// </summary>
    public FreeCredit? Free { get; init; }
}

/// <summary>Unspecified or block credit.</summary>
internal sealed record FreeCredit(Credits? Amount, decimal? ProgrammeShare, string? Category, string[] Covers);

using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>An equivalence as it was published, for people who look up what converts to what.</summary>
public sealed record EquivalenceEntry
{
    /// <summary>The version that holds it.</summary>
    public required string RuleSetVersion { get; init; }

    /// <summary>Its id, as decisions cite it; unique within the version.</summary>
    public required string Clause { get; init; }

    /// <summary>What it says of itself; none where only its facts speak.</summary>
    public BilingualText? Title { get; init; }

    /// <summary>The alternatives; all sources of one alternative are needed together.</summary>
    public required IReadOnlyList<IReadOnlyList<EquivalenceSource>> Alternatives { get; init; }

    /// <summary>What it becomes.</summary>
    public required EquivalenceTarget Target { get; init; }

    /// <summary>The measured similarity, 0 to 1; none where nobody measured it.</summary>
    public Credits? Similarity { get; init; }

    /// <summary>The first day on which it counts; none means always.</summary>
    public LocalDate? FromOn { get; init; }

    /// <summary>The day from which it no longer counts (exclusive); none means open.</summary>
    public LocalDate? ToOn { get; init; }

    /// <summary>Where it comes from: ids of the version's sources, or <c>ASSUMPTION</c>.</summary>
    public required IReadOnlyList<string> Cites { get; init; }
}

/// <summary>A course of an institution, or a certificate.</summary>
/// <param name="InstitutionId">The issuer; none means any.</param>
/// <param name="CourseCode">The course; none where it is a certificate.</param>
/// <param name="CertificateCode">The certificate; none where it is a course.</param>
/// <param name="CertificateLevel">The level printed on it; none means any.</param>
/// <param name="ScoreMinimum">The least score of 100 (inclusive); none means that of the version's clauses.</param>
public sealed record EquivalenceSource(
    string? InstitutionId,
    string? CourseCode,
    string? CertificateCode,
    string? CertificateLevel,
    Credits? ScoreMinimum
);

/// <summary>What an equivalence fills.</summary>
/// <param name="InstitutionId">The receiving institution; none means any.</param>
/// <param name="ProgrammeIds">The programmes it is limited to; empty means all.</param>
/// <param name="CourseCodes">The programme's courses; empty for credit without a course.</param>
/// <param name="IsChoice">Whether the courses are a choice rather than all of them.</param>
/// <param name="FreeCredits">An amount without a course, in standard credit; none otherwise.</param>
/// <param name="FreeShare">A share of the programme without a course, 0 to 1; none otherwise.</param>
/// <param name="Category">The category of credit without a course; none otherwise.</param>
public sealed record EquivalenceTarget(
    string? InstitutionId,
    IReadOnlyList<string> ProgrammeIds,
    IReadOnlyList<string> CourseCodes,
    bool IsChoice,
    Credits? FreeCredits,
    Credits? FreeShare,
    string? Category
);

/// <summary>Lists published equivalences.</summary>
public static class EquivalenceListing
{
    /// <summary>The equivalences of a version in ordinal order of their ids.</summary>
    /// <param name="rules">The version.</param>
    /// <param name="code">A course or certificate, as source or as target; none means all.</param>
    /// <param name="institutionId">An institution, as issuer or as receiver; none means all.</param>
    /// <param name="after">The id behind which the list begins (exclusive); none means the start.</param>
    public static IEnumerable<EquivalenceEntry> Of(
        RuleSet rules,
        string? code = null,
        string? institutionId = null,
        string? after = null
    ) =>
        from equivalence in rules.Equivalences.All
        where after is null || string.CompareOrdinal(equivalence.Id, after) > 0
        where code is null || Names(equivalence, code)
        where institutionId is null || Involves(equivalence, institutionId)
        select EntryOf(rules, equivalence);

    private static bool Names(Equivalence equivalence, string code) =>
        equivalence.Target.Courses.Contains(code)
        || equivalence.Branches.Any(branch =>
            branch.Any(source => source.Course == code || source.Certificate == code)
        );

    private static bool Involves(Equivalence equivalence, string institutionId) =>
        equivalence.InstitutionId == institutionId
        || equivalence.Branches.Any(branch => branch.Any(source => source.InstitutionId == institutionId));

    private static EquivalenceEntry EntryOf(RuleSet rules, Equivalence equivalence) =>
        new()
        {
            RuleSetVersion = rules.Version,
            Clause = equivalence.Id,
            Title = equivalence.Title,
            Alternatives = [.. equivalence.Branches.Select(SourcesOf)],
            Target = new EquivalenceTarget(
                equivalence.InstitutionId,
                equivalence.ProgrammeIds,
                equivalence.Target.Courses,
                equivalence.Target.Choose,
                equivalence.Target.Free?.Amount,
                Amount(equivalence.Target.Free?.ProgrammeShare),
                equivalence.Target.Free?.Category
            ),
            Similarity = Amount(equivalence.Similarity),
            FromOn = equivalence.Period.FromOn,
            ToOn = equivalence.Period.ToOn,
            Cites = equivalence.Cites,
        };

    private static List<EquivalenceSource> SourcesOf(SourcePattern[] branch) =>
        [
            .. branch.Select(source => new EquivalenceSource(
                source.InstitutionId,
                source.Course,
                source.Certificate,
                source.CertificateLevel,
                Amount(source.ScoreMinimum)
            )),
        ];

    private static Credits? Amount(decimal? number) => number is { } some ? Credits.Rounded(some) : null;
}

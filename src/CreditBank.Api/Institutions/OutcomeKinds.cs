namespace CreditBank.Api.Institutions;

/// <summary>The kinds of outcome of the HTTP contract.</summary>
public static class OutcomeKinds
{
    /// <summary>A course of school or higher education.</summary>
    public const string AcademicCourse = "academicCourse";

    /// <summary>A vocational qualification or skill-level certificate.</summary>
    public const string QualificationCertificate = "qualificationCertificate";

    /// <summary>A 1+X certificate.</summary>
    public const string XCertificate = "xCertificate";

    /// <summary>A training certificate.</summary>
    public const string Training = "training";

    /// <summary>An online course.</summary>
    public const string OnlineCourse = "onlineCourse";

    /// <summary>A competition, patent, paper or venture.</summary>
    public const string Achievement = "achievement";

    /// <summary>Prior learning, by assessment.</summary>
    public const string PriorLearning = "priorLearning";

    /// <summary>Culture and leisure; counted in points, never academic credit.</summary>
    public const string Leisure = "leisure";

    /// <summary>All kinds.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        AcademicCourse,
        QualificationCertificate,
        XCertificate,
        Training,
        OnlineCourse,
        Achievement,
        PriorLearning,
        Leisure,
    ];
}

namespace CreditBank.Rules;

/// <summary>t</summary>
public static class OutcomeKinds
{
    /// <summary>A course of an institution of academic education.</summary>
    public const string AcademicCourse = "academicCourse";

    /// <summary>A national vocational qualification.</summary>
    public const string QualificationCertificate = "qualificationCertificate";

    /// <summary>A certificate of the 1+X scheme.</summary>
    public const string XCertificate = "xCertificate";

    /// <summary>A training or post certificate.</summary>
    public const string Training = "training";

    /// <summary>An online course.</summary>
    public const string OnlineCourse = "onlineCourse";

    /// <summary>A prize, patent, paper or undertaking.</summary>
    public const string Achievement = "achievement";

    /// <summary>Prior learning and work experience.</summary>
    public const string PriorLearning = "priorLearning";

    /// <summary>Culture, leisure, community and older people's learning.</summary>
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

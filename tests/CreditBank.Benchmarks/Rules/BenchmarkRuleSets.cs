using System.Globalization;
using System.Text;
using CreditBank.Kernel;
using CreditBank.Rules;
using NodaTime;

namespace CreditBank.Benchmarks.Rules;

/// <summary>The rule sets and requests that are measured.</summary>
internal static class BenchmarkRuleSets
{
    public static string Specs { get; } = FindSpecs();

    /// <summary>The golden scenario of the worked case, with its equivalences laid over sqf 2021.1.</summary>
    public static (EvaluationRequest Request, RuleSetCatalog Catalog) Golden()
    {
        var folder = Path.Combine(Specs, "sqf", "2021.1");
        var files = Directory
            .EnumerateFiles(folder, "*.yaml")
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllText, StringComparer.Ordinal);
        files["golden.yaml"] = """
            certificates:
              - { id: cert-x7, code: x7, certificateLevel: intermediate, title: { zh: 中级, en: intermediate },
                  credits: 6, cites: ASSUMPTION }
            equivalences:
              - { id: g1, from: { institution: u1, course: C1 }, to: { courses: T1 }, similarity: 0.90,
                  cites: ASSUMPTION }
              - { id: g2, from: { institution: u1, course: C2 }, to: { courses: T2 }, similarity: 0.90,
                  cites: ASSUMPTION }
              - { id: g3, from: { institution: u1, course: C3 }, to: { courses: T3 }, similarity: 0.90,
                  cites: ASSUMPTION }
              - { id: g4, from: { institution: u1, course: C4 }, to: { courses: T4 }, similarity: 0.75,
                  cites: ASSUMPTION }
              - { id: g5, from: { all: [{ institution: u1, course: C5 }, { institution: u1, course: C6 }] },
                  to: { courses: T5 }, similarity: 0.90, cites: ASSUMPTION }
              - { id: g7, from: { certificate: x7 }, to: { choose: [T7, T8] }, cites: ASSUMPTION }
              - { id: g8, from: { institution: u1, course: C8 }, to: { courses: T9 }, similarity: 0.90,
                  cites: ASSUMPTION }
              - { id: g10, from: { institution: u1, course: C10 }, to: { courses: T10 }, similarity: 0.90,
                  cites: ASSUMPTION }
            """;
        var result = RuleSetFolder.Parse(files);
        if (result.RuleSet is not { } rules)
            throw new InvalidOperationException(string.Join('\n', result.Problems));
        return (GoldenRequest(), new RuleSetCatalog([rules]));
    }

    /// <summary>200 outcomes that compete for 60 courses.</summary>
    public static EvaluationRequest LargeRequest() =>
        new()
        {
            AppliedOn = new LocalDate(2024, 10, 8),
            Programme = Programme(
                240,
                [
                    .. Enumerable
                        .Range(0, 60)
                        .Select(i => new CourseFacts($"T{i}", $"course {i}", new Credits(2 + i % 3), "core", false)),
                ]
            ),
            Outcomes =
            [
                .. Enumerable
                    .Range(0, 200)
                    .Select(i => Course($"o{i:D3}", $"C{i}", 4, 80) with { InstitutionId = $"u{i % 5}" }),
            ],
        };

    public static OutcomeFacts Course(string id, string code, decimal credits, int score) =>
        new()
        {
            OutcomeId = id,
            InstitutionId = "u1",
            Kind = OutcomeKinds.AcademicCourse,
            CourseCode = code,
            Title = code,
            Credits = new Credits(credits),
            Unit = "cn-credit",
            Level = "5",
            Grade = new GradeFacts("percent", score.ToString(CultureInfo.InvariantCulture)),
            CompletedOn = new LocalDate(2022, 7, 1),
        };

    private static ProgrammeFacts Programme(decimal credits, CourseFacts[] courses) =>
        new()
        {
            InstitutionId = "shou",
            ProgrammeId = "p1",
            Level = "5",
            TotalCredits = new Credits(credits),
            RuleSetFamily = "sqf",
            Courses = courses,
        };

    private static EvaluationRequest GoldenRequest()
    {
        var leisure = Course("o09", "x", 40, 0) with { Kind = OutcomeKinds.Leisure, Unit = "point", CourseCode = null };
        var certificate = new CertificateFacts { Code = "x7", Level = "intermediate" };
        return new EvaluationRequest
        {
            AppliedOn = new LocalDate(2024, 10, 8),
            Programme = Programme(
                70,
                [
                    new("T1", "高等数学", new Credits(4), "foundation", true),
                    new("T2", "大学英语", new Credits(4), "foundation", true),
                    new("T3", "数据库", new Credits(3), "core", true),
                    new("T4", "C 程序设计", new Credits(3), "core", true),
                    new("T5", "综合课程", new Credits(3.5m), "core", false),
                    new("T7", "核心课甲", new Credits(4), "core", false),
                    new("T8", "核心课乙", new Credits(3), "core", false),
                    new("T9", "在线课程", new Credits(3), "core", false),
                    new("T10", "思政", new Credits(3), "foundation", true),
                ]
            ),
            Outcomes =
            [
                Course("o01", "C1", 4, 78) with
                {
                    CompletedOn = new LocalDate(2021, 9, 5),
                },
                Course("o02", "C2", 4, 58),
                Course("o03", "C3", 3, 85) with
                {
                    CompletedOn = new LocalDate(2014, 7, 1),
                },
                Course("o04", "C4", 3, 70),
                Course("o05", "C5", 2, 66),
                Course("o06", "C6", 1.5m, 80),
                Course("o07", "x", 6, 80) with
                {
                    Kind = OutcomeKinds.XCertificate,
                    CourseCode = null,
                    Credits = null,
                    Unit = null,
                    Level = null,
                    Grade = null,
                    Certificate = certificate,
                },
                Course("o08", "C8", 3, 80) with
                {
                    Kind = OutcomeKinds.OnlineCourse,
                },
                leisure,
                Course("o10", "C10", 3, 90) with
                {
                    Subject = "political-theory",
                },
            ],
        };
    }

    private static string FindSpecs()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CreditBank.sln")))
                return Path.Combine(folder.FullName, "specs", "rules");
        }

        throw new InvalidOperationException("Run the benchmarks from a clone of the repository.");
    }
}

/// <summary>A rule set of sqf 2021.1 with a large table, in a folder that goes away.</summary>
internal sealed class BenchmarkFolder : IDisposable
{
    public BenchmarkFolder()
    {
        Path = Directory.CreateTempSubdirectory("rules-benchmark-").FullName;
        foreach (
            var file in Directory.EnumerateFiles(
                System.IO.Path.Combine(BenchmarkRuleSets.Specs, "sqf", "2021.1"),
                "*.yaml"
            )
        )
            File.Copy(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)));
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "tables"));
    }

    public string Path { get; }

    /// <summary>
    /// The first 500 rows are those that the request meets; the rest are other institutions' courses.
    /// </summary>
    public void WriteTables(int rows)
    {
        var text = new StringBuilder(
            "id,sourceInstitution,sourceCourse,targetInstitution,targetCourse,similarity,cites\n"
        );
        for (var i = 0; i < rows; i++)
        {
            var institution = i < 500 ? $"u{i % 5}" : $"x{i % 97}";
            text.Append(
                CultureInfo.InvariantCulture,
                $"r{i},{institution},C{i % 1000},shou,T{i % 60},0.9,ASSUMPTION\n"
            );
        }

        File.WriteAllText(System.IO.Path.Combine(Path, "tables", "large.csv"), text.ToString());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

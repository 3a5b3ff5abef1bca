using System.Globalization;
using System.Text;
using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules.Tests;

/// <summary>
/// Small random rule sets and requests from a seed: courses, groups, choices, free credit, caps of every kind.
/// </summary>
internal sealed class GeneratedRequests(int seed)
{
    private static readonly string[] Kinds =
    [
        OutcomeKinds.AcademicCourse,
        OutcomeKinds.OnlineCourse,
        OutcomeKinds.Training,
    ];
    private readonly Random random = new(seed);
    private readonly List<string> codes = [];

    public EvaluationRequest Request { get; private set; } = null!;

    public string Sections { get; private set; } = "";

    public GeneratedRequests Make(int outcomesMax = 8)
    {
        var courses = new List<CourseFacts>();
        for (var i = random.Next(1, 7); i > 0; i--)
            courses.Add(
                new($"T{i}", $"T{i}", Amount(2, 12), random.Next(2) == 0 ? "core" : "base", random.Next(2) == 0)
            );
        var outcomes = new List<OutcomeFacts>();
        for (var i = random.Next(1, outcomesMax + 1); i > 0; i--)
            outcomes.Add(Outcome(i));
        codes.AddRange(outcomes.Select(outcome => outcome.CourseCode!).Distinct().Order(StringComparer.Ordinal));
        Sections = Rules(courses);
        Request = new EvaluationRequest
        {
            Outcomes = outcomes,
            AppliedOn = new LocalDate(2024, 10, 8),
            Programme = new ProgrammeFacts
            {
                InstitutionId = "u9",
                ProgrammeId = "p1",
                Level = "1",
                TotalCredits = Amount(10, 60),
                RuleSetFamily = "small",
                Courses = courses,
            },
            Granted =
                random.Next(3) == 0
                    ?
                    [
                        new GrantedLine
                        {
                            Kind = Kinds[0],
                            Credits = Amount(1, 6),
                            Category = "core",
                        },
                    ]
                    : [],
        };
        return this;
    }

    public EvaluationRequest Shuffled() =>
        Request with
        {
            Outcomes = [.. Request.Outcomes.OrderBy(_ => random.Next())],
            Granted = [.. Request.Granted.OrderBy(_ => random.Next())],
            Programme = Request.Programme with { Courses = [.. Request.Programme.Courses.OrderBy(_ => random.Next())] },
        };

    private Credits Amount(int min, int max) => new(random.Next(min, max + 1) / 2m);

    private OutcomeFacts Outcome(int number)
    {
        var size = Amount(2, 12);
        return new OutcomeFacts
        {
            OutcomeId = $"o{number:D2}",
            InstitutionId = $"u{random.Next(2)}",
            Kind = Kinds[random.Next(Kinds.Length)],
            CourseCode = $"C{random.Next(9)}",
            Credits = size,
            Available = random.Next(4) == 0 ? Credits.Min(size, Amount(1, 6)) : null,
            Unit = random.Next(4) == 0 ? "third" : "credit",
            Grade = new GradeFacts("percent", random.Next(50, 100).ToString(CultureInfo.InvariantCulture)),
            CompletedOn = new LocalDate(2016 + random.Next(8), 1 + random.Next(12), 5),
        };
    }

    private string Rules(List<CourseFacts> courses)
    {
        var yaml = new StringBuilder();
        yaml.Append("equivalences:\n");
        for (var i = 0; i < 12; i++)
        {
            var targets = courses
                .OrderBy(_ => random.Next())
                .Take(random.Next(1, 4))
                .Select(course => course.Code)
                .ToList();
            var source = $"{{ course: {codes[random.Next(codes.Count)]} }}";
            var sources =
                random.Next(4) == 0
                    ? $"{{ all: [{source}, {{ course: {codes[random.Next(codes.Count)]} }}] }}"
                    : source;
            var target = random.Next(4) switch
            {
                0 => $"choose: [{string.Join(", ", targets)}]",
                1 => $"credit: {{ category: free }}",
                _ => $"courses: [{string.Join(", ", targets.Take(2))}]",
            };
            yaml.Append(
                CultureInfo.InvariantCulture,
                $"  - {{ id: e{i:D2}, from: {sources}, to: {{ {target} }}, cites: ASSUMPTION }}\n"
            );
        }

        AddCaps(yaml);
        AddClauses(yaml);
        return yaml.ToString();
    }

    private void AddCaps(StringBuilder yaml)
    {
        yaml.Append("caps:\n");
        Add(yaml, $"id: total, limit: {{ share: {random.Next(20, 90)}% }}");
        if (random.Next(2) == 0)
            Add(yaml, $"id: kind, counts: {{ outcome.kind: onlineCourse }}, limit: {{ credits: {random.Next(1, 9)} }}");
        if (random.Next(2) == 0)
            Add(yaml, $"id: items, per: institution, limit: {{ items: {random.Next(1, 4)} }}");
    }

    private void AddClauses(StringBuilder yaml)
    {
        yaml.Append("clauses:\n");
        Add(yaml, $"id: score, decides: scoreMinimum, value: {random.Next(50, 75)}");
        Add(yaml, $"id: size, decides: sourceCoversTarget, value: {Either("required", "ignored")}");
        Add(yaml, $"id: rest, decides: remainder, value: {Either("forfeit", "retain")}");
        Add(yaml, $"id: tries, decides: attempts, value: {Either("best", "all")}");
    }

    private string Either(string one, string other) => random.Next(2) == 0 ? one : other;

    private static void Add(StringBuilder yaml, string entry) =>
        yaml.Append("  - { ").Append(entry).Append(", title: { zh: 题, en: title }, cites: ASSUMPTION }\n");
}

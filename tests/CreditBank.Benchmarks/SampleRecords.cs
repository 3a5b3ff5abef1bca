namespace CreditBank.Benchmarks;

/// <summary>Records as a registry would send them, made by counting.</summary>
internal static class SampleRecords
{
    /// <summary>A record of a learner named by the institution's own number.</summary>
    public static string OfStudent(int student, int number) =>
        Record(
            $"{{\"identity\":{{\"type\":\"institutional\",\"number\":\"s{student}\","
                + $"\"institutionId\":\"{RunningService.InstitutionId}\"}},\"name\":\"学生{student}\"}}",
            $"r{student}-{number}",
            number
        );

    /// <summary>A record of a learner named by account.</summary>
    public static string OfAccount(string accountId, string recordId, int number) =>
        Record($"{{\"accountId\":\"{accountId}\"}}", recordId, number);

    /// <summary>A transcript of the benchmarks' institution.</summary>
    public static string Transcript(string reference, params IEnumerable<string> records) =>
        TranscriptOf(RunningService.InstitutionId, reference, records);

    /// <summary>A transcript of an institution.</summary>
    public static string TranscriptOf(string institutionId, string reference, params IEnumerable<string> records) =>
        $"{{\"institutionId\":\"{institutionId}\",\"reference\":\"{reference}\","
        + $"\"term\":\"2024-spring\",\"records\":[{string.Join(',', records)}]}}";

    private static string Record(string learner, string recordId, int number)
    {
        var (course, credits) = (number % 400, 2 + number % 3);
        var (score, day) = (60 + number % 40, 1 + number % 28);
        return $"{{\"recordId\":\"{recordId}\",\"revision\":1,\"learner\":{learner},\"kind\":\"academicCourse\","
            + $"\"courseCode\":\"C{course}\",\"title\":\"课程 {course}\",\"credits\":{credits},\"unit\":\"cn-credit\","
            + $"\"level\":\"6\",\"result\":\"passed\",\"grade\":{{\"scale\":\"percent\",\"value\":\"{score}\"}},"
            + $"\"startedOn\":\"2024-02-26\",\"completedOn\":\"2024-06-{day:00}\"}}";
    }
}

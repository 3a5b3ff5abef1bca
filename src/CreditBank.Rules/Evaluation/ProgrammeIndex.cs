namespace CreditBank.Rules;

/// <summary>The programme's courses by code, and which of them are filled or covered already.</summary>
internal sealed class ProgrammeIndex
{
    private readonly Dictionary<string, CourseFacts> courses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> filled = new(StringComparer.Ordinal);

    public ProgrammeIndex(EvaluationRequest request)
    {
        foreach (var course in request.Programme.Courses)
            courses.TryAdd(course.Code, course);
        foreach (var line in request.Granted)
        {
            foreach (var code in line.CourseCodes)
                filled[code] = LineCodes.TargetFilled;
            foreach (var code in line.CoversCourseCodes)
                filled.TryAdd(code, LineCodes.Covered);
        }
    }

    public bool IsFilled(string code) => filled.ContainsKey(code);

    public Finding? FindingFor(string code) =>
        filled.TryGetValue(code, out var why) ? new Finding(LineResult.Miss, why, null, code) : null;

    /// <summary>The courses of the programme among the codes, in the order given.</summary>
    public CourseFacts[] Find(string[] codes)
    {
        var places = new List<CourseFacts>(codes.Length);
        foreach (var code in codes)
        {
            if (courses.TryGetValue(code, out var course))
                places.Add(course);
        }

        return [.. places];
    }
}

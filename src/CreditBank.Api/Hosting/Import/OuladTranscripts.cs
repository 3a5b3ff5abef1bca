using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Api.Hosting.Import;

/// <summary>A transcript ready to be sent as NDJSON.</summary>
/// <param name="Reference">The sender's own name of it.</param>
/// <param name="Term">The term it is of.</param>
/// <param name="Records">Its records, a JSON text each.</param>
public sealed record PreparedTranscript(string Reference, string Term, IReadOnlyList<string> Records);

/// <summary>
/// The Open University Learning Analytics data set (CC BY 4.0) as transcripts: one module presentation is one
/// transcript, one learner's result in it one record.
/// </summary>
/// <remarks>
/// ASSUMPTION: a module counts 30 credits in unit <c>uk-cats</c>; a presentation starts on 1 October of its year and
/// ends after its length in days. Pass and Distinction earn the credit, Fail is recorded and earns none. What the data
/// set calls <c>studied_credits</c> is the learner's load and is not posted.
/// </remarks>
public static class OuladTranscripts
{
    /// <summary>The institution that posts.</summary>
    public const string InstitutionId = "uk-ou";

    /// <summary>The file of results.</summary>
    public const string StudentsFile = "studentInfo.csv";

    private const string CoursesFile = "courses.csv";
    private const int ModuleCredits = 30;
    private static readonly AnnualDate FirstDay = new(10, 1);

    /// <summary>Reads the folder.</summary>
    /// <exception cref="StartRefusedException">A file lacks a column, or a value is not what the data set
    /// promises.</exception>
    public static IReadOnlyList<PreparedTranscript> Read(string folder)
    {
        var lengths = Rows(Path.Combine(folder, CoursesFile))
            .ToDictionary(
                row => (row["code_module"], row["code_presentation"]),
                row => int.Parse(row["module_presentation_length"], CultureInfo.InvariantCulture)
            );
        return
        [
            .. Rows(Path.Combine(folder, StudentsFile))
                .GroupBy(row => (Module: row["code_module"], Presentation: row["code_presentation"]))
                .OrderBy(group => group.Key)
                .Select(group => new PreparedTranscript(
                    $"{group.Key.Module}-{group.Key.Presentation}",
                    group.Key.Presentation,
                    [.. group.Select(row => Record(row, lengths[group.Key]))]
                )),
        ];
    }

    private static string Record(IReadOnlyDictionary<string, string> row, int lengthDays)
    {
        var (module, presentation, student) = (row["code_module"], row["code_presentation"], row["id_student"]);
        var startedOn = FirstDay.InYear(int.Parse(presentation.AsSpan(0, 4), CultureInfo.InvariantCulture));
        var result = row["final_result"];
        return JsonSerializer.Serialize(
            new
            {
                recordId = $"{module}-{presentation}-{student}",
                revision = 1,
                learner = new
                {
                    identity = new
                    {
                        type = "institutional",
                        number = student,
                        institutionId = InstitutionId,
                    },
                },
                kind = "academicCourse",
                courseCode = module,
                title = $"Module {module}",
                credits = ModuleCredits,
                unit = "uk-cats",
                result = result is "Pass" or "Distinction" ? "passed" : "failed",
                grade = new { scale = InstitutionId, value = result },
                startedOn = LocalDatePattern.Iso.Format(startedOn),
                completedOn = LocalDatePattern.Iso.Format(startedOn.PlusDays(lengthDays)),
            }
        );
    }

    private static IEnumerable<IReadOnlyDictionary<string, string>> Rows(string path)
    {
        using var lines = File.ReadLines(path).GetEnumerator();
        if (!lines.MoveNext())
        {
            throw new StartRefusedException($"{path} is empty.");
        }

        var columns = lines.Current.Split(',');
        var number = 1;
        while (lines.MoveNext())
        {
            number++;
            var values = lines.Current.Split(',');
            if (values.Length != columns.Length)
            {
                throw new StartRefusedException(
                    $"{path}, line {number}: {values.Length} values, {columns.Length} expected."
                );
            }

            yield return columns.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second);
        }
    }
}

using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>Caps, requirements of the award, study times, grade scales and distributions.</summary>
internal sealed partial class RuleSetReader
{
    private List<Bound> ReadBounds(string name, bool isCap)
    {
        var bounds = new List<Bound>();
        foreach (var fields in root.Groups(name))
        {
            var id = ClauseId(fields);
            var limit = fields.Group("limit");
            if (limit is null)
                fields.Required("limit");
            var bound = new Bound
            {
                Id = id,
                Title = fields.RequiredTexts("title"),
                Cites = Cites(fields),
                Order = (int)(fields.Number("order", 0, 1000) ?? 0),
                Applies = ReadWhen(fields, "when"),
                Counts = ReadWhen(fields, "counts"),
                Amount = limit?.Number("credits"),
                Items = limit?.Number("items", 0, 10_000) is { } items ? (int)items : null,
                Share = limit?.Number("share", 0, 1),
                ShareOf = limit is not null && limit.Has("ofCourses") ? ReadWhen(limit, "ofCourses") : null,
                Per = ReadScope(fields),
            };
            if (limit is not null)
            {
                string[] ways = ["credits", "items", "share"];
                if (ways.Count(limit.Has) != 1)
                    problems.Add(limit.At, "cap.limit", "A limit has exactly one of 'credits', 'items' and 'share'.");
                limit.Done();
            }

            if (!isCap && bound.Per != CapScope.All)
                fields.Problem("per", "requirement.per", "A requirement counts everything; 'per' belongs to caps.");
            bounds.Add(bound);
            fields.Done();
        }

        return [.. bounds.OrderBy(bound => bound.Order).ThenBy(bound => bound.Id, StringComparer.Ordinal)];
    }

    private static CapScope ReadScope(FieldReader fields) =>
        fields.Word("per", "all", "all", "institution", "category", "kind", "outcome", "academicYear", "term") switch
        {
            "institution" => CapScope.Institution,
            "category" => CapScope.Category,
            "kind" => CapScope.Kind,
            "outcome" => CapScope.Outcome,
            "academicYear" => CapScope.AcademicYear,
            "term" => CapScope.Term,
            _ => CapScope.All,
        };

    private List<StudyTime> ReadStudyTimes()
    {
        var times = new List<StudyTime>();
        foreach (var fields in root.Groups("studyTimes"))
        {
            var id = ClauseId(fields);
            var text = fields.Required("minimum");
            var span = Numbers.Span(text, fields.PositionOf("minimum"), "'minimum'", problems);
            var applies = ReadWhen(fields, "when");
            times.Add(
                new(id, applies, span ?? new CalendarSpan("day", 1), fields.RequiredTexts("title"), Cites(fields))
            );
            fields.Done();
        }

        return times;
    }

    private Dictionary<string, GradeScale> ReadScales()
    {
        var scales = new Dictionary<string, GradeScale>(StringComparer.Ordinal);
        foreach (var fields in root.Groups("scales"))
        {
            var id = fields.Id();
            var words = new List<GradeWord>();
            foreach (var word in fields.Groups("words"))
            {
                var from = new Credits(word.Number("from", 0, 100) ?? 0);
                if (words.Count > 0 && words[^1].From <= from)
                    word.Problem("from", "scale.order", "Words stand from the best to the worst.");
                words.Add(new GradeWord(word.Required("word"), from));
                word.Done();
            }

            var title = fields.RequiredTexts("title");
            var scale = new GradeScale(id, title, fields.Number("min"), fields.Number("max"), words, Cites(fields));
            if (words.Count == 0 && (scale.Min is null || scale.Max is null || scale.Min >= scale.Max))
                fields.Problem("min", "scale.bounds", "A scale has 'words', or 'min' and a larger 'max'.");
            if (!scales.TryAdd(id, scale))
                fields.Problem("id", "scale.duplicate", $"The scale '{id}' is described twice.");
            fields.Done();
        }

        return scales;
    }

    private Dictionary<string, GradeDistribution> ReadDistributions()
    {
        var distributions = new Dictionary<string, GradeDistribution>(StringComparer.Ordinal);
        foreach (var fields in root.Groups("distributions"))
        {
            var id = ClauseId(fields);
            var shares = new List<(string Grade, decimal Share)>();
            foreach (var share in fields.Groups("shares"))
            {
                shares.Add((share.Required("grade"), share.Number("share", 0, 1) ?? 0));
                share.Done();
            }

            if (shares.Sum(share => share.Share) != 1)
                fields.Problem("shares", "distribution.sum", "The shares of the passing grades add up to 100%.");
            distributions.TryAdd(id, new GradeDistribution(id, shares, Cites(fields)));
            fields.Done();
        }

        return distributions;
    }
}

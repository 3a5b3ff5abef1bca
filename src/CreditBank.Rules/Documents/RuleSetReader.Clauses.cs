namespace CreditBank.Rules;

/// <summary>Clauses: base rules, their exceptions, and the proof that no two decide the same question.</summary>
internal sealed partial class RuleSetReader
{
    private ClauseBook ReadClauses()
    {
        var clauses = new List<Clause>();
        foreach (var fields in root.Groups("clauses"))
        {
            if (ReadClause(fields) is { } clause)
                clauses.Add(clause);
            fields.Done();
        }

        LinkExceptions(clauses);
        CheckConflicts(clauses);
        return new ClauseBook(clauses);
    }

    private Clause? ReadClause(FieldReader fields)
    {
        var id = ClauseId(fields);
        var question = ReadQuestion(fields);
        var refuse = fields.Text("refuse");
        var lift = fields.Flag("lift");
        if ((question is null ? 0 : 1) + (refuse is null ? 0 : 1) + (lift ? 1 : 0) != 1 && !fields.Has("decides"))
        {
            problems.Add(fields.At, "clause.kind", "A clause has exactly one of 'decides', 'refuse' and 'lift: true'.");
            return null;
        }

        var when = ReadWhen(fields, "when");
        var text = refuse is null ? fields.Texts("text") : fields.RequiredTexts("text");
        return new Clause
        {
            Id = id,
            At = fields.At,
            Title = fields.RequiredTexts("title"),
            Cites = Cites(fields),
            When = when,
            ExceptionTo = fields.Text("exceptionTo"),
            Decides = question,
            Answers = question is { } asked ? ReadAnswers(fields, asked) : [],
            By = ReadBasis(fields),
            RefuseCode = refuse,
            RefuseResult =
                fields.Word("result", "miss", "miss", "maybe") == "maybe" ? LineResult.Maybe : LineResult.Miss,
            Text = text,
            Next = fields.Texts("next"),
            NeedsTarget = when.Fields.Any(FactFields.NeedsTarget),
        };
    }

    private static Question? ReadQuestion(FieldReader fields)
    {
        if (fields.Text("decides") is not { } name)
            return null;
        if (Questions.TryFind(name, out var question))
            return question;
        var known = string.Join(", ", Questions.AllNames);
        fields.Problem("decides", "question.unknown", $"'{name}' is no question; known are {known}.");
        return null;
    }

    private static DateBasis ReadBasis(FieldReader fields) =>
        fields.Word("by", "appliedOn", "appliedOn", "completedOn", "enrolledOn", "decidedOn") switch
        {
            "completedOn" => DateBasis.Completed,
            "enrolledOn" => DateBasis.Enrolled,
            "decidedOn" => DateBasis.Decided,
            _ => DateBasis.Applied,
        };

    private List<DatedAnswer> ReadAnswers(FieldReader fields, Question question)
    {
        if (fields.Has("value") == fields.Has("values"))
        {
            problems.Add(fields.At, "clause.value", "A deciding clause has one 'value', or 'values' with their dates.");
            return [];
        }

        if (fields.Has("value"))
            return ReadAnswer(fields, question) is { } answer ? [new DatedAnswer(Period.Always, answer)] : [];
        var answers = new List<DatedAnswer>();
        foreach (var dated in fields.Groups("values"))
        {
            var period = dated.Period();
            if (answers.Any(other => other.Period.Overlaps(period)))
                dated.Problem("from", "period.overlap", "The periods of two values overlap.");
            if (ReadAnswer(dated, question) is { } value)
                answers.Add(new DatedAnswer(period, value));
            if (dated.Has("cites"))
                Cites(dated);
            dated.Done();
        }

        return answers;
    }

    private Answer? ReadAnswer(FieldReader fields, Question question)
    {
        var shape = Questions.ShapeOf(question);
        if (shape.Type == AnswerType.Words)
            return new Answer(null, null, fields.Words("value"), null);
        if (shape.Type == AnswerType.Number)
            return fields.Number("value", 0, shape.NumberMax) is { } number
                ? new Answer(number, null, null, null)
                : null;
        var text = fields.Required("value");
        if (shape.Type == AnswerType.Span)
        {
            return Numbers.Span(text, fields.PositionOf("value"), $"'{shape.Name}'", problems) is { } span
                ? new Answer(null, null, null, span)
                : null;
        }

        return fields.Word("value", "", shape.Words) is { Length: > 0 } word
            ? new Answer(null, word, null, null)
            : null;
    }

    private void LinkExceptions(List<Clause> clauses)
    {
        var byId = clauses.GroupBy(clause => clause.Id).ToDictionary(group => group.Key, group => group.First());
        foreach (var clause in clauses.Where(clause => clause.ExceptionTo is not null))
        {
            if (!byId.TryGetValue(clause.ExceptionTo!, out var parent))
                problems.Add(clause.At, "exception.unknown", $"'{clause.ExceptionTo}' is no clause of this rule set.");
            else if (parent.Decides != clause.Decides)
                problems.Add(
                    clause.At,
                    "exception.question",
                    $"'{clause.Id}' and '{parent.Id}' decide different things."
                );
            else if (IsCircular(clause, byId))
                problems.Add(clause.At, "exception.circular", $"'{clause.Id}' is, in the end, an exception to itself.");
        }

        foreach (var clause in clauses)
        {
            if (clause is { ExceptionTo: null, Decides: null, RefuseCode: null })
                problems.Add(clause.At, "clause.kind", $"'{clause.Id}' lifts a refusal and names it in 'exceptionTo'.");
            clause.Exceptions =
            [
                .. clauses
                    .Where(other => other.ExceptionTo == clause.Id && !ReferenceEquals(other, clause))
                    .OrderBy(other => other.Id, StringComparer.Ordinal),
            ];
        }
    }

    private static bool IsCircular(Clause clause, Dictionary<string, Clause> byId)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var next = clause; next?.ExceptionTo is { } parent; next = byId.GetValueOrDefault(parent))
        {
            if (!seen.Add(next.Id))
                return true;
        }

        return false;
    }

    /// <summary>Two clauses on the same step that could both hold would make the answer a coin toss.</summary>
    private void CheckConflicts(List<Clause> clauses)
    {
        var steps = clauses
            .Where(clause => clause.ExceptionTo is not null || clause.Decides is not null)
            .GroupBy(clause => (clause.ExceptionTo, clause.ExceptionTo is null ? clause.Decides : null));
        foreach (var step in steps)
        {
            var siblings = step.OrderBy(clause => clause.Id, StringComparer.Ordinal).ToList();
            for (var i = 0; i < siblings.Count; i++)
            {
                for (var j = i + 1; j < siblings.Count; j++)
                {
                    if (
                        siblings[i].OverlapsInTime(siblings[j])
                        && !Condition.Exclude(siblings[i].When, siblings[j].When)
                    )
                    {
                        problems.Add(
                            siblings[j].At,
                            "clause.conflict",
                            $"'{siblings[i].Id}' and '{siblings[j].Id}' could both decide; make one the exception."
                        );
                    }
                }
            }
        }
    }
}

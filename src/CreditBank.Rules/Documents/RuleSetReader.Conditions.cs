using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// Conditions as registrars write them: <c>when: { outcome.kind: [training], outcome.score: { below: 60 } }</c>.
/// </summary>
internal sealed partial class RuleSetReader
{
    private Condition ReadWhen(FieldReader fields, string name)
    {
        if (fields.Node(name) is not { } node)
            return Condition.Always;
        return ReadCondition(node);
    }

    private Condition ReadCondition(DocumentNode node)
    {
        if (node is not DocumentMap map)
        {
            problems.Add(node.At, "condition.kind", $"A condition is a group of facts, not {node.Describe()}.");
            return Condition.Always;
        }

        var parts = new List<Condition>(map.Entries.Count);
        foreach (var (key, at, value) in map.Entries)
        {
            if (key is "any" or "all")
            {
                if (value is not DocumentList { Items.Count: > 0 } list)
                {
                    problems.Add(at, "condition.kind", $"'{key}' is a list of conditions.");
                    continue;
                }

                var branches = list.Items.Select(ReadCondition).ToArray();
                parts.Add(key == "any" ? new Condition.AnyOf(branches) : new Condition.AllOf(branches));
            }
            else if (!FactFields.TryFind(key, out var field, out var type))
            {
                var known = string.Join(", ", FactFields.AllNames);
                problems.Add(at, "fact.unknown", $"'{key}' is no fact; known are any, all, {known}.");
            }
            else if (ReadMatcher(value, field, type) is { } matcher)
            {
                parts.Add(new Condition.FactCondition(field, matcher));
            }
        }

        return parts.Count == 1 ? parts[0] : new Condition.AllOf([.. parts]);
    }

    private Matcher? ReadMatcher(DocumentNode node, FactField field, FactType type)
    {
        if (node is not DocumentMap map)
            return ReadOneOf(node, field, type);
        var fields = new FieldReader(map, problems);
        var matcher = ReadNamedMatcher(fields, field, type);
        fields.Done();
        return matcher;
    }

    private Matcher? ReadNamedMatcher(FieldReader fields, FactField field, FactType type)
    {
        if (fields.Has("present"))
            return fields.Flag("present") ? new Matcher.Present() : new Matcher.Absent();
        if (type is FactType.Number or FactType.Date)
            return ReadRange(fields, field, type);
        if (fields.Has("contains"))
            return new Matcher.Containing([.. fields.Words("contains")]);
        if (fields.Has("not"))
        {
            var texts = fields.Words("not");
            CheckTexts(texts, field, fields.PositionOf("not"));
            return new Matcher.NoneOf([.. texts]);
        }

        problems.Add(
            fields.At,
            "condition.matcher",
            "Expected a text, a list, or one of 'not', 'contains', 'present'."
        );
        return null;
    }

    private Matcher.Range? ReadRange(FieldReader fields, FactField field, FactType type)
    {
        var (atLeast, above) = (ReadBound(fields, "atLeast", field, type), ReadBound(fields, "above", field, type));
        var (atMost, below) = (ReadBound(fields, "atMost", field, type), ReadBound(fields, "below", field, type));
        if ((atLeast is not null && above is not null) || (atMost is not null && below is not null))
            problems.Add(
                fields.At,
                "condition.range",
                "One lower and one upper bound: atLeast or above, atMost or below."
            );
        if ((atLeast ?? above ?? atMost ?? below) is null)
        {
            problems.Add(
                fields.At,
                "condition.range",
                "Expected some of 'atLeast', 'above', 'atMost', 'below', 'present'."
            );
            return null;
        }

        var range = new Matcher.Range(atLeast ?? above, above is not null, atMost ?? below, below is not null);
        if (range.IsEmpty)
            problems.Add(fields.At, "condition.range", "No value can satisfy this.");
        return range;
    }

    private decimal? ReadBound(FieldReader fields, string name, FactField field, FactType type) =>
        fields.Text(name) is { } text ? ReadNumber(text, fields.PositionOf(name), field, type) : null;

    private decimal? ReadNumber(string text, Position at, FactField field, FactType type)
    {
        if (type == FactType.Date)
            return Numbers.Date(text, at, "This", problems) is { } on ? FactValue.DayNumber(on) : null;
        if (field is not (FactField.OutcomeLevel or FactField.ProgrammeLevel))
            return Numbers.Read(text, at, "This", -Credits.MagnitudeMax, Credits.MagnitudeMax, problems);
        if (!levelIds.Contains(text))
            problems.Add(at, "level.unknown", $"'{text}' is no level of this framework.");
        return RankOf(text);
    }

    private Matcher? ReadOneOf(DocumentNode node, FactField field, FactType type)
    {
        var texts = node switch
        {
            DocumentText text => [text.Value],
            DocumentList list => list.Items.OfType<DocumentText>().Select(text => text.Value).ToList(),
            _ => (List<string>)[],
        };
        if (texts.Count == 0)
        {
            problems.Add(node.At, "condition.matcher", "Expected a text or a list of texts.");
            return null;
        }

        if (type is FactType.Number or FactType.Date)
        {
            var number = texts.Count == 1 ? ReadNumber(texts[0], node.At, field, type) : null;
            if (texts.Count != 1)
                problems.Add(
                    node.At,
                    "condition.matcher",
                    "A number or day is compared with one value or with bounds."
                );
            return number is null ? null : new Matcher.Range(number, false, number, false);
        }

        if (type == FactType.Flag && texts.Any(text => text is not ("true" or "false")))
            problems.Add(node.At, "condition.matcher", "Expected true or false.");
        CheckTexts(texts, field, node.At);
        return new Matcher.OneOf([.. texts]);
    }

    private void CheckTexts(IEnumerable<string> texts, FactField field, Position at)
    {
        if (field != FactField.OutcomeKind)
            return;
        foreach (var kind in texts.Where(kind => !OutcomeKinds.All.Contains(kind)))
            problems.Add(
                at,
                "kind.unknown",
                $"'{kind}' is no kind of outcome; known: {string.Join(", ", OutcomeKinds.All)}."
            );
    }
}

using System.Globalization;
using CreditBank.Kernel;
using NodaTime;
using NodaTime.Text;

namespace CreditBank.Rules;

/// <summary>
/// Reads the fields of one group and reports what is wrong with their positions. A field nobody asked for is a problem
/// too, because a mistyped name would otherwise be a rule that silently does not exist.
/// </summary>
internal sealed class FieldReader(DocumentMap map, ProblemList problems)
{
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);

    public Position At => map.At;

    public DocumentMap Map => map;

    public ProblemList Problems => problems;

    public static FieldReader? Of(DocumentNode node, string expected, ProblemList problems)
    {
        if (node is DocumentMap map)
            return new FieldReader(map, problems);
        problems.Add(node.At, "field.kind", $"{expected} was expected as a group of fields, not {node.Describe()}.");
        return null;
    }

    public DocumentNode? Node(string name)
    {
        asked.Add(name);
        return map.Find(name);
    }

    public bool Has(string name) => map.Find(name) is not null;

    public Position PositionOf(string name) => map.Find(name)?.At ?? map.At;

    public void Problem(string name, string code, string text) => problems.Add(PositionOf(name), code, text);

    public string? Text(string name)
    {
        switch (Node(name))
        {
            case null:
                return null;
            case DocumentText { Value: var value } when value.Length > 0:
                return value;
            case var node:
                problems.Add(node.At, "field.kind", $"'{name}' is a text; here stands {node.Describe()}.");
                return null;
        }
    }

    public string Required(string name)
    {
        if (map.Find(name) is null)
            problems.Add(map.At, "field.missing", $"The field '{name}' is missing.");
        return Text(name) ?? "";
    }

    /// <summary>An id: letters, digits, hyphen, underscore and dot, at most 64 characters.</summary>
    public string Id(string name = "id")
    {
        var id = Required(name);
        if (id.Length > 64 || id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            Problem(name, "field.id", $"'{id}' is no id: letters, digits, '-', '_' and '.', at most 64 characters.");
        return id;
    }

    public string Word(string name, string otherwise, params ReadOnlySpan<string> words)
    {
        var word = Text(name);
        if (word is null)
            return otherwise;
        if (words.Contains(word))
            return word;
        Problem(name, "field.word", $"'{name}' is one of {string.Join(", ", words)}, not '{word}'.");
        return otherwise;
    }

    public bool Flag(string name) => Word(name, "false", "true", "false") == "true";

    public IReadOnlyList<string> Words(string name)
    {
        switch (Node(name))
        {
            case null:
                return [];
            case DocumentText { Value: var value }:
                return [value];
            case DocumentList list:
                var words = new List<string>(list.Items.Count);
                foreach (var item in list.Items)
                {
                    if (item is DocumentText { Value.Length: > 0 } text)
                        words.Add(text.Value);
                    else
                        problems.Add(item.At, "field.kind", $"'{name}' is a list of texts, not {item.Describe()}.");
                }

                return words;
            case var node:
                problems.Add(node.At, "field.kind", $"'{name}' is a list of texts, not {node.Describe()}.");
                return [];
        }
    }

    public decimal? Number(string name, decimal min = 0, decimal max = Credits.MagnitudeMax) =>
        Text(name) is { } text ? Numbers.Read(text, PositionOf(name), $"'{name}'", min, max, problems) : null;

    public Credits? Amount(string name) => Number(name) is { } number ? new Credits(number) : null;

    public LocalDate? Date(string name) =>
        Text(name) is { } text ? Numbers.Date(text, PositionOf(name), $"'{name}'", problems) : null;

    /// <summary>Half open, from <c>from</c> (inclusive) and <c>to</c> (exclusive).</summary>
    public Period Period(string from = "from", string to = "to")
    {
        var period = new Period(Date(from), Date(to));
        if (period.IsEmpty)
            Problem(to, "period.empty", $"'{to}' is the first day after the period and comes after '{from}'.");
        return period;
    }

    public BilingualText? Texts(string name)
    {
        if (Node(name) is not { } node || Of(node, $"'{name}'", problems) is not { } fields)
            return null;
        var text = new BilingualText(fields.Required("zh"), fields.Required("en"));
        fields.Done();
        return text;
    }

    public BilingualText RequiredTexts(string name)
    {
        if (map.Find(name) is null)
            problems.Add(map.At, "field.missing", $"The field '{name}' with 'zh' and 'en' is missing.");
        return Texts(name) ?? new BilingualText("", "");
    }

    public FieldReader? Group(string name) => Node(name) is { } node ? Of(node, $"'{name}'", problems) : null;

    public IEnumerable<FieldReader> Groups(string name)
    {
        if (Node(name) is not { } node)
            yield break;
        if (node is not DocumentList list)
        {
            problems.Add(node.At, "field.kind", $"'{name}' is a list, not {node.Describe()}.");
            yield break;
        }

        foreach (var item in list.Items)
        {
            if (Of(item, $"An entry of '{name}'", problems) is { } fields)
                yield return fields;
        }
    }

    /// <summary>Says which fields nobody asked for.</summary>
    public void Done()
    {
        foreach (var entry in map.Entries)
        {
            if (asked.Contains(entry.Key))
                continue;
            var known = string.Join(", ", asked.Order(StringComparer.Ordinal));
            problems.Add(entry.At, "field.unknown", $"The field '{entry.Key}' is unknown here; known are {known}.");
        }
    }
}

/// <summary>Reads numbers, shares, dates and durations as registrars write them.</summary>
internal static class Numbers
{
    private static readonly LocalDatePattern Day = LocalDatePattern.Iso;

    public static decimal? Read(string text, Position at, string what, decimal min, decimal max, ProblemList problems)
    {
        var percent = text.EndsWith('%');
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(percent ? text[..^1] : text, Plain, CultureInfo.InvariantCulture, out var number))
        {
            problems.Add(at, "number.syntax", $"{what} is a plain number such as 3.5; here stands '{text}'.");
            return null;
        }

        if (percent)
            number /= 100;
        if (number < min || number > max)
        {
            var range = string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");
            problems.Add(at, "number.range", $"{what} is from {range}; here stands {text}.");
            return null;
        }

        if (!Credits.IsRepresentable(number))
        {
            problems.Add(at, "number.decimals", $"{what} has at most four decimals; here stands {text}.");
            return null;
        }

        return number;
    }

    public static LocalDate? Date(string text, Position at, string what, ProblemList problems)
    {
        var parsed = Day.Parse(text);
        if (parsed.Success)
            return parsed.Value;
        problems.Add(at, "date.syntax", $"{what} is a day of the calendar such as 2024-09-01; here stands '{text}'.");
        return null;
    }

    /// <summary>A span in words: <c>8 years</c>, <c>30 months</c>, <c>15 days</c>.</summary>
    public static CalendarSpan? Span(string text, Position at, string what, ProblemList problems)
    {
        var parts = text.Split(' ');
        if (
            parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is > 0 and <= 1200
            && parts[1].TrimEnd('s') is var unit
            && (unit is "year" or "month" or "day")
        )
        {
            return new CalendarSpan(unit, count);
        }

        problems.Add(at, "span.syntax", $"{what} is a span such as '8 years' or '30 months'; here stands '{text}'.");
        return null;
    }
}

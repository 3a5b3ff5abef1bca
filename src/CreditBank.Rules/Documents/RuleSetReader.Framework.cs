using CreditBank.Kernel;
using NodaTime;

namespace CreditBank.Rules;

/// <summary>Levels, units, crosswalks, activities, rounding and the calendar.</summary>
internal sealed partial class RuleSetReader
{
    private readonly List<string> levelIds = [];
    private string frameworkId = "";
    private int standardDecimals = Credits.DecimalsMax;

    private decimal RankOf(string level) => levelIds.IndexOf(level) + 1;

    private (string Id, IReadOnlyList<LevelEntry> Levels) ReadLevels()
    {
        if (root.Group("framework") is not { } framework)
        {
            root.Required("framework");
            return ("", []);
        }

        var levels = new List<LevelEntry>();
        foreach (var fields in framework.Groups("levels"))
        {
            var id = fields.Id();
            if (levels.Any(level => level.Id == id))
                fields.Problem("id", "level.duplicate", $"The level '{id}' is described twice.");
            levels.Add(new(id, levels.Count + 1, fields.RequiredTexts("title"), fields.Texts("descriptor")));
            fields.Done();
        }

        if (levels.Count == 0)
            problems.Add(framework.At, "field.missing", "A framework has at least one level.");
        frameworkId = framework.Id();
        levelIds.AddRange(levels.Select(level => level.Id));
        framework.RequiredTexts("title");
        Cites(framework);
        framework.Done();
        return (frameworkId, levels);
    }

    private Dictionary<string, UnitEntry> ReadUnits(out string standard)
    {
        standard = root.Id("standardUnit");
        var hours = root.Number("standardHours", 0.01m, 1000);
        var units = new Dictionary<string, UnitEntry>(StringComparer.Ordinal);
        foreach (var fields in root.Groups("units"))
        {
            var id = fields.Id();
            var points = fields.Flag("points");
            var worth = points ? Ratio.One : ReadWorth(fields, hours);
            var issuers = fields
                .Groups("issuers")
                .Select(issuer =>
                {
                    var entry = (issuer.Id("institution"), ReadWorth(issuer, hours));
                    Cites(issuer);
                    issuer.Done();
                    return entry;
                })
                .ToList();
            var decimals = (int)(fields.Number("decimals", 0, Credits.DecimalsMax) ?? Credits.DecimalsMax);
            var unit = new UnitEntry(
                id,
                fields.RequiredTexts("title"),
                worth,
                points,
                decimals,
                issuers,
                Cites(fields)
            );
            foreach (var name in fields.Words("also").Prepend(id))
            {
                if (!units.TryAdd(name, unit))
                    fields.Problem("id", "unit.duplicate", $"'{name}' names two units.");
            }

            fields.Done();
        }

        if (!units.TryGetValue(standard, out var found) || found.Points)
            root.Problem("standardUnit", "unit.unknown", $"'{standard}' is no credit unit of this rule set.");
        else if (found.Worth.Numerator != found.Worth.Denominator)
            root.Problem("standardUnit", "unit.standard", "One standard credit is worth one standard credit.");
        standardDecimals = found?.Decimals ?? standardDecimals;
        return units;
    }

    /// <summary>The worth of one in standard credit: by notional hours, or as a ratio such as <c>2/3</c>.</summary>
    private static Ratio ReadWorth(FieldReader fields, decimal? standardHours)
    {
        var hours = fields.Number("hours", 0.01m, 10_000);
        if (fields.Text("ratio") is { } ratio)
        {
            var parts = ratio.Split('/');
            var at = fields.PositionOf("ratio");
            if (hours is not null || parts.Length > 2)
                fields.Problem("ratio", "unit.worth", "A unit has 'hours' or a 'ratio' such as 2/3, not both.");
            var top = Numbers.Read(parts[0], at, "'ratio'", 0.0001m, 100_000, fields.Problems) ?? 1;
            var bottom =
                parts.Length < 2 ? 1 : Numbers.Read(parts[1], at, "'ratio'", 0.0001m, 100_000, fields.Problems);
            return new Ratio(top, bottom ?? 1);
        }

        if (hours is { } own && standardHours is { } standard)
            return new Ratio(own, standard);
        fields.Problem(
            "hours",
            "unit.worth",
            "A unit says its worth: 'hours' (with 'standardHours' above) or 'ratio'."
        );
        return Ratio.One;
    }

    private Dictionary<string, ActivityEntry> ReadActivities()
    {
        var activities = new Dictionary<string, ActivityEntry>(StringComparer.Ordinal);
        foreach (var fields in root.Groups("activities"))
        {
            var id = fields.Id();
            fields.Required("perCredit");
            var perCredit = fields.Number("perCredit", 0.0001m, 100_000) ?? 1;
            var measure = fields.Word("measure", "hours", "hours", "weeks", "days");
            var entry = new ActivityEntry(id, fields.RequiredTexts("title"), perCredit, measure, fields.Flag("points"));
            if (!activities.TryAdd(id, entry))
                fields.Problem("id", "activity.duplicate", $"The activity '{id}' is described twice.");
            Cites(fields);
            fields.Done();
        }

        return activities;
    }

    private RoundingRule ReadRounding()
    {
        if (root.Group("rounding") is not { } fields)
            return RoundingRule.Exact;
        var step = fields.Number("step", 0.0001m, 100) ?? RoundingRule.Exact.Step;
        var mode = fields.Word("mode", "halfUp", "halfUp", "halfEven", "floor", "ceiling");
        var atTotal = fields.Word("at", "line", "line", "total") == "total";
        Cites(fields);
        fields.Done();
        return new RoundingRule(step, mode, atTotal);
    }

    private List<Crosswalk> ReadCrosswalks()
    {
        var crosswalks = new List<Crosswalk>();
        foreach (var fields in root.Groups("crosswalks"))
        {
            var id = ClauseId(fields);
            var (from, to) = (fields.Id("from"), fields.Id("to"));
            var rows = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            foreach (var row in fields.Groups("rows"))
            {
                var level = row.Required("level");
                var targets = row.Words("is");
                if (targets.Count > 1 && !row.Flag("alternatives"))
                    row.Problem("is", "crosswalk.ambiguous", $"Level {level} has several; say 'alternatives: true'.");
                row.Flag("alternatives");
                if (!rows.TryAdd(level, targets))
                    row.Problem("level", "crosswalk.contradiction", $"Level {level} stands in two rows.");
                if (to == frameworkId && targets.FirstOrDefault(target => !levelIds.Contains(target)) is { } unknown)
                    row.Problem("is", "level.unknown", $"'{unknown}' is no level of '{to}'.");
                row.Done();
            }

            if (crosswalks.Any(other => other.From == from && other.To == to))
                fields.Problem("id", "crosswalk.contradiction", $"Two tables lead from '{from}' to '{to}'.");
            crosswalks.Add(new Crosswalk(id, from, to, rows, Cites(fields)));
            fields.Done();
        }

        return crosswalks;
    }

    private List<Placement> ReadPlacements(IReadOnlyList<LevelEntry> levels)
    {
        var placements = new List<Placement>();
        foreach (var fields in root.Groups("placements"))
        {
            var id = ClauseId(fields);
            var level = fields.Required("level");
            if (levels.All(entry => entry.Id != level))
                fields.Problem("level", "level.unknown", $"'{level}' is no level of this framework.");
            placements.Add(new Placement(id, ReadWhen(fields, "when"), level));
            Cites(fields);
            fields.Done();
        }

        for (var i = 0; i < placements.Count; i++)
        {
            for (var j = i + 1; j < placements.Count; j++)
            {
                if (!Condition.Exclude(placements[i].When, placements[j].When))
                {
                    problems.Add(
                        clauseIds.GetValueOrDefault(placements[j].Id),
                        "clause.conflict",
                        $"'{placements[i].Id}' and '{placements[j].Id}' could both place one outcome."
                    );
                }
            }
        }

        return placements;
    }

    private List<ExperienceStep> ReadExperience()
    {
        var steps = new List<ExperienceStep>();
        foreach (var fields in root.Groups("experience"))
        {
            var id = ClauseId(fields);
            var years = fields.Number("yearsFrom", 0, 100) ?? 0;
            if (steps.Count > 0 && steps[^1].YearsFrom >= years)
                fields.Problem("yearsFrom", "experience.order", "Steps stand in rising order of years.");
            steps.Add(new ExperienceStep(id, years, fields.Number("factor", 0.0001m, 100) ?? 1));
            Cites(fields);
            fields.Done();
        }

        return steps;
    }

    private AcademicCalendar? ReadCalendar()
    {
        if (root.Group("calendar") is not { } fields)
            return null;
        var starts = ReadAnnual(fields, "yearStarts");
        var terms = new List<(string Id, AnnualDate Starts)>();
        foreach (var term in fields.Groups("terms"))
        {
            terms.Add((term.Id(), ReadAnnual(term, "starts")));
            term.Done();
        }

        if (terms.Count == 0)
            problems.Add(fields.At, "field.missing", "A calendar has at least one term.");
        Cites(fields);
        fields.Done();
        return terms.Count == 0 ? null : new AcademicCalendar(starts, terms);
    }

    private static AnnualDate ReadAnnual(FieldReader fields, string name)
    {
        var text = fields.Required(name);
        var parsed = NodaTime.Text.AnnualDatePattern.Iso.Parse(text);
        if (!parsed.Success)
            fields.Problem(name, "date.syntax", $"'{name}' is a day of the year such as 09-01; here stands '{text}'.");
        return parsed.Success ? parsed.Value : new AnnualDate(1, 1);
    }

    private void CheckCalendar(RuleSet rules)
    {
        foreach (var cap in rules.Caps)
        {
            if (cap.Per is CapScope.Term or CapScope.AcademicYear && rules.Calendar is null)
            {
                var at = clauseIds.GetValueOrDefault(cap.Id);
                problems.Add(at, "calendar.missing", $"'{cap.Id}' counts by term or year and needs a 'calendar'.");
            }
        }
    }
}

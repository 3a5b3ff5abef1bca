namespace CreditBank.Rules.Tests;

/// <summary>
/// The best result by trying everything: the ways to use outcomes are those the trace says passed all gates, and every
/// combination of them is held against single use and the caps, without any bound or order.
/// </summary>
internal static class ExhaustiveSearch
{
    public static decimal Best(EvaluationRequest request, RuleSet rules)
    {
        var trace = System.Text.Json.JsonDocument.Parse(
            Evaluator.Evaluate(request, new RuleSetCatalog([rules])).Proposal!.Trace
        );
        var ways = trace
            .RootElement.GetProperty("tried")
            .EnumerateArray()
            .Where(way => !way.TryGetProperty("against", out _))
            .Select(way => new Way(
                [.. way.GetProperty("outcomes").EnumerateArray().Select(id => id.GetString()!)],
                [.. way.GetProperty("courses").EnumerateArray().Select(code => code.GetString()!)],
                decimal.Parse(way.GetProperty("grant").GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            ))
            .ToList();
        return Try(ways, 0, [], request, Caps(rules));
    }

    private static decimal Try(List<Way> ways, int next, List<Way> taken, EvaluationRequest request, CapValues caps)
    {
        if (next == ways.Count)
            return taken.Sum(way => way.Grant);
        var best = Try(ways, next + 1, taken, request, caps);
        var way = ways[next];
        var clash = taken.Exists(other =>
            other.Outcomes.Intersect(way.Outcomes).Any() || other.Courses.Intersect(way.Courses).Any()
        );
        if (clash)
            return best;
        taken.Add(way);
        if (Fits(taken, request, caps))
            best = Math.Max(best, Try(ways, next + 1, taken, request, caps));
        taken.RemoveAt(taken.Count - 1);
        return best;
    }

    private static bool Fits(List<Way> taken, EvaluationRequest request, CapValues caps)
    {
        var sources = taken
            .Select(way => (way, First: request.Outcomes.Single(outcome => outcome.OutcomeId == way.Outcomes[0])))
            .ToList();
        var total = request.Granted.Sum(line => line.Credits.Value) + taken.Sum(way => way.Grant);
        if (taken.Count > 0 && total > request.Programme.TotalCredits.Value * caps.Share)
            return false;
        var online = sources
            .Where(entry => entry.First.Kind == OutcomeKinds.OnlineCourse)
            .Sum(entry => entry.way.Grant);
        if (caps.Online is { } most && online > most)
            return false;
        return caps.Items is not { } items
            || sources.GroupBy(entry => entry.First.InstitutionId).All(group => group.Count() <= items);
    }

    private static CapValues Caps(RuleSet rules)
    {
        using var text = System.Text.Json.JsonDocument.Parse(rules.CanonicalJson);
        var caps = text
            .RootElement.GetProperty("caps")
            .EnumerateArray()
            .ToDictionary(cap => cap.GetProperty("id").GetString()!, cap => cap.GetProperty("limit").Clone());
        return new CapValues(
            Number(caps["total"].GetProperty("share")) / 100,
            caps.TryGetValue("kind", out var kind) ? Number(kind.GetProperty("credits")) : null,
            caps.TryGetValue("items", out var items) ? Number(items.GetProperty("items")) : null
        );
    }

    private static decimal Number(System.Text.Json.JsonElement element) =>
        decimal.Parse(element.GetString()!.TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture);

    private sealed record Way(IReadOnlyList<string> Outcomes, IReadOnlyList<string> Courses, decimal Grant);

    private sealed record CapValues(decimal Share, decimal? Online, decimal? Items);
}

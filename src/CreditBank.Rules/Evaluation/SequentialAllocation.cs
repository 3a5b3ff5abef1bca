namespace CreditBank.Rules;

/// <summary>
/// Where order and priority decide (RK-27): lines are taken by the kinds' priority, then by the day they were earned,
/// then by id; then each cap, in its order, walks over them and cuts what is too much.
/// </summary>
internal static class SequentialAllocation
{
    public static AllocationResult Solve(AllocationProblem problem, Allocation how, bool partial)
    {
        var taken = new HashSet<int>();
        var lines = new List<(Option Option, long Granted)>();
        foreach (
            var option in problem
                .Options.OrderBy(option => Place(option, how))
                .ThenBy(Earned)
                .ThenBy(option => option.Group)
        )
        {
            if (option.Resources.Any(taken.Contains))
                continue;
            taken.UnionWith(option.Resources);
            lines.Add((option, option.Grant));
        }

        var counters = problem
            .Counters.Select((counter, place) => (Counter: counter, Place: place))
            .OrderBy(entry => entry.Counter.Cap.Order)
            .ThenBy(entry => entry.Counter.Cap.Id, StringComparer.Ordinal)
            .ThenBy(entry => entry.Counter.Scope, StringComparer.Ordinal);
        foreach (var (counter, place) in counters)
            Cut(lines, counter, place, partial);
        return new AllocationResult(
            [
                .. lines
                    .Where(line => line.Granted > 0)
                    .OrderBy(line => line.Option.Group)
                    .Select(line => (line.Option.Candidate, CapCounters.Unscaled(line.Granted))),
            ],
            Optimal: true,
            lines.Count
        );
    }

    private static void Cut(List<(Option Option, long Granted)> lines, Counter counter, int place, bool partial)
    {
        var used = counter.Used;
        for (var i = 0; i < lines.Count; i++)
        {
            var (option, granted) = lines[i];
            var hit = Array.Find(option.Hits, hit => hit.Counter == place);
            if (granted == 0 || hit.Amount == 0)
                continue;
            var asked = hit.Items ? hit.Amount : Math.Max(0, hit.Amount - (option.Grant - granted));
            var left = Math.Max(0, counter.Limit - used);
            var cut =
                asked <= left ? 0
                : partial && !hit.Items ? asked - left
                : granted;
            lines[i] = (option, granted - cut);
            used += cut == granted ? 0 : asked - (hit.Items ? 0 : cut);
        }
    }

    private static int Place(Option option, Allocation how)
    {
        var place = Array.IndexOf(how.Priority, option.Candidate.Sources[0].Facts.Kind);
        return place < 0 ? how.Priority.Length : place;
    }

    private static NodaTime.LocalDate Earned(Option option) => option.Candidate.Sources[0].Facts.CompletedOn;
}

using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// The assignment problem as whole numbers: options grouped by their first outcome, each with the resources it takes
/// alone (outcomes, targets, exclusive keys) and the counters it adds to.
/// </summary>
internal sealed class AllocationProblem
{
    public AllocationProblem(
        IReadOnlyList<Candidate> candidates,
        CapCounters caps,
        Allocation how,
        EvaluationRequest request
    )
    {
        var resources = new Dictionary<(Resource Kind, string Name), int>();
        var options = new List<Option>(candidates.Count);
        foreach (var candidate in candidates)
        {
            options.Add(
                new Option(
                    candidate,
                    CapCounters.Scaled(candidate.Grant),
                    [.. how.Prefer.Select(word => CostOf(word, candidate, request))],
                    ResourcesOf(candidate, resources),
                    [.. caps.HitsOf(candidate)]
                )
            );
        }

        options.Sort(Option.Compare);
        Options = [.. options];
        ResourceCount = resources.Count;
        Counters = caps.Counters;
        DropLooseCaps();
    }

    public Option[] Options { get; }

    public int ResourceCount { get; }

    public IReadOnlyList<Counter> Counters { get; }

    private static long CostOf(string preference, Candidate candidate, EvaluationRequest request) =>
        preference switch
        {
            "leastWaste" => candidate.Retains
                ? 0
                : Math.Max(0, CapCounters.Scaled(candidate.AvailableStandard) - CapCounters.Scaled(candidate.Grant)),
            "earliestExpiry" => candidate.Sources.Sum(source =>
                source.ExpiresOn is { } on ? (long)NodaTime.Period.DaysBetween(request.AppliedOn, on) : 36_500L
            ),
            "earliestCompleted" => candidate.Sources.Sum(source =>
                (long)NodaTime.Period.DaysBetween(BankCalendar.EarliestOn, source.Facts.CompletedOn)
            ),
            "highestScore" => candidate.Sources.Sum(source =>
                100 * CapCounters.One - CapCounters.Scaled(source.Score ?? Credits.Zero)
            ),
            _ => candidate.Sources.Length,
        };

    private static int[] ResourcesOf(Candidate candidate, Dictionary<(Resource Kind, string Name), int> resources)
    {
        var taken = new List<int>(candidate.Sources.Length + candidate.Targets.Length);
        foreach (var source in candidate.Sources)
        {
            Take(Resource.Outcome, source.Facts.OutcomeId);
            foreach (var key in source.Exclusive)
                Take(Resource.Key, key.Key);
        }

        foreach (var target in candidate.Targets)
            Take(Resource.Target, target.Code);
        foreach (var code in candidate.Free?.Covers ?? [])
            Take(Resource.Target, code);
        return [.. taken];

        void Take(Resource kind, string name)
        {
            if (!resources.TryGetValue((kind, name), out var number))
                resources[(kind, name)] = number = resources.Count;
            if (!taken.Contains(number))
                taken.Add(number);
        }
    }

    /// <summary>What only one option can have.</summary>
    private enum Resource
    {
        Outcome,
        Key,
        Target,
    }

    /// <summary>A counter that cannot be exceeded even if everything were granted ties nothing together.</summary>
    private void DropLooseCaps()
    {
        var most = new long[Counters.Count];
        var largest = new Dictionary<(int Group, int Counter), long>();
        foreach (var option in Options)
        {
            foreach (var hit in option.Hits)
            {
                var before = largest.GetValueOrDefault((option.Group, hit.Counter));
                if (hit.Amount <= before)
                    continue;
                largest[(option.Group, hit.Counter)] = hit.Amount;
                most[hit.Counter] += hit.Amount - before;
            }
        }

        foreach (var option in Options)
            option.BindingHits = Array.FindAll(option.Hits, hit => most[hit.Counter] > Counters[hit.Counter].Left);
    }
}

/// <summary>A candidate as the search sees it.</summary>
internal sealed class Option(Candidate candidate, long grant, long[] costs, int[] resources, CapHit[] hits)
{
    public Candidate Candidate => candidate;

    public long Grant => grant;

    public long[] Costs => costs;

    public int[] Resources => resources;

    public CapHit[] Hits => hits;

    public CapHit[] BindingHits { get; set; } = [];

    public int Group => candidate.Sources[0].Index;

    /// <summary>The stated greedy order: more credit first, then the preferences, then ids.</summary>
    public static int Compare(Option left, Option right)
    {
        var order = right.Grant.CompareTo(left.Grant);
        for (var i = 0; order == 0 && i < left.Costs.Length; i++)
            order = left.Costs[i].CompareTo(right.Costs[i]);
        if (order == 0)
            order = left.Group.CompareTo(right.Group);
        if (order == 0)
            order = string.CompareOrdinal(left.Candidate.Key, right.Candidate.Key);
        if (order == 0)
            order = string.CompareOrdinal(left.Candidate.Rules.Version, right.Candidate.Rules.Version);
        if (order == 0)
            order = string.CompareOrdinal(Ids(left), Ids(right));
        return order;
    }

    private static string Ids(Option option) =>
        string.Join(
            ' ',
            option
                .Candidate.Sources.Select(source => source.Facts.OutcomeId)
                .Concat(option.Candidate.Targets.Select(target => target.Code))
        );
}

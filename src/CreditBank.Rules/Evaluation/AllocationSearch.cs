using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>What was chosen, and whether it is proven best.</summary>
internal sealed record AllocationResult(
    IReadOnlyList<(Candidate Candidate, Credits Granted)> Chosen,
    bool Optimal,
    int Nodes
);

/// <summary>
/// Exact search: independent parts are solved on their own; within a part, branch and bound takes the groups in the
/// stated greedy order, so that the first full descent is the greedy result. Past the stated number of nodes that
/// greedy result stands (rulings 19).
/// </summary>
internal sealed class AllocationSearch(AllocationProblem problem, int nodesMax, bool partial)
{
    private readonly AllocationProblem problem = problem;
    private readonly int nodesMax = nodesMax;
    private readonly bool partial = partial;
    private readonly bool[] taken = new bool[problem.ResourceCount];
    private readonly long[] used = [.. problem.Counters.Select(counter => counter.Used)];
    private int nodes;

    public AllocationResult Solve()
    {
        var chosen = new List<(Candidate Candidate, Credits Granted)>();
        var optimal = true;
        foreach (var part in Parts())
        {
            if (part.Count == 1)
            {
                nodes++;
                if (IsFree(part[0]) && Allowed(part[0]) is > 0 and var whole)
                {
                    Take(part[0], whole, 1);
                    chosen.Add((part[0].Candidate, CapCounters.Unscaled(whole)));
                }

                continue;
            }

            var solver = new Part(this, [.. part]);
            optimal &= solver.Solve();
            foreach (var (option, granted) in solver.Best)
            {
                Take(option, granted, 1);
                chosen.Add((option.Candidate, CapCounters.Unscaled(granted)));
            }
        }

        chosen.Sort(
            static (left, right) => left.Candidate.Sources[0].Index.CompareTo(right.Candidate.Sources[0].Index)
        );
        return new AllocationResult(chosen, optimal, nodes);
    }

    /// <summary>Options that share an outcome, a target, a key or a binding cap belong together.</summary>
    private List<List<Option>> Parts()
    {
        var parent = Enumerable.Range(0, problem.ResourceCount + problem.Counters.Count).ToArray();
        foreach (var option in problem.Options)
        {
            foreach (var resource in option.Resources)
                parent[Root(resource)] = Root(option.Resources[0]);
            foreach (var hit in option.BindingHits)
                parent[Root(problem.ResourceCount + hit.Counter)] = Root(option.Resources[0]);
        }

        var byRoot = new Dictionary<int, List<Option>>();
        foreach (var option in problem.Options)
        {
            var root = Root(option.Resources[0]);
            if (!byRoot.TryGetValue(root, out var part))
                byRoot[root] = part = [];
            part.Add(option);
        }

        var parts = byRoot.Values.ToList();
        parts.Sort(static (left, right) => FirstGroup(left).CompareTo(FirstGroup(right)));
        return parts;

        int Root(int node)
        {
            while (parent[node] != node)
                node = parent[node] = parent[parent[node]];
            return node;
        }
    }

    private static int FirstGroup(List<Option> part)
    {
        var first = int.MaxValue;
        foreach (var option in part)
            first = Math.Min(first, option.Group);
        return first;
    }

    private bool IsFree(Option option)
    {
        foreach (var resource in option.Resources)
        {
            if (taken[resource])
                return false;
        }

        return true;
    }

    /// <summary>What the caps let through: all or nothing of whole courses, else as much as is left.</summary>
    private long Allowed(Option option)
    {
        var allowed = option.Grant;
        foreach (var hit in option.BindingHits)
        {
            var left = problem.Counters[hit.Counter].Limit - used[hit.Counter];
            if (left >= hit.Amount)
                continue;
            if (!partial || hit.Items || left <= 0)
                return 0;
            allowed = Math.Min(allowed, option.Grant - (hit.Amount - left));
        }

        return Math.Max(0, allowed);
    }

    private void Take(Option option, long granted, int sign)
    {
        foreach (var resource in option.Resources)
            taken[resource] = sign > 0;
        var cut = option.Grant - granted;
        foreach (var hit in option.Hits)
            used[hit.Counter] += sign * (hit.Items ? hit.Amount : Math.Max(0, hit.Amount - cut));
    }

    /// <summary>One independent part.</summary>
    private sealed class Part
    {
        private readonly AllocationSearch search;
        private readonly Option[][] groups;
        private readonly long[] mostAfter;
        private readonly int costCount;
        private readonly (long Cost, long Grant)[][] cheapestAfter;
        private readonly int[] counters;
        private readonly long step;
        private readonly List<(Option Option, long Granted)> path = [];
        private readonly long[] costs;
        private long granted;
        private long bestGranted = -1;
        private long[] bestCosts = [];
        private List<(Option Option, long Granted)>? first;
        private int nodesHere;

        public Part(AllocationSearch search, Option[] options)
        {
            this.search = search;
            groups =
            [
                .. options
                    .GroupBy(option => option.Group)
                    .Select(group => group.ToArray())
                    .OrderBy(group => Array.IndexOf(options, group[0])),
            ];
            costCount = options[0].Costs.Length;
            costs = new long[costCount];
            mostAfter = new long[groups.Length + 1];
            cheapestAfter = new (long, long)[costCount][];
            for (var cost = 0; cost < costCount; cost++)
                cheapestAfter[cost] = new (long, long)[groups.Length + 1];
            counters = [.. options.SelectMany(option => option.BindingHits).Select(hit => hit.Counter).Distinct()];
            step = options.Aggregate(0L, (divisor, option) => Divisor(divisor, option.Grant));
            SetBounds();
        }

        public List<(Option Option, long Granted)> Best { get; private set; } = [];

        /// <summary>Searches; false when the nodes ran out and the greedy result stands.</summary>
        public bool Solve()
        {
            Descend(0);
            if (nodesHere <= search.nodesMax)
                return true;
            Best = first ?? [];
            return false;
        }

        private static long Divisor(long left, long right)
        {
            while (right != 0)
                (left, right) = (right, left % right);
            return left;
        }

        private void SetBounds()
        {
            for (var group = groups.Length - 1; group >= 0; group--)
            {
                mostAfter[group] = mostAfter[group + 1] + groups[group].Max(option => option.Grant);
                for (var cost = 0; cost < costCount; cost++)
                {
                    var cheapest = cheapestAfter[cost][group + 1];
                    foreach (var option in groups[group])
                    {
                        if (
                            cheapest.Grant == 0
                            || (Int128)option.Costs[cost] * cheapest.Grant < (Int128)cheapest.Cost * option.Grant
                        )
                            cheapest = (option.Costs[cost], option.Grant);
                    }

                    cheapestAfter[cost][group] = cheapest;
                }
            }
        }

        private void Descend(int group)
        {
            search.nodes++;
            if (++nodesHere > search.nodesMax && first is not null)
                return;
            if (group == groups.Length)
            {
                Settle();
                return;
            }

            if (!CanImprove(group))
                return;
            foreach (var option in groups[group])
            {
                if (!search.IsFree(option) || search.Allowed(option) is not (> 0 and var allowed))
                    continue;
                search.Take(option, allowed, 1);
                path.Add((option, allowed));
                granted += allowed;
                for (var cost = 0; cost < costCount; cost++)
                    costs[cost] += option.Costs[cost];
                Descend(group + 1);
                for (var cost = 0; cost < costCount; cost++)
                    costs[cost] -= option.Costs[cost];
                granted -= allowed;
                path.RemoveAt(path.Count - 1);
                search.Take(option, allowed, -1);
            }

            Descend(group + 1);
        }

        private void Settle()
        {
            first ??= [.. path];
            if (granted < bestGranted || (granted == bestGranted && !IsCheaper()))
                return;
            bestGranted = granted;
            bestCosts = [.. costs];
            Best = [.. path];
        }

        private bool IsCheaper()
        {
            for (var cost = 0; cost < costCount; cost++)
            {
                if (costs[cost] != bestCosts[cost])
                    return costs[cost] < bestCosts[cost];
            }

            return false;
        }

        /// <summary>
        /// Whether the rest could still beat the best: by credit, or at equal credit by the preferences.
        /// </summary>
        private bool CanImprove(int group)
        {
            if (bestGranted < 0)
                return true;
            var most = granted + Room(group);
            if (most != bestGranted)
                return most > bestGranted;
            var missing = bestGranted - granted;
            for (var cost = 0; cost < costCount; cost++)
            {
                var (price, amount) = cheapestAfter[cost][group];
                // Rounded down, so that the estimate never exceeds what the rest really costs.
                var least = costs[cost] + (amount == 0 ? 0 : (long)((Int128)price * missing / amount));
                if (least != bestCosts[cost])
                    return least < bestCosts[cost];
            }

            return false;
        }

        /// <summary>
        /// The most the groups from here on can add: their largest options, or what a cap on all of them leaves.
        /// </summary>
        private long Room(int group)
        {
            var room = mostAfter[group];
            foreach (var counter in counters)
            {
                if (!CountsAll(counter))
                    continue;
                var left = Math.Max(0, search.problem.Counters[counter].Limit - search.used[counter]);
                if (!search.partial && step > 0)
                    left -= left % step;
                room = Math.Min(room, left);
            }

            return room;
        }

        private readonly Dictionary<int, bool> countsAll = [];

        private bool CountsAll(int counter)
        {
            if (countsAll.TryGetValue(counter, out var known))
                return known;
            known = groups
                .SelectMany(group => group)
                .All(option =>
                    option.BindingHits.Any(hit => hit.Counter == counter && !hit.Items && hit.Amount == option.Grant)
                );
            countsAll[counter] = known;
            return known;
        }
    }
}

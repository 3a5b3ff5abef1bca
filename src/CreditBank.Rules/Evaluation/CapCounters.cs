using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// The caps of the leading version with what counts towards each: one counter per cap and scope. Amounts are in
/// ten-thousandths, so that a search adds whole numbers only.
/// </summary>
internal sealed class CapCounters
{
    public const long One = 10_000;

    private readonly RuleSet rules;
    private readonly EvaluationRequest request;
    private readonly SituationFacts facts;
    private readonly List<Bound> caps = [];
    private readonly Dictionary<(Bound Cap, string? Scope), int> places = [];
    private readonly Dictionary<string, int> agreements = new(StringComparer.Ordinal);
    private readonly List<Counter> counters = [];

    public CapCounters(RuleSet rules, EvaluationRequest request, SituationFacts facts)
    {
        this.rules = rules;
        this.request = request;
        this.facts = facts;
        facts.Outcome = null;
        facts.Target = null;
        facts.Equivalence = null;
        facts.Line = null;
        foreach (var cap in rules.Caps)
        {
            if (cap.Applies.Holds(facts))
                caps.Add(cap);
        }

        foreach (var line in request.Granted)
            Earlier(line);
    }

    public IReadOnlyList<Counter> Counters => counters;

    /// <summary>What a candidate's whole grant adds to which counters.</summary>
    public IReadOnlyList<CapHit> HitsOf(Candidate candidate) => candidate.Hits ??= CountHits(candidate);

    private List<CapHit> CountHits(Candidate candidate)
    {
        var hits = new List<CapHit>(caps.Count);
        for (var part = 0; part < candidate.Shares.Length; part++)
        {
            var line = LineOf(candidate, part);
            foreach (var cap in caps)
            {
                if (!Counts(cap, line))
                    continue;
                var place = PlaceOf(cap, line);
                var amount =
                    cap.Items is null ? Scaled(candidate.Shares[part])
                    : part == 0 ? One
                    : 0;
                Add(hits, place, amount, cap.Items is not null);
            }
        }

        if (candidate.Sources[0].Bound.Agreement is { LimitCredits: not null } agreement)
            Add(hits, PlaceOf(agreement), Scaled(candidate.Grant), items: false);
        return hits;
    }

    public static CountedLine LineOf(Candidate candidate, int part)
    {
        var source = candidate.Sources[0].Facts;
        var target = candidate.Targets.Length > 0 ? candidate.Targets[part] : null;
        return new CountedLine
        {
            Kind = source.Kind,
            Category = target?.Category ?? candidate.Free?.Category,
            InstitutionId = source.InstitutionId,
            CourseCode = target?.Code,
            OutcomeId = source.OutcomeId,
            Subject = source.Subject,
            CertificateCode = source.Certificate?.Code,
            Level = candidate.Sources[0].Level,
            Compulsory = target?.Compulsory ?? false,
            Converted = true,
            CompletedOn = source.CompletedOn,
        };
    }

    public static long Scaled(Credits credits) => (long)(credits.Value * One);

    public static Credits Unscaled(long scaled) => new(scaled / (decimal)One);

    private static void Add(List<CapHit> hits, int place, long amount, bool items)
    {
        for (var i = 0; i < hits.Count; i++)
        {
            if (hits[i].Counter == place)
            {
                hits[i] = hits[i] with { Amount = hits[i].Amount + amount };
                return;
            }
        }

        hits.Add(new CapHit(place, amount, items));
    }

    private void Earlier(GrantedLine granted)
    {
        var line = CountedLine.Of(granted);
        foreach (var cap in caps)
        {
            if (Counts(cap, line))
                counters[PlaceOf(cap, line)].Used += cap.Items is null ? Scaled(granted.Credits) : One;
        }
    }

    private bool Counts(Bound cap, CountedLine line)
    {
        facts.Line = line;
        var counts = cap.Counts.Holds(facts);
        facts.Line = null;
        return counts;
    }

    private int PlaceOf(Bound cap, CountedLine line)
    {
        var scope = cap.Per switch
        {
            CapScope.Institution => line.InstitutionId ?? "",
            CapScope.Category => line.Category ?? "",
            CapScope.Kind => line.Kind ?? "",
            CapScope.Outcome => line.OutcomeId ?? "",
            CapScope.AcademicYear => line.CompletedOn is { } on ? rules.Calendar!.YearOf(on) : "",
            CapScope.Term => line.CompletedOn is { } on ? rules.Calendar!.TermOf(on) : "",
            _ => null,
        };
        if (places.TryGetValue((cap, scope), out var place))
            return place;
        places.Add((cap, scope), counters.Count);
        counters.Add(new Counter(cap, scope, LimitOf(cap, scope)));
        return counters.Count - 1;
    }

    /// <summary>What an agreement guarantees is counted like a cap of its own.</summary>
    private int PlaceOf(AgreementFacts agreement)
    {
        if (agreements.TryGetValue(agreement.AgreementId, out var place))
            return place;
        var cap = new Bound
        {
            Id = agreement.AgreementId,
            Title = new BilingualText("学习协议", "learning agreement"),
            Cites = [],
            Applies = Condition.Always,
            Counts = Condition.Always,
            Amount = agreement.LimitCredits!.Value.Value,
        };
        agreements.Add(agreement.AgreementId, counters.Count);
        counters.Add(new Counter(cap, null, Scaled(agreement.LimitCredits.Value)));
        return counters.Count - 1;
    }

    private long LimitOf(Bound cap, string? scope)
    {
        if (cap.Amount is { } amount)
            return (long)(amount * One);
        if (cap.Items is { } items)
            return items * One;
        var whole =
            cap.ShareOf is null && cap.Per != CapScope.Category
                ? request.Programme.TotalCredits.Value
                : CoursesOf(cap, scope);
        // A share is exact; only what lies below a ten-thousandth is cut, and no amount can reach into it.
        return (long)decimal.Floor(whole * cap.Share!.Value * One);
    }

    private decimal CoursesOf(Bound cap, string? scope)
    {
        var sum = 0m;
        foreach (var course in request.Programme.Courses)
        {
            if (cap.Per == CapScope.Category && (course.Category ?? "") != scope)
                continue;
            facts.Target = course;
            if (cap.ShareOf?.Holds(facts) ?? true)
                sum += course.Credits.Value;
        }

        facts.Target = null;
        return sum;
    }
}

/// <summary>A cap in one scope: the limit and what is used, in ten-thousandths of a credit or an item.</summary>
internal sealed class Counter(Bound cap, string? scope, long limit)
{
    public Bound Cap => cap;

    public string? Scope => scope;

    public long Limit => limit;

    public long Used { get; set; }

    public long Left => Math.Max(0, limit - Used);
}

/// <summary>What a candidate adds to a counter.</summary>
internal readonly record struct CapHit(int Counter, long Amount, bool Items);

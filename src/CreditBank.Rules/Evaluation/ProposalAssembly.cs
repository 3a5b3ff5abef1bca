using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>Turns what was chosen, and what nearly was, into lines, totals, caps and the trace.</summary>
internal sealed partial class ProposalAssembly(
    EvaluationRequest request,
    RuleSet lead,
    BoundOutcome[] bound,
    List<PreparedOutcome> prepared,
    List<Candidate> candidates,
    CapCounters caps,
    AllocationResult result
)
{
    private readonly HashSet<int> used = [];
    private readonly List<Candidate>?[] attemptsOf = BySource(candidates, bound.Length);
    private readonly List<ProposalLine> lines = [];
    private Credits grantedInAll;
    private Credits debited;
    private Credits forfeited;
    private Credits retained;

    public Proposal Make(bool optimal)
    {
        foreach (var (candidate, granted) in result.Chosen)
        {
            AddUse(candidate, granted);
            AddMatch(candidate, granted);
            foreach (var source in candidate.Sources)
                used.Add(source.Index);
        }

        for (var index = 0; index < bound.Length; index++)
        {
            if (!used.Contains(index))
                AddOther(index);
        }

        var ordered = InOrder();
        var totals = new ProposalTotals(debited, grantedInAll, forfeited, retained);
        var capUses = CapUses();
        var trace = ProposalTrace.Write(
            request,
            lead,
            bound,
            prepared,
            candidates,
            ordered,
            totals,
            capUses,
            optimal,
            result.Nodes
        );
        return new Proposal
        {
            RuleSet = lead.Reference,
            Optimal = optimal,
            Lines = ordered,
            Totals = totals,
            Caps = capUses,
            Trace = trace,
            TraceHash = CanonicalJson.Hash(trace),
        };
    }

    /// <summary>By result, then by the first outcome; an outcome stands in one line, so the order is total.</summary>
    private List<ProposalLine> InOrder()
    {
        lines.Sort(
            static (left, right) =>
                left.Result != right.Result
                    ? left.Result.CompareTo(right.Result)
                    : string.CompareOrdinal(left.OutcomeIds[0], right.OutcomeIds[0])
        );
        for (var place = 0; place < lines.Count; place++)
            lines[place] = lines[place] with { Line = place + 1 };
        return lines;
    }

    private static List<Candidate>?[] BySource(List<Candidate> candidates, int outcomes)
    {
        var bySource = new List<Candidate>?[outcomes];
        foreach (var candidate in candidates)
        {
            foreach (var source in candidate.Sources)
                (bySource[source.Index] ??= []).Add(candidate);
        }

        return bySource;
    }

    private void AddUse(Candidate candidate, Credits granted)
    {
        var cut = CapCounters.Scaled(candidate.Grant) - CapCounters.Scaled(granted);
        foreach (var hit in caps.HitsOf(candidate))
            caps.Counters[hit.Counter].Used += hit.Items ? hit.Amount : Math.Max(0, hit.Amount - cut);
    }

    private List<CapUse> CapUses() =>
        [
            .. caps
                .Counters.Where(counter => counter.Used > 0 || counter.Cap.Per == CapScope.All)
                .Select(counter => new CapUse(
                    counter.Cap.Id,
                    counter.Scope,
                    CapCounters.Unscaled(counter.Limit),
                    CapCounters.Unscaled(counter.Used),
                    CapCounters.Unscaled(counter.Left)
                ))
                .OrderBy(use => use.Clause, StringComparer.Ordinal)
                .ThenBy(use => use.Scope, StringComparer.Ordinal),
        ];

    private void AddMatch(Candidate candidate, Credits granted)
    {
        var payment = Payment.Of(candidate, granted);
        grantedInAll += granted;
        debited += payment.StandardUsed + payment.StandardForfeited;
        forfeited += payment.StandardForfeited;
        retained += payment.StandardRetained;
        var wasCut = granted < candidate.Grant;
        var cap = wasCut ? TightestCap(candidate) : null;
        var code =
            wasCut ? LineCodes.CutByCap
            : candidate.Accepted ? LineCodes.Accepted
            : LineCodes.Matched;
        var clauses = Cite(candidate, cap is null ? [] : [cap.Cap.Id], candidate.Clauses);
        lines.Add(
            Line(candidate, LineResult.Match, code, clauses) with
            {
                GrantedCredits = granted,
                WouldGrantCredits = granted,
                ForfeitedCredits = payment.ForfeitedIn(candidate.Sources),
                RetainedCredits = payment.RetainedIn(candidate.Sources),
                Explanation = Wording.Match(candidate, granted, payment, cap),
                Next = cap is null ? null : Wording.NextForCap(cap, candidate.Grant - granted),
                Debits = payment.Debits,
                Holds =
                [
                    .. payment.Debits.Select(debit => new OutcomeHold(
                        debit.OutcomeId,
                        debit.Unit,
                        debit.Converted + debit.Forfeited
                    )),
                ],
                Grants = GrantsOf(candidate, granted),
            }
        );
    }

    private static List<GrantedLine> GrantsOf(Candidate candidate, Credits granted)
    {
        var grants = new List<GrantedLine>(candidate.Shares.Length);
        var left = granted;
        for (var part = 0; part < candidate.Shares.Length; part++)
        {
            var share = Credits.Min(candidate.Shares[part], left);
            left -= share;
            if (share.IsZero && part > 0)
                continue;
            var counted = CapCounters.LineOf(candidate, part);
            grants.Add(
                new GrantedLine
                {
                    Kind = counted.Kind,
                    Category = counted.Category,
                    InstitutionId = counted.InstitutionId,
                    CourseCodes = counted.CourseCode is { } code ? [code] : [],
                    OutcomeIds = [.. candidate.Sources.Select(source => source.Facts.OutcomeId)],
                    Credits = share,
                    Level = counted.Level,
                    Compulsory = counted.Compulsory,
                    CompletedOn = counted.CompletedOn,
                    Score = candidate.Sources[0].Score,
                    CoversCourseCodes = candidate.Free?.Covers ?? [],
                }
            );
        }

        return grants;
    }
}

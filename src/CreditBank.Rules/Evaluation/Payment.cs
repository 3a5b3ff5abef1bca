using CreditBank.Kernel;

namespace CreditBank.Rules;

/// <summary>
/// What the sources of a line pay for its grant. Sources pay in the order of their ids; what the grant does not need is
/// forfeited or retained. In each source's own unit debited = converted + forfeited.
/// </summary>
internal sealed record Payment(
    IReadOnlyList<OutcomeDebit> Debits,
    IReadOnlyList<Credits> Retained,
    Credits StandardUsed,
    Credits StandardForfeited,
    Credits StandardRetained
)
{
    public static Payment Of(Candidate candidate, Credits granted)
    {
        var debits = new List<OutcomeDebit>(candidate.Sources.Length);
        var kept = new List<Credits>(candidate.Sources.Length);
        var (left, used, lost, retained) = (granted, Credits.Zero, Credits.Zero, Credits.Zero);
        foreach (var source in candidate.Sources)
        {
            var pays = Credits.Min(left, source.AvailableStandard);
            left -= pays;
            used += pays;
            var rest = source.AvailableStandard - pays;
            var converted = InSourceUnit(source, pays);
            var over = source.AvailableSource - converted;
            if (candidate.Retains)
                retained += rest;
            else
                lost += rest;
            debits.Add(
                new OutcomeDebit(
                    source.Facts.OutcomeId,
                    source.UnitId,
                    converted,
                    candidate.Retains ? Credits.Zero : over
                )
            );
            kept.Add(candidate.Retains ? over : Credits.Zero);
        }

        return new Payment(debits, kept, used, lost, retained);
    }

    public Credits ForfeitedIn(PreparedOutcome[] sources) =>
        SameUnit(sources) ? Debits.Sum(debit => debit.Forfeited) : StandardForfeited;

    public Credits RetainedIn(PreparedOutcome[] sources) => SameUnit(sources) ? Retained.Sum() : StandardRetained;

    private static bool SameUnit(PreparedOutcome[] sources) =>
        sources.All(source => source.UnitId == sources[0].UnitId);

    /// <summary>
    /// The share of what is free, at the worth that was recognised, which rounding may have made less than the unit's
    /// ratio. Rounded up to four decimals, because the learner's outcome must cover what it becomes.
    /// </summary>
    private static Credits InSourceUnit(PreparedOutcome source, Credits standard)
    {
        if (standard == source.AvailableStandard)
            return source.AvailableSource;
        var exact = standard.Value * source.AvailableSource.Value / source.AvailableStandard.Value;
        return Credits.Min(new Credits(decimal.Ceiling(exact * 10_000) / 10_000), source.AvailableSource);
    }
}

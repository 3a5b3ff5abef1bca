using CreditBank.Ledger.Events;

namespace CreditBank.Ledger.Journal;

/// <summary>
/// The entries of a merge. What leaves one account goes to the merge's own account of the chart, and what comes to the
/// other comes from there, so that each event is in balance by itself, also where the two lie in different books.
/// </summary>
internal static class Merging
{
    public static void Post(DoubleEntry.Posting posting, object @event)
    {
        switch (@event)
        {
            case OutcomeHandedOver handed:
                posting.On(handed.EffectiveOn);
                foreach (var (account, worth) in PartsOf(handed.Available, handed.Revoked, handed.Expired))
                {
                    posting.Move(worth, (account, handed.OutcomeId), (ChartAccount.Merged, handed.MergeId));
                }

                break;
            case OutcomeTakenOver taken:
                posting.On(taken.EffectiveOn);
                foreach (var (account, worth) in PartsOf(taken.Available, taken.Revoked, taken.Expired))
                {
                    posting.Move(worth, (ChartAccount.Merged, taken.MergeId), (account, taken.OutcomeId));
                }

                break;
            case ConversionHandedOver handed:
                posting.On(handed.EffectiveOn);
                foreach (var move in MovesOf(handed.TransferId, handed.InstitutionId, handed.ProgrammeId, handed.Lines))
                {
                    posting.Move(move.Measured, move.Unit, move.Amount, move.To, move.From(handed.MergeId));
                }

                break;
            case ConversionTakenOver taken:
                posting.On(taken.EffectiveOn);
                foreach (var move in MovesOf(taken.TransferId, taken.InstitutionId, taken.ProgrammeId, taken.Lines))
                {
                    posting.Move(move.Measured, move.Unit, move.Amount, move.From(taken.MergeId), move.To);
                }

                break;
        }
    }

    private static IEnumerable<(ChartAccount Account, Worth Worth)> PartsOf(
        Worth available,
        Worth revoked,
        Worth? expired
    )
    {
        yield return (ChartAccount.Available, available);
        yield return (ChartAccount.Revoked, revoked);
        if (expired is not null)
        {
            yield return (ChartAccount.Expired, expired);
        }
    }

    /// <summary>What lines of a conversion are made of, as if it came to the account now.</summary>
    private static IEnumerable<Moved> MovesOf(
        string transferId,
        string institutionId,
        string programmeId,
        IReadOnlyList<ConvertedLine> lines
    )
    {
        var exchange = (ChartAccount.Exchange, transferId);
        foreach (var line in lines)
        {
            foreach (var debit in line.Debits)
            {
                var lost = (ChartAccount.Forfeited, debit.OutcomeId);
                yield return Moved.Source(debit.Converted, exchange);
                yield return Moved.Standard(debit.Converted, exchange);
                yield return Moved.Source(debit.Forfeited, lost);
                yield return Moved.Standard(debit.Forfeited, lost);
            }

            foreach (var grant in line.Grants)
            {
                var programme = (ChartAccount.Granted, $"{institutionId}/{programmeId}");
                yield return new Moved(Measure.Source, grant.Unit, grant.Amount, programme, exchange);
            }
        }
    }

    /// <summary>An amount that comes from the merge's account, or from another of the learner's.</summary>
    private sealed record Moved(
        Measure Measured,
        string Unit,
        Kernel.Credits Amount,
        (ChartAccount, string) To,
        (ChartAccount, string)? Within
    )
    {
        public static Moved Source(Worth worth, (ChartAccount, string) to) =>
            new(Measure.Source, worth.Unit, worth.Amount, to, null);

        public static Moved Standard(Worth worth, (ChartAccount, string) to) =>
            new(Measure.Standard, DoubleEntry.StandardUnit, worth.Standard, to, null);

        public (ChartAccount, string) From(string mergeId) => Within ?? (ChartAccount.Merged, mergeId);
    }
}

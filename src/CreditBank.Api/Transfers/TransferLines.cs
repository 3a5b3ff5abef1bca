using CreditBank.Api.Accounts;
using CreditBank.Api.Evaluations;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;
using Worth = CreditBank.Ledger.Events.Worth;

namespace CreditBank.Api.Transfers;

/// <summary>
/// Turns the lines of a proposal into what events say, and keeps their numbers when they change. Pure.
/// </summary>
public static class TransferLines
{
    /// <summary>
    /// A line as the ledger remembers it: per outcome debited = converted + forfeited, in the source's unit and in
    /// standard credit alike.
    /// </summary>
    /// <param name="line">The proposal's line.</param>
    /// <param name="account">Where the outcomes are.</param>
    /// <param name="transferId">The transfer whose own holds count as free.</param>
    /// <param name="catalog">Knows the standard unit of the version that decided.</param>
    public static Decision<ProposedLine> Of(
        ProposalLine line,
        Account account,
        string transferId,
        RuleSetCatalog catalog
    )
    {
        var units = line.Holds.Select(hold => (hold.OutcomeId, hold.Unit));
        foreach (var (outcomeId, unit) in units.Concat(line.Debits.Select(debit => (debit.OutcomeId, debit.Unit))))
        {
            if (account.Outcomes[outcomeId].Available.Unit != unit)
            {
                return TransferRefusals.Unit(outcomeId);
            }
        }

        var records = line.OutcomeIds.Select(id => account.Outcomes[id].Record);
        return new ProposedLine(
            line.Line,
            LineResults.Of(line.Result),
            line.Code,
            line.RuleSetVersion,
            [.. line.Clauses.Select(citation => citation.Clause)],
            line.OutcomeIds,
            [.. records.Select(record => record.InstitutionId).Distinct().Order(StringComparer.Ordinal)],
            line.CourseCodes,
            [.. line.Holds.Select(hold => new HeldLine(hold.OutcomeId, PartOf(hold.OutcomeId, hold.Amount)))],
            [.. line.Debits.Select(DebitOf)],
            [.. line.Grants.Select(grant => GrantOf(grant, catalog.Find(line.RuleSetVersion)!.StandardUnit))]
        );

        Worth PartOf(string outcomeId, Credits amount) =>
            OutcomePosition.PartOf(LearnerFacts.FreeOf(account.Outcomes[outcomeId], transferId), amount);

        Debit DebitOf(OutcomeDebit debit) =>
            Split(debit.OutcomeId, PartOf(debit.OutcomeId, debit.Converted + debit.Forfeited), debit.Converted);
    }

    /// <summary>The lines of a proposal as the ledger remembers them, or why one cannot be.</summary>
    public static Decision<IReadOnlyList<ProposedLine>> Of(
        IEnumerable<ProposalLine> lines,
        Account account,
        string transferId,
        RuleSetCatalog catalog
    )
    {
        var proposed = new List<ProposedLine>();
        foreach (var line in lines)
        {
            if (!Of(line, account, transferId, catalog).Is(out var one, out var refusal))
            {
                return refusal;
            }

            proposed.Add(one);
        }

        return proposed;
    }

    /// <summary>A debit of a whole amount, of which a part is converted and the rest forfeited.</summary>
    public static Debit Split(string outcomeId, Worth total, Credits converted)
    {
        var part = OutcomePosition.PartOf(total, converted);
        return new Debit(outcomeId, part, total - part);
    }

    /// <summary>
    /// A newer proposal over some of the outcomes, put beside the lines that are not touched by it. A line keeps the
    /// number
    /// under which people know it.
    /// </summary>
    /// <param name="before">The newest proposal.</param>
    /// <param name="fresh">The newer one.</param>
    /// <param name="done">Lines that were approved in an earlier round; they stay as they are.</param>
    public static Proposal Merge(Proposal before, Proposal fresh, IReadOnlyList<int> done)
    {
        var free = before.Lines.Where(line => !done.Contains(line.Line)).ToList();
        var next = NextNumber(before);
        var numbers = new Dictionary<ProposalLine, int>(ReferenceEqualityComparer.Instance);
        foreach (var exact in (bool[])[true, false])
        {
            foreach (var line in fresh.Lines.Where(line => !numbers.ContainsKey(line)))
            {
                var known = free.FirstOrDefault(other =>
                    exact ? SameOutcomes(other.OutcomeIds, line.OutcomeIds) : Touches(other, line)
                );
                if (known is not null && free.Remove(known))
                {
                    numbers[line] = known.Line;
                }
            }
        }

        var renumbered = fresh
            .Lines.Select(line => line with { Line = numbers.TryGetValue(line, out var number) ? number : next++ })
            .ToList();
        var untouched = before.Lines.Where(line =>
            done.Contains(line.Line) || !fresh.Lines.Any(other => Touches(other, line))
        );
        return fresh with { Lines = [.. renumbered.Concat(untouched).OrderBy(line => line.Line)] };
    }

    /// <summary>
    /// The proposal of another round: what was approved before it, as it was, and fresh lines with numbers of their
    /// own.
    /// </summary>
    public static Proposal NextRound(Proposal before, Proposal fresh, IReadOnlyList<int> done)
    {
        var next = NextNumber(before);
        return fresh with
        {
            Lines =
            [
                .. before.Lines.Where(line => done.Contains(line.Line)),
                .. fresh.Lines.Select((line, place) => line with { Line = next + place }),
            ],
        };
    }

    private static int NextNumber(Proposal proposal) =>
        proposal.Lines.Count == 0 ? 1 : proposal.Lines.Max(line => line.Line) + 1;

    /// <summary>Whether two lines give the same for the same: outcomes, debits and grants.</summary>
    public static bool AreSame(ProposedLine left, ProposedLine right) =>
        SameOutcomes(left.OutcomeIds, right.OutcomeIds)
        && left.Debits.Select(Key).SequenceEqual(right.Debits.Select(Key))
        && left.Grants.Select(Key).SequenceEqual(right.Grants.Select(Key));

    /// <summary>Whether two lists name the same outcomes.</summary>
    public static bool SameOutcomes(IReadOnlyList<string> left, IReadOnlyList<string> right) =>
        left.Count == right.Count && left.All(right.Contains);

    private static (string, Credits, Credits) Key(Debit debit) =>
        (debit.OutcomeId, debit.Converted.Amount, debit.Forfeited.Amount);

    private static (string, Credits, string) Key(Grant grant) => (grant.CourseCode, grant.Amount, grant.Unit);

    private static bool Touches(ProposalLine left, ProposalLine right) =>
        left.OutcomeIds.Any(right.OutcomeIds.Contains);

    private static Grant GrantOf(GrantedLine line, string unit) =>
        new(line.CourseCodes.Count == 0 ? string.Empty : line.CourseCodes[0], line.Credits, unit)
        {
            Category = line.Category,
            Level = line.Level,
            Compulsory = line.Compulsory,
            Covers = line.CoversCourseCodes.Count == 0 ? null : line.CoversCourseCodes,
        };
}
